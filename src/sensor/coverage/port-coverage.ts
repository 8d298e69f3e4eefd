import { setImmediate as breathe } from 'node:timers/promises';
import { formatInstant } from '../../../events/index.js';
import type { SoldPort } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import type { Hearing } from './coverage-keeper.js';
import type { SensorHearing } from './hearing-watch.js';
import type { SelfTestOutcome } from './self-tests.js';

/** A sensor as the coverage of a port shows it; times in RFC 3339. Fields nobody knows are absent. */
export interface SensorView {
  readonly sensor: string;
  readonly state: Hearing['state'];
  /** Why it is silent, and the cure. */
  readonly reason?: string;
  readonly cure?: string;
  /** Capture time of the newest frame that the sensor heard, whatever port it came from. */
  readonly lastFrame?: string;
  /** Frames that the kernel dropped before we could read them; absent where nobody counts. */
  readonly kernelDrops?: number;
  /** ARP and ND frames that were judged, or counted as like one judged. */
  readonly frames: number;
  /** Of those, the ones that were only counted because the port had used up its second; absent where nobody counts. */
  readonly sampled?: number;
  /** Frames that were captured and never judged: the judge was too far behind, or ended; absent where nobody counts. */
  readonly lost?: number;
  readonly behindMs: number;
  /** True where a self-test can be sent. */
  readonly selfTestConfigured: boolean;
  /** The last one since the engine was started. */
  readonly lastSelfTest?: { readonly at: string; readonly passed: boolean; readonly judgedAfterMs?: number };
}

/**
 * `watched`: a frame that comes in would be judged. `silent`: a sensor is there and does not hear. `link-down`: nothing
 * can come in. `starting`: the sensor has not heard yet.
 */
export type PortState = 'not-watched' | 'silent' | 'starting' | 'link-down' | 'watched';

/** One sold port, and who listens at it. */
export interface PortCoverage {
  readonly port: string;
  readonly switch: string;
  readonly site: string;
  readonly state: PortState;
  /** Servers that billing says are on it, the first twenty. */
  readonly servers: readonly string[];
  readonly sensors: readonly SensorView[];
}

export interface CoverageTotals {
  readonly soldPorts: number;
  readonly watched: number;
  readonly notWatched: number;
  readonly silent: number;
  readonly starting: number;
  readonly linkDown: number;
}

export interface CoverageAnswer {
  readonly totals: CoverageTotals;
  /** What is not watched first, then what is silent, then the rest; each by port. */
  readonly ports: readonly PortCoverage[];
  /** Ports that fit the question and found no place in the list. */
  readonly left: number;
}

export interface CoverageQuestion {
  readonly switch?: string;
  readonly site?: string;
  readonly limit: number;
}

/** A sensor with all that is known of it. */
export interface KnownSensor {
  readonly source: CaptureSource;
  readonly said: SensorHearing;
  readonly hearing: Hearing;
  readonly selfTestConfigured: boolean;
  readonly lastSelfTest: SelfTestOutcome | undefined;
}

const worstFirst: readonly PortState[] = ['not-watched', 'silent', 'starting', 'link-down', 'watched'];
const mostServers = 20;
const slice = 2_000;

/** Asks of each sold port who listens at it. Takes the map in slices: other work goes on meanwhile. */
export async function coverageOf(
  sold: Iterable<SoldPort | undefined>,
  sensors: readonly KnownSensor[],
  siteOf: (switchName: string) => string,
  { switch: switchName, site, limit }: CoverageQuestion,
): Promise<CoverageAnswer> {
  const byPort = sensorsByPort(sensors);
  const counts: Record<PortState, number> = { 'not-watched': 0, silent: 0, starting: 0, 'link-down': 0, watched: 0 };
  const states = new Map<string, PortState>();
  const shown = new Map<string, { readonly state: PortState; readonly port: SoldPort; readonly servers: string[] }>();
  let looked = 0;
  for (const one of sold) {
    if (++looked % slice === 0) await breathe();
    if (one === undefined || (switchName !== undefined && one.switch !== switchName)) continue;
    if (site !== undefined && siteOf(one.switch) !== site) continue;
    const servers = shown.get(one.port)?.servers;
    if (servers !== undefined && servers.length < mostServers) servers.push(one.serverId);
    if (states.has(one.port)) continue;
    const state = stateOf(byPort.get(one.port) ?? []);
    states.set(one.port, state);
    // What is worse takes a place although the list is full: at the end the best go.
    if (counts[state]++ < limit) shown.set(one.port, { state, port: one, servers: [one.serverId] });
  }
  const all = [...shown.values()].sort(
    (a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || comparePorts(a.port.port, b.port.port),
  );
  const ports = all.slice(0, limit).map(({ state, port, servers }) => ({
    port: port.port,
    switch: port.switch,
    site: siteOf(port.switch),
    state,
    servers: servers.sort(),
    sensors: (byPort.get(port.port) ?? []).map(sensorView),
  }));
  const totals = {
    soldPorts: states.size,
    watched: counts.watched,
    notWatched: counts['not-watched'],
    silent: counts.silent,
    starting: counts.starting,
    linkDown: counts['link-down'],
  };
  return { totals, ports, left: states.size - ports.length };
}

function sensorsByPort(sensors: readonly KnownSensor[]): ReadonlyMap<string, KnownSensor[]> {
  const byPort = new Map<string, KnownSensor[]>();
  for (const one of sensors) {
    const { port } = one.source;
    if (port !== undefined) byPort.set(port, [...(byPort.get(port) ?? []), one]);
  }
  return byPort;
}

/** How well each port is watched that a sensor listens at, sold or not. */
export function statesOfPorts(sensors: readonly KnownSensor[]): ReadonlyMap<string, PortState> {
  return new Map([...sensorsByPort(sensors)].map(([port, there]) => [port, stateOf(there)]));
}

/** The best that any of its sensors does. */
function stateOf(sensors: readonly KnownSensor[]): PortState {
  const states = sensors.map(({ hearing }): PortState => {
    switch (hearing.state) {
      case 'hearing':
      case 'lagging':
        return 'watched';
      case 'stopped':
        return 'silent';
      case 'silent':
      case 'starting':
      case 'link-down':
        return hearing.state;
    }
  });
  return states.reduce<PortState>(
    (best, one) => (worstFirst.indexOf(one) > worstFirst.indexOf(best) ? one : best),
    'not-watched',
  );
}

export function sensorView({ said, hearing, selfTestConfigured, lastSelfTest }: KnownSensor): SensorView {
  const { lastFrameTime, counts, behindMs, frames, sampled, lost } = said;
  const { at, passed, judgedAfterMs } = lastSelfTest ?? {};
  return {
    sensor: said.name,
    state: hearing.state,
    ...(hearing.trouble !== undefined && { reason: hearing.trouble.reason, cure: hearing.trouble.cure }),
    ...(lastFrameTime !== undefined && { lastFrame: formatInstant(lastFrameTime) }),
    ...(counts !== undefined && { kernelDrops: counts.droppedByKernel }),
    frames,
    ...(sampled !== undefined && { sampled }),
    ...(lost !== undefined && { lost }),
    behindMs: Math.round(behindMs),
    selfTestConfigured,
    ...(at !== undefined &&
      passed !== undefined && {
        lastSelfTest: { at: formatInstant(at), passed, ...(judgedAfterMs !== undefined && { judgedAfterMs }) },
      }),
  };
}

/** Ethernet2 before Ethernet10. */
const comparePorts = new Intl.Collator('en', { numeric: true }).compare;
