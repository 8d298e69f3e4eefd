import type { DesiredState } from '../../projections/index.js';
import type { BgpState } from '../drivers/bgp/bgp.port.js';
import { type Headroom, headroomOf, type Limits, type Room, whoDoesNotFit } from './headroom.js';
import { type Holds, type HoldSource, noHolds } from './holds.js';
import { destinationOf, entryKey } from './lines.js';
import type { Actual } from './plan.js';

interface HeadroomAlerts {
  raise(code: string, key: string, detail: string): void;
  clear(code: string, key: string): void;
}

const codes = { high: 'capacity-high', critical: 'capacity-critical', full: 'capacity-full' } as const;

/** Holds back the servers that a device has no room for, tells when it gets short, and says how much is left. */
export class HeadroomHolds implements HoldSource {
  private latest: { readonly desired: DesiredState; readonly actual: Actual } | undefined;
  /** Routes as they were when the daemon answered last. */
  private bgp: BgpState | undefined;

  constructor(
    private readonly device: string,
    private readonly limits: Limits,
    private readonly alerts: HeadroomAlerts,
  ) {}

  /** As the device was read last; undefined before the first. */
  get headroom(): Headroom | undefined {
    return this.latest === undefined ? undefined : headroomOf(this.limits, this.latest.desired, this.latest.actual);
  }

  look(seen: Actual, desired: DesiredState): Promise<Holds> {
    const actual = this.saw(seen, desired);
    if (this.limits.neighbours === undefined && this.limits.routes === undefined) return Promise.resolve(noHolds);
    const { neighbours, routes } = headroomOf(this.limits, desired, actual);
    this.tell('neighbour entries', neighbours);
    this.tell('routes', routes);
    const refused = whoDoesNotFit(this.limits, desired, actual);
    return Promise.resolve(refused.size === 0 ? noHolds : holdsOn(refused, desired));
  }

  readBack(seen: Actual, desired: DesiredState): void {
    this.saw(seen, desired);
  }

  private saw(seen: Actual, desired: DesiredState): Actual {
    this.bgp = seen.bgp ?? this.bgp;
    const actual = { ...seen, bgp: this.bgp };
    this.latest = { desired, actual };
    return actual;
  }

  private tell(what: string, { level, limit, used, pending }: Room): void {
    const key = `${this.device} ${what}`;
    for (const [name, code] of Object.entries(codes)) if (name !== level) this.alerts.clear(code, key);
    if (level === 'ok' || level === 'unknown') return;
    const cure = level === 'full' ? 'what does not fit waits' : 'sell elsewhere, or make room';
    const detail = `${this.device} holds ${used} of at most ${limit ?? 0} ${what}, ${pending} more are sold; ${cure}. See portledger capacity.`;
    this.alerts.raise(codes[level], key, detail);
  }
}

function holdsOn(refused: ReadonlyMap<string, string>, desired: DesiredState): Holds {
  const entries = new Map<string, string>();
  const routes = new Map<string, string>();
  for (const entry of desired.neighbours) {
    const reason = refused.get(entry.serverId);
    if (reason !== undefined) entries.set(entryKey(entry), reason);
  }
  for (const route of desired.routes) {
    const reason = refused.get(route.serverId);
    if (reason !== undefined) routes.set(destinationOf(route), reason);
  }
  return { onEntry: (entry) => entries.get(entryKey(entry)), onRoute: (route) => routes.get(destinationOf(route)) };
}
