import { type Currency, formatInstant, formatMoney } from '../../../../events/index.js';
import { type Invoice, isOpen, type NetworkMap } from '../../../../projections/index.js';
import type { Shown } from './money-report.js';

/** An address that is sold and about whose use nothing is known. */
interface Idle {
  readonly address: string;
  readonly serverId: string;
  readonly customerId?: string;
  readonly port?: string;
  /**
   * `never-seen`: other MACs were heard at its switch, its own never. `unwatched`: nothing was ever heard at that switch, so
   * that silence says nothing. `link-down`, `link-unknown`, `suspended`, `pending`, `conflicted`: it cannot be used as it is.
   */
  readonly why: 'never-seen' | 'unwatched' | 'link-down' | 'link-unknown' | 'suspended' | 'pending' | 'conflicted';
  readonly monthlyPriceMinor?: number;
  readonly currency?: Currency;
}

/** An IPv4 address that was heard and that nobody pays for. */
interface Unpaid {
  readonly address: string;
  readonly violationId: string;
  readonly rule: string;
  readonly port?: string;
  readonly offenderServerId?: string;
  readonly offenderCustomerId?: string;
  readonly lastSeen: string;
  readonly frames: number;
}

export interface IdleReport {
  readonly logId: string;
  readonly ordinal: number;
  /** By address. */
  readonly idle: readonly Idle[];
  readonly unpaid: readonly Unpaid[];
}

/** What is paid for and not used, and used and not paid for, as a map has it. @param invoice of the month in which the map stands: what each costs */
export function idleReport(
  log: { readonly logId: string; readonly ordinal: number },
  map: NetworkMap,
  invoice: Invoice,
): IdleReport {
  const prices = new Map(invoice.lines.map((line) => [`${line.serverId} ${line.address}`, line]));
  const watched = new Set([...map.seenMacs.values()].map(({ port }) => port.slice(0, port.indexOf(':'))));
  const idle: Idle[] = [];
  for (const binding of map.bindings()) {
    if (!binding.sold || binding.addresses.length === 0) continue;
    const why = whyIdle(map, binding, watched);
    if (why === undefined) continue;
    const { serverId, customerId, port } = binding;
    for (const { address } of binding.addresses) {
      const price = prices.get(`${serverId} ${address}`);
      idle.push({
        ...{ address, serverId, why },
        ...(customerId === undefined ? {} : { customerId }),
        ...(port === undefined ? {} : { port }),
        ...(price === undefined ? {} : { monthlyPriceMinor: price.monthlyPriceMinor, currency: price.currency }),
      });
    }
  }
  return { ...log, idle: idle.sort((a, b) => (a.address < b.address ? -1 : 1)), unpaid: unpaidOf(map) };
}

type Bound = ReturnType<NetworkMap['bindingsOnPort']>[number];

function whyIdle(
  map: NetworkMap,
  { state, port, vlan, mac, otherMacs, link }: Bound,
  watched: ReadonlySet<string>,
): Idle['why'] | undefined {
  const sightings = port === undefined ? [] : (map.seenMacs.get(port)?.sightings ?? []);
  const own = new Set<string>([...(mac === undefined ? [] : [mac]), ...otherMacs]);
  if (state === 'suspended' || state === 'pending' || state === 'conflicted') return state;
  if (sightings.some((one) => one.vlan === vlan && own.has(one.mac))) return undefined;
  if (link !== 'up') return link === 'down' ? 'link-down' : 'link-unknown';
  return watched.has(port?.slice(0, port.indexOf(':')) ?? '') ? 'never-seen' : 'unwatched';
}

const rulesOfUse: ReadonlySet<string> = new Set(['unpaid-ipv4-in-use', 'unassigned-address']);

function unpaidOf(map: NetworkMap): Unpaid[] {
  const found: Unpaid[] = [];
  for (const row of map.violations.values()) {
    const { claimedAddress: address, violationId, rule, port, offenderServerId, offenderCustomerId } = row;
    if (!isOpen(row.state) || !rulesOfUse.has(rule) || address === undefined || address.includes(':')) continue;
    found.push({
      ...{ address, violationId, rule, lastSeen: formatInstant(row.lastSeen), frames: row.count },
      ...(port === undefined ? {} : { port }),
      ...(offenderServerId === undefined ? {} : { offenderServerId }),
      ...(offenderCustomerId === undefined ? {} : { offenderCustomerId }),
    });
  }
  return found.sort((a, b) =>
    a.address === b.address ? (a.violationId < b.violationId ? -1 : 1) : a.address < b.address ? -1 : 1,
  );
}

export function showIdle({ logId, ordinal, idle, unpaid }: IdleReport): Shown {
  return {
    title: 'idle addresses',
    says: `As far as the log knows, up to event #${ordinal} of log ${logId}. Times in UTC.`,
    keys: [
      [String(idle.filter(({ why }) => why === 'never-seen').length), 'paid, never seen'],
      [String(idle.length), 'paid, no sign of use'],
      [String(unpaid.length), 'used, not paid'],
    ],
    plots: [],
    parts: [
      {
        title: 'Paid and never seen',
        says:
          idle.length === 0
            ? 'None.'
            : 'Unwatched: no MAC was ever heard at that switch, so that silence says nothing.',
        columns: ['Address', 'Customer', 'Server', 'Port', 'Why', 'A month'],
        rows: idle.map((one) => [
          ...[one.address, one.customerId ?? '', one.serverId, one.port ?? '', one.why],
          one.currency === undefined ? '' : formatMoney(BigInt(one.monthlyPriceMinor ?? 0), one.currency),
        ]),
      },
      {
        title: 'Used and not paid',
        says: unpaid.length === 0 ? 'None.' : 'Open violations of an IPv4 address that nobody was sold.',
        columns: ['Address', 'Rule', 'Port', 'Server', 'Customer', 'Last heard', 'Frames', 'Violation'],
        rows: unpaid.map((one) => [
          ...[one.address, one.rule, one.port ?? '', one.offenderServerId ?? '', one.offenderCustomerId ?? ''],
          ...[one.lastSeen.slice(0, 19).replace('T', ' '), String(one.frames), one.violationId],
        ]),
      },
    ],
    csv: [
      ['list', 'address', 'serverId', 'customerId', 'port', 'why', 'currency', 'monthlyPriceMinor', 'violationId'],
      ...idle.map((one) => [
        ...['paid', one.address, one.serverId, one.customerId ?? '', one.port ?? '', one.why],
        ...[one.currency ?? '', one.monthlyPriceMinor === undefined ? '' : String(one.monthlyPriceMinor), ''],
      ]),
      ...unpaid.map((one) => [
        ...['used', one.address, one.offenderServerId ?? '', one.offenderCustomerId ?? '', one.port ?? '', one.rule],
        ...['', '', one.violationId],
      ]),
    ],
  };
}
