import type { PortId } from '../../../events/index.js';
import { type NetworkMap, soldPorts } from '../../../projections/index.js';
import { type SendingPlace, sendRawFrame } from '../../transports/raw-frame.js';
import type { SensorState } from '../sensor.service.js';
import { announcementOf } from './announcement.js';
import type { CoverageKeeper } from './coverage-keeper.js';
import {
  type CoverageAnswer,
  coverageOf,
  type CoverageQuestion,
  type KnownSensor,
  type PortState,
  sensorView,
  statesOfPorts,
  type SensorView,
} from './port-coverage.js';
import type { SelfTestOutcome, SelfTests } from './self-tests.js';

export interface CoverageSources {
  readonly sensors: () => readonly SensorState[];
  readonly map: () => NetworkMap;
  readonly keeper: CoverageKeeper;
  readonly selfTests: SelfTests;
  /** Where the self-test of a sensor is sent from, by sensor. */
  readonly sendingPlaces: ReadonlyMap<string, SendingPlace>;
  /** Site of each switch that the configuration names. */
  readonly sites: ReadonlyMap<string, string>;
}

/** Why no self-test was sent. */
export type SelfTestRefusal =
  | { readonly refused: 'no-sensor' }
  | { readonly refused: 'not-configured'; readonly sensors: readonly string[] }
  | { readonly refused: 'under-way' };

/** Who listens where, and whether it would hear. */
export class Coverage {
  constructor(private readonly sources: CoverageSources) {}

  ask(question: CoverageQuestion): Promise<CoverageAnswer> {
    const { map, sites } = this.sources;
    return coverageOf(soldPorts(map()), this.known(), (name) => sites.get(name) ?? 'default', question);
  }

  /** Every sensor, whether the port it listens at is sold or not. */
  sensors(): SensorView[] {
    return this.known().map(sensorView);
  }

  /** How well each port is watched that a sensor listens at, sold or not. */
  portStates(): ReadonlyMap<string, PortState> {
    return statesOfPorts(this.known());
  }

  /** Rejects with a RawFrameError or an IpError when the frame could not be sent. */
  async selfTest(port: PortId, waitMs: number): Promise<SelfTestOutcome | SelfTestRefusal> {
    const { selfTests, sendingPlaces, map } = this.sources;
    const there = this.known().filter(({ source }) => source.port === port);
    if (there.length === 0) return { refused: 'no-sensor' };
    const sensor = there.map(({ said }) => said.name).find((name) => sendingPlaces.has(name));
    const place = sensor === undefined ? undefined : sendingPlaces.get(sensor);
    if (sensor === undefined || place === undefined)
      return { refused: 'not-configured', sensors: there.map(({ said }) => said.name) };
    if (selfTests.isUnderWay(sensor)) return { refused: 'under-way' };
    const claim = selfTests.draw((address) => map().holderOfAddress(address) !== undefined);
    return selfTests.run({ sensor, port }, claim, () => sendRawFrame(place, announcementOf(claim)), waitMs);
  }

  private known(): KnownSensor[] {
    const { sensors, keeper, selfTests, sendingPlaces } = this.sources;
    return sensors().map((said) => ({
      source: said.source,
      said,
      hearing: keeper.hearingOf(said.name),
      selfTestConfigured: sendingPlaces.has(said.name),
      lastSelfTest: selfTests.lastOf(said.name),
    }));
  }
}
