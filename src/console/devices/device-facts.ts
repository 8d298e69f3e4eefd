/** How much of one thing a device holds and can take; `limit` and `free` only where the configuration says so. */
export interface Room {
  readonly limit?: number;
  readonly used: number;
  readonly pending: number;
  readonly free?: number;
  readonly level: string;
}

export interface Frozen {
  readonly reason: string;
  readonly by: string;
  readonly since: string;
  /** All devices are frozen, not this one by its name. */
  readonly every?: boolean;
}

/** A device in the list, as `GET /v1/devices` tells it. */
export interface DeviceRow {
  readonly device: string;
  readonly switch: string;
  readonly mode: string;
  readonly state: string;
  readonly entries: number;
  readonly routes: number;
  readonly planHash?: string;
  readonly error?: string;
  readonly brake?: { readonly code: string; readonly detail: string };
  readonly plan: { readonly add: number; readonly remove: number; readonly waitsFor: string };
  readonly drift: { readonly lines: number; readonly since?: string };
  readonly withheld: number;
  readonly orphans: number;
  readonly foreign: number;
  readonly frozen?: Frozen;
  readonly lastReconcile?: { readonly at: string; readonly outcome: string };
  readonly headroom?: { readonly neighbours: Room; readonly routes: Room };
}

/** Every device, and the freeze of all of them. */
export interface DeviceList {
  readonly devices: readonly DeviceRow[];
  readonly frozen?: Frozen;
}

/** Why a line is there: the event, its ordinal alone, or that no event did it. */
export type Because =
  | { readonly ordinal: number; readonly type?: string; readonly time?: string; readonly source?: string }
  | 'drift'
  | 'configuration';

export interface PlannedLine {
  readonly change: string;
  readonly line: string;
  readonly before?: string;
  readonly serverId?: string;
  readonly why: string;
  readonly because: Because;
  readonly driftSince?: string;
  readonly orphan?: { readonly previousOwner?: string; readonly confirmedAt?: string };
  readonly waits?: string;
}

export interface Preflight {
  readonly check: string;
  readonly interface?: string;
  readonly family?: string;
  readonly result: string;
  readonly found: string;
  readonly cure?: string;
}

export interface ForeignEntry {
  readonly address: string;
  readonly interface: string;
  readonly mac: string;
}

/** The plan of a device, as `GET /v1/devices/{}/plan` tells it. */
export interface DevicePlan {
  readonly planHash?: string;
  readonly lines: readonly PlannedLine[];
  readonly withheld: readonly { readonly serverId: string; readonly what: string; readonly reason: string }[];
  readonly quiet: readonly { readonly serverId: string; readonly route: string; readonly reason: string }[];
  readonly foreign: readonly ForeignEntry[];
  readonly preflight?: readonly Preflight[];
}

export interface GuardLine {
  readonly change: string;
  readonly line: string;
  readonly interface: string;
  readonly serverId?: string;
}

export interface Guard {
  readonly mode: string;
  readonly state: string;
  readonly brake?: { readonly code: string; readonly detail: string };
  readonly idle?: string;
  readonly error?: string;
  readonly planHash?: string;
  readonly plan: readonly GuardLine[];
}

export interface HistoryLine {
  readonly change: string;
  readonly line: string;
  readonly serverId?: string;
  readonly because: Because;
  readonly readBack: string;
}

export interface HistoryEntry {
  readonly kind: string;
  readonly at?: string;
  readonly by?: string;
  readonly text?: string;
  readonly planId?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly tookMs?: number;
  readonly outcome?: string;
  readonly error?: string;
  readonly count?: { readonly lines: number; readonly confirmed: number; readonly drift: number };
  readonly lines?: readonly HistoryLine[];
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly next?: number;
}

/** `2 to add, 1 to remove`; undefined where nothing is. */
export function planInWords({ add, remove }: { readonly add: number; readonly remove: number }): string | undefined {
  const parts = [add > 0 ? `${add} to add` : '', remove > 0 ? `${remove} to remove` : ''].filter((one) => one !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What a reconcile did, in one line. */
export function reconcileInWords({ count, tookMs, outcome }: HistoryEntry): string {
  const { lines = 0, confirmed = 0, drift = 0 } = count ?? {};
  if (outcome === undefined) return 'under way: not read back yet';
  const took = tookMs === undefined ? '' : ` in ${tookMs < 10_000 ? `${tookMs} ms` : `${Math.round(tookMs / 1000)} s`}`;
  const repaired = drift === 0 ? '' : `, ${drift} of them drift put right`;
  const what = lines === 1 ? '1 line' : `${lines} lines`;
  const back = confirmed === lines ? 'read back as wanted' : `${confirmed} of them read back as wanted`;
  return `${what} pushed, ${back}${took}${repaired}`;
}

/** The checks that did not pass first, by interface. */
export function preflightInOrder(checks: readonly Preflight[]): Preflight[] {
  const rank = ({ result }: Preflight): number => ['fail', 'unknown', 'pass'].indexOf(result);
  return checks.toSorted((a, b) => rank(a) - rank(b) || (a.interface ?? '').localeCompare(b.interface ?? ''));
}
