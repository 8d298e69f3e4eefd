import type { LiveMap } from '../../projector/live-map.js';
import type { DeviceRegistry } from '../device-registry.js';
import { type DeviceRow, deviceRowOf } from '../device-row.js';
import { type Attention, attentionTo, type Signs } from './attention.js';
import type { Difference } from './difference-names.js';
import { type Counts, type DifferencePage, Differences } from './differences.js';
import { EventRate } from './event-rate.js';
import { KeptAnswer } from './kept-answer.js';
import { ServerTally } from './server-tally.js';

/** How many sold ports somebody listens at. */
export interface CoverageCounts {
  readonly soldPorts: number;
  readonly watched: number;
  readonly notWatched: number;
  readonly silent: number;
}

/** What the rooms beside this one tell. Each answers from memory, but for the two that give a promise. */
export interface OverviewSources {
  readonly liveMap: LiveMap;
  readonly devices: DeviceRegistry;
  /** Ordinal of the last event stored; -1 for an empty log. */
  readonly head: () => Promise<number>;
  readonly coverage: () => Promise<CoverageCounts>;
  readonly signs: () => Omit<Signs, 'devices' | 'frozenStreams'>;
}

type OverviewDevice = Pick<DeviceRow, 'device' | 'switch' | 'mode' | 'state' | 'plan' | 'drift' | 'lastReconcile'> & {
  readonly isFrozen: boolean;
};

/** The engine on one page. Instants are RFC 3339; what is not known is absent. */
export interface Overview {
  readonly ordinal: number;
  readonly live: boolean;
  /** Events stored and not folded; absent where the log does not answer. */
  readonly lagEvents?: number;
  /** Of each of the last 60 minutes, the current one last; since the engine started. */
  readonly eventsPerMinute: readonly number[];
  /** Absent while the servers are counted for the first time: `counted` of `rows` are. */
  readonly counts?: Counts;
  readonly counting?: { readonly counted: number; readonly rows: number };
  readonly devices: readonly OverviewDevice[];
  /** Absent until it was worked out. */
  readonly coverage?: CoverageCounts;
  readonly attention: readonly Attention[];
}

/** How long somebody waits for what has to be worked out first, ms. */
const patienceMs = 1_000;

/** Counts what is sold, seen and pushed, and gathers what needs a human. Costs nothing until somebody asks. */
export class OverviewDesk {
  private readonly rate = new EventRate();
  private readonly tally: ServerTally;
  private readonly differences: Differences;
  private readonly coverage: KeptAnswer<CoverageCounts>;

  constructor(private readonly sources: OverviewSources) {
    const { liveMap, devices } = sources;
    liveMap.events$.subscribe((events) => this.rate.add(events.length));
    this.tally = new ServerTally(liveMap);
    this.differences = new Differences(this.tally, liveMap, devices);
    this.coverage = new KeptAnswer(sources.coverage);
  }

  async overview(): Promise<Overview> {
    const { liveMap, devices, head, signs } = this.sources;
    const [isCounted, coverage, stored] = await Promise.all([
      this.tally.caughtUp(patienceMs),
      liveMap.live ? this.coverage.current(patienceMs) : undefined,
      head().catch(() => undefined),
    ]);
    const all = devices.all();
    const frozenAll = all.length === 0 ? undefined : devices.everyDevice.frozen;
    const rows = all.map((device) => deviceRowOf(device, frozenAll));
    return {
      ordinal: liveMap.ordinal,
      live: liveMap.live,
      ...(stored !== undefined && { lagEvents: Math.max(0, stored - liveMap.ordinal) }),
      eventsPerMinute: this.rate.perMinute(),
      ...(isCounted
        ? { counts: this.differences.counts() }
        : { counting: { counted: this.tally.looked, rows: liveMap.map.assignments.size } }),
      devices: rows.map(({ device, switch: on, mode, state, plan, drift, frozen, lastReconcile }) => ({
        device,
        switch: on,
        mode,
        state,
        plan,
        drift,
        isFrozen: frozen !== undefined,
        ...(lastReconcile !== undefined && { lastReconcile }),
      })),
      ...(coverage !== undefined && { coverage }),
      attention: attentionTo({ ...signs(), devices: rows, frozenStreams: liveMap.frozenStreams() }),
    };
  }

  /** Undefined while the servers are counted for the first time. */
  async page(difference: Difference, cursor: number, limit: number): Promise<DifferencePage | undefined> {
    if (!(await this.tally.caughtUp(patienceMs))) return undefined;
    return this.differences.page(difference, cursor, limit);
  }
}
