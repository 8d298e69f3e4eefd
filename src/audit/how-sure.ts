import { formatInstant, parseInstant } from '../../events/index.js';
import type { Interval } from './who-had.js';

/** A MAC that a sensor heard; `time` in ms since 1970. */
export interface Heard {
  readonly time: number;
  readonly port: string;
  readonly vlan: number;
  readonly mac: string;
}

/** What reading a device back showed of one line of a server, by its journal. */
export interface ReadBack {
  readonly time: number;
  readonly device: string;
  readonly serverId: string;
  readonly kind: 'neighbour' | 'route';
  /** Tells the line apart from the others of its device and kind. */
  readonly key: string;
  /** Of a neighbour entry, where the line says it. */
  readonly mac?: string;
  readonly isThere: boolean;
  /** It was written again, because the device had lost it: since when is not known. */
  readonly wasLost?: true;
}

/** Everything that was heard and read back, in the order of the log. */
export interface Traces {
  readonly heard: readonly Heard[];
  readonly lines: readonly ReadBack[];
  /** Of each device: when it was read back last, ms since 1970. */
  readonly lastReconcile: ReadonlyMap<string, number>;
}

/** A stretch in which read-back showed it there, up to the last reading where no `until` ends it. */
export interface Stretch {
  readonly since: string;
  readonly until?: string;
  /** It was found gone at `until` and written again: it may have been gone for a while. */
  readonly lost?: true;
}

/** When a server had its neighbour entries, and its routes, on a device. */
export interface OnDevice {
  readonly device: string;
  readonly neighbour: readonly Stretch[];
  readonly route: readonly Stretch[];
}

export interface Pushed extends OnDevice {
  /** When the device was read back last: nothing is known of it since. */
  readonly lastReconcile: string;
}

/** How sure it is that a server had something: it was sold; it was heard; it was really on a device. */
export interface HowSure {
  readonly sold: true;
  /** The first and the last time inside the interval that its MAC appeared at its port and VLAN. */
  readonly seen?: { readonly first: string; readonly last: string };
  readonly pushed: readonly Pushed[];
  /** Where nothing was pushed: `never` says that devices were read meanwhile, `unknown` that none was. */
  readonly notPushed?: 'never' | 'unknown';
  /** With `unknown`: when a device was read back last before; absent where none ever was. */
  readonly silentSince?: string;
}

/** Pure: what was heard and read back, held against one interval. */
export function howSure(interval: Interval, { heard, lines, lastReconcile }: Traces): HowSure {
  const from = parseInstant(interval.from) ?? 0;
  const to = interval.to === undefined ? Number.POSITIVE_INFINITY : (parseInstant(interval.to) ?? 0);
  const { port, vlan, mac } = interval;
  const times = heard
    .filter((one) => one.port === port && one.vlan === vlan && one.mac === mac && one.time >= from && one.time < to)
    .map((one) => one.time);
  const seen =
    times.length === 0
      ? {}
      : { seen: { first: formatInstant(Math.min(...times)), last: formatInstant(Math.max(...times)) } };
  const pushed = onDevices(interval, lines).map((one) => ({
    ...one,
    lastReconcile: formatInstant(lastReconcile.get(one.device) ?? 0),
  }));
  if (pushed.length > 0) return { sold: true, ...seen, pushed };
  const last = Math.max(...lastReconcile.values());
  if (last >= from) return { sold: true, ...seen, pushed, notPushed: 'never' };
  const silent = Number.isFinite(last) ? { silentSince: formatInstant(last) } : {};
  return { sold: true, ...seen, pushed, notPushed: 'unknown', ...silent };
}

/** Pure: when the server of an interval was really on devices, as far as that touches the interval. */
export function onDevices({ from, to, serverId, mac }: Interval, lines: readonly ReadBack[]): OnDevice[] {
  const start = parseInstant(from) ?? 0;
  const end = to === undefined ? Number.POSITIVE_INFINITY : (parseInstant(to) ?? 0);
  const own = lines.filter((one) => one.serverId === serverId);
  return [...new Set(own.map((one) => one.device))].sort().flatMap((device): OnDevice[] => {
    const stretches = (kind: ReadBack['kind']): Stretch[] =>
      stretchesOf(
        own.filter((one) => one.device === device && one.kind === kind),
        mac,
      )
        .filter(({ since, until = Number.POSITIVE_INFINITY }) => since < end && until > start)
        .map(({ since, until, lost }) => ({
          since: formatInstant(since),
          ...(until === undefined ? {} : { until: formatInstant(until) }),
          ...(lost === undefined ? {} : { lost }),
        }));
    const [neighbour, route] = [stretches('neighbour'), stretches('route')];
    return neighbour.length + route.length === 0 ? [] : [{ device, neighbour, route }];
  });
}

interface Span {
  readonly since: number;
  readonly until?: number;
  readonly lost?: true;
}

/** When at least one of the lines was there. An entry with another MAC takes the place of the one that is asked about. */
function stretchesOf(lines: readonly ReadBack[], mac: string | undefined): Span[] {
  const there = new Set<string>();
  const spans: Span[] = [];
  let since: number | undefined;
  for (const { key, isThere, time, mac: written, wasLost } of lines) {
    if (wasLost === true && since !== undefined) {
      spans.push({ since, until: time, lost: true });
      since = undefined;
    }
    if (isThere && (written === undefined || written === mac)) there.add(key);
    else there.delete(key);
    if (there.size > 0) since ??= time;
    else if (since !== undefined) {
      spans.push({ since, until: time });
      since = undefined;
    }
  }
  return since === undefined ? spans : [...spans, { since }];
}
