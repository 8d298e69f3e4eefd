import type { PlacedEntry, SwitchLook } from './configured-entries.js';
import type { NeighbourChange, NeighbourEntry } from './switch.port.js';

/** A change that did not go in, and why. */
export interface LostChange {
  readonly change: NeighbourChange;
  readonly why: string;
}

/** A push that was taken back because the switch does not show what it was told. */
export class NotTaken extends Error {}

/** The changes that the switch does not show; an entry on an interface that is down need only be configured. */
export function missingFrom(look: SwitchLook, changes: readonly NeighbourChange[]): LostChange[] {
  const entries = new Map<string, PlacedEntry[]>();
  for (const one of look.entries) entries.set(placeOf(one), [...(entries.get(placeOf(one)) ?? []), one]);
  const leftOver = new Set(look.unexplained.map((one) => `${placeOf(one)} ${one.mac}`));
  const whyMissing = ({ change, entry }: NeighbourChange): string | undefined => {
    const place = placeOf(entry);
    const [one, ...others] = entries.get(place) ?? [];
    if (change === 'remove')
      return one !== undefined || leftOver.has(`${place} ${entry.mac}`) ? 'still there' : undefined;
    if (one?.mac !== entry.mac || others.length > 0)
      return `with ${[one, ...others].map((seen) => seen?.mac ?? 'no MAC').join(' and ')} instead of ${entry.mac}`;
    if (one.effective || look.interfaces.get(entry.interface)?.carrier !== true) return undefined;
    return 'configured, but the switch does not resolve by it; does a network or a host route lead there?';
  };
  return changes.flatMap((change): LostChange[] => {
    const why = whyMissing(change);
    const { address, interface: name } = change.entry;
    return why === undefined ? [] : [{ change, why: `reading back shows ${address} on ${name} ${why}` }];
  });
}

export const placeOf = ({ interface: name, address }: Pick<NeighbourEntry, 'interface' | 'address'>): string =>
  `${name} ${address}`;

/**
 * Of several changes in one place the last one. What only goes comes first: an IPv4 line names no interface, and what is
 * removed from one may be set on another.
 */
export function netChanges(changes: readonly NeighbourChange[]): NeighbourChange[] {
  const rank = ({ change }: NeighbourChange): number => (change === 'remove' ? 0 : 1);
  const last = new Map(changes.map((change) => [placeOf(change.entry), change]));
  return [...last.values()].sort((one, other) => rank(one) - rank(other));
}
