import { desiredRa, type GatewayView, type Withheld } from '../../projections/index.js';
import type { RaDriver, RaState } from '../drivers/ra/ra.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { DeviceMode } from './device-status.js';
import { firstOf } from './first-of.js';
import type { ReactorAlerts } from './gateway.reactor.js';
import { explained, type PartBrakes, type PartHands, type PartKnowledge, type PartSight } from './part-hands.js';
import { raFirstPlanBrake, raIdentityBrake, raRemovalBrake, wordsToEndRa } from './ra-brakes.js';
import { advertisable, fileLine, heldRaLines, planRa, type RaLine, type RaPlan, type WantedRa } from './ra-plan.js';
import { advertisedInterfaces, type RaStatus, startingRa } from './ra-status.js';
import type { ServedDevice } from './served-device.js';

export interface RaHandsOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  readonly view: GatewayView;
  readonly ra: RaDriver;
  readonly served: () => Promise<ServedDevice>;
  readonly liveMap: LiveMap;
  readonly alerts: ReactorAlerts;
}

/** What one look at the daemon saw, and what is to be done about it. */
export interface RaSight extends PartSight<RaPlan> {
  readonly state: RaState;
  readonly under: DeviceStamp | undefined;
  readonly wanted: WantedRa;
  readonly withheld: readonly Withheld[];
  /** Whether reading back has proved before that the file is ours. */
  readonly wasOurs: boolean;
}

/** The file goes to the daemon as a whole: what was not done of it waits as a whole. */
const fileKey = 'ra file';

/** The router advertisements of one device, in the hands of the reactor of a part. */
export class RaHands implements PartHands<RaLine, RaPlan, RaSight, RaStatus> {
  readonly part = 'ra';
  readonly called = 'the router advertisement daemon';
  readonly hintFreesLines = false;
  readonly starting: RaStatus;

  constructor(private readonly options: RaHandsOptions) {
    this.starting = startingRa(options.device, options.mode);
  }

  async look(known: PartKnowledge): Promise<RaSight> {
    const { ra, liveMap, view, served } = this.options;
    const [state, under] = await Promise.all([ra.read(), served()]);
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredRa(liveMap.map, view);
    const ours = desired.advertised.filter((one) => ra.interfaces.includes(one.interface));
    const wanted = advertisable(ours, under.interfaces);
    const found = planRa(wanted, state);
    const plan = { ...found, lines: found.lines.map((line) => this.explained(line, known)) };
    const wasOurs = known.confirmed.has(fileLine);
    return {
      state,
      under: under.stamp,
      log,
      wanted,
      withheld: [...desired.withheld, ...wanted.withheld],
      plan,
      wasOurs,
    };
  }

  brakes({ plan, log, state, under, wasOurs }: RaSight): PartBrakes {
    return {
      identity: raIdentityBrake(log, state, under, wasOurs),
      firstPlan: raFirstPlanBrake(plan, state, wasOurs),
      tooMuch: raRemovalBrake(plan, state),
      words: wordsToEndRa(this.options.device, plan),
    };
  }

  /** The file can be put right also while nobody runs to read it; that somebody reads it cannot. */
  doable({ plan, state }: RaSight, known: PartKnowledge, approved: boolean): RaPlan {
    if (!approved && known.isWaiting(fileKey)) return { ...plan, lines: [] };
    return { ...plan, lines: plan.lines.filter(({ why }) => why !== 'daemon' || state.daemon !== 'stopped') };
  }

  push({ wanted: { advertised, up }, log }: RaSight): Promise<void> {
    return this.options.ra.apply({ advertised, up }, log);
  }

  held({ state }: RaSight): ReadonlySet<string> {
    return heldRaLines(state);
  }

  keyOf(): string {
    return fileKey;
  }

  shown({ state, wanted, withheld }: RaSight): Partial<RaStatus> {
    this.tellIncomplete(withheld, state);
    return { daemon: state.daemon, advertised: advertisedInterfaces(state, wanted), withheld };
  }

  private explained(line: RaLine, known: PartKnowledge): RaLine {
    const serverId = line.serverId ?? known.confirmed.get(line.line)?.serverId;
    return explained(line, { serverId, takesAway: line.change === 'remove' }, known, this.options.liveMap.map);
  }

  /** What was sold and is not advertised. */
  private tellIncomplete(withheld: readonly Withheld[], { daemon }: RaState): void {
    const { alerts, device } = this.options;
    const told = firstOf([
      ...(daemon === 'stopped'
        ? ['radvd is not running, and nothing is advertised; start it: systemctl start radvd']
        : []),
      ...withheld.map(({ serverId, what, reason }) => `${serverId}: ${what}: ${reason}`),
    ]);
    if (told === undefined) alerts.clear('ra-incomplete', device);
    else alerts.raise('ra-incomplete', device, told);
  }
}
