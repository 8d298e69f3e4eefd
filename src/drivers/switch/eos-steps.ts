import type { EosEntry, EosLook } from './eos-look.js';
import { eosLineOf, readEosLine } from './eos-lines.js';
import type { NeighbourChange, NeighbourEntry } from './switch.port.js';

/** A change, the lines that make it, and what a difference of configurations says of it. */
export interface EosStep {
  readonly change: NeighbourChange;
  readonly lines: readonly string[];
  /** As `effectOf` spells them. */
  readonly effects: readonly string[];
}

/**
 * The steps from what was seen to what is wanted; none for what is so already. An entry with another MAC is taken away
 * and set again within one session, which the switch commits as one.
 */
export function eosStepsFor(changes: readonly NeighbourChange[], before: EosLook): EosStep[] {
  const present = new Map<string, EosEntry[]>();
  for (const one of before.entries) present.set(placeOf(one), [...(present.get(placeOf(one)) ?? []), one]);
  return changes.flatMap((change): EosStep[] => {
    const { entry } = change;
    const there = present.get(placeOf(entry)) ?? [];
    const isSo = change.change === 'set' && there.length === 1 && there[0]?.mac === entry.mac;
    if (isSo || (change.change === 'remove' && there.length === 0)) return [];
    const vrf = before.interfaces.get(entry.interface)?.vrf;
    const removal = there.length > 0 ? eosLineOf({ change: 'remove', entry }, vrf) : undefined;
    const setting = change.change === 'set' ? eosLineOf(change, vrf) : undefined;
    const left = there.map((one) => `- ${eosLineOf({ change: 'set', entry: one }, vrf)}`);
    return [
      {
        change,
        lines: [removal, setting].filter((line) => line !== undefined),
        effects: [...left, ...(setting === undefined ? [] : [`+ ${setting}`])],
      },
    ];
  });
}

/** A line of a difference that none of the steps explains; undefined where they explain all. */
export function unexplainedBy(steps: readonly EosStep[], diff: readonly string[]): string | undefined {
  const expected = new Set(steps.flatMap(({ effects }) => effects.map(effectOf)));
  return diff.find((line) => !expected.has(effectOf(line)));
}

/** The first change that the switch does not show; an entry on an interface that is down need only be configured. */
export function missingFrom(look: EosLook, changes: readonly NeighbourChange[]): string | undefined {
  const wanted = new Map(changes.map((change) => [placeOf(change.entry), change]));
  const entries = new Map<string, EosEntry[]>();
  for (const one of look.entries) entries.set(placeOf(one), [...(entries.get(placeOf(one)) ?? []), one]);
  const leftOver = new Set(look.unexplained.map((one) => `${placeOf(one)} ${one.mac}`));
  for (const [place, { change, entry }] of wanted) {
    const [one, ...others] = entries.get(place) ?? [];
    const what = `${entry.address} on ${entry.interface}`;
    if (change === 'remove') {
      if (one !== undefined || leftOver.has(`${place} ${entry.mac}`)) return `${what} still there`;
    } else if (one?.mac !== entry.mac || others.length > 0) {
      return `${what} with ${[one, ...others].map((seen) => seen?.mac ?? 'no MAC').join(' and ')} instead of ${entry.mac}`;
    } else if (!one.effective && look.interfaces.get(entry.interface)?.carrier === true) {
      return `${what} configured, but the switch does not resolve by it`;
    }
  }
  return undefined;
}

export const placeOf = ({ interface: name, address }: Pick<NeighbourEntry, 'interface' | 'address'>): string =>
  `${name} ${address}`;

/** The sign and the entry of a line, whatever the spelling of addresses; other lines as they are. */
function effectOf(line: string): string {
  const text = line.slice(1).trim();
  const one = readEosLine(text);
  const said = one === undefined ? text : `${one.vrf ?? ''} ${one.address} ${one.interface ?? ''} ${one.mac}`;
  return `${line.slice(0, 1)} ${said}`;
}
