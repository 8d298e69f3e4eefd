import type { Ipv4Address } from '../../events/index.js';
import { isLater } from '../register.js';
import type { SalePeriod } from './sale-periods.js';

/** A stretch in which an add-on is paid for, or in which it is sold and not, and why. */
export interface Part extends SalePeriod {
  readonly unpaid: 'pending' | 'waiting' | undefined;
}

/**
 * No moment of an address is paid for twice: of several add-ons that were sold it at once, the one that has had it longest is, and
 * the others wait. An add-on without an address is pending, and not paid for.
 */
export function billedParts(periods: readonly SalePeriod[]): Part[] {
  const byAddress = new Map<Ipv4Address, SalePeriod[]>();
  const parts: Part[] = [];
  for (const period of periods) {
    if (period.address === undefined) parts.push({ ...period, unpaid: 'pending' });
    else {
      const claimants = byAddress.get(period.address);
      if (claimants === undefined) byAddress.set(period.address, [period]);
      else claimants.push(period);
    }
  }
  for (const claimants of byAddress.values()) parts.push(...inLine(claimants));
  return parts;
}

function inLine(claimants: readonly SalePeriod[]): Part[] {
  if (claimants.length === 1) return claimants.map((one) => ({ ...one, unpaid: undefined }));
  return claimants.flatMap((period) => {
    const isBefore = (one: SalePeriod): boolean =>
      standsBefore(one, period) && one.from < period.to && one.to > period.from;
    return cutAround(period, claimants.filter(isBefore));
  });
}

/** One fact can begin several add-ons of its server at once; then their names decide. */
function standsBefore(one: SalePeriod, other: SalePeriod): boolean {
  if (one.since.ordinal === other.since.ordinal) return one.addOnId < other.addOnId;
  return isLater(other.since, one.since);
}

/** The stretch of a claimant, cut where those before it in line have the address. */
function cutAround(period: SalePeriod, before: readonly SalePeriod[]): Part[] {
  const edges = [...new Set([period.from, period.to, ...before.flatMap(({ from, to }) => [from, to])])]
    .filter((edge) => edge >= period.from && edge <= period.to)
    .sort((a, b) => a - b);
  const parts: Part[] = [];
  edges.slice(0, -1).forEach((from, at) => {
    const to = edges[at + 1] ?? period.to;
    const isWaiting = before.some((one) => one.from <= from && one.to >= to);
    const last = parts.at(-1);
    if (last !== undefined && (last.unpaid === 'waiting') === isWaiting) {
      parts[parts.length - 1] = { ...last, to };
      return;
    }
    const freed = before.find((one) => one.to === from)?.ended?.event;
    const turn = { why: 'address-freed', ...(freed === undefined ? {} : { event: freed }) } as const;
    if (last !== undefined) parts[parts.length - 1] = { ...last, ended: turn };
    const began = last === undefined ? period.began : turn;
    parts.push({ ...period, from, to, began, unpaid: isWaiting ? 'waiting' : undefined });
  });
  return parts;
}
