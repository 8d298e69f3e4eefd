import type { PlacedEntry } from './configured-entries.js';
import type { EosLook } from './eos-look.js';
import { eosLineOf, readEosLine } from './eos-lines.js';
import { netChanges, placeOf } from './read-back.js';
import type { NeighbourChange } from './switch.port.js';

/** A change, the lines that make it, and what a difference of configurations says of it. */
export interface EosStep {
  readonly change: NeighbourChange;
  readonly lines: readonly string[];
  /** As `effectOf` spells them. */
  readonly effects: readonly string[];
}

/**
 * The steps from what was seen to what is wanted; none for what is so already, and of several changes in one place the
 * last counts, for a session is committed as one. An entry with another MAC is taken away and set again. What only goes
 * comes first: an IPv4 line names no interface, and what was removed from one may be set on another.
 */
export function eosStepsFor(changes: readonly NeighbourChange[], before: EosLook): EosStep[] {
  const present = new Map<string, PlacedEntry[]>();
  for (const one of before.entries) present.set(placeOf(one), [...(present.get(placeOf(one)) ?? []), one]);
  return netChanges(changes).flatMap((change): EosStep[] => {
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

/** The sign and the entry of a line, whatever the spelling of addresses; other lines as they are. */
function effectOf(line: string): string {
  const text = line.slice(1).trim();
  const one = readEosLine(text);
  const said = one === undefined ? text : `${one.vrf ?? ''} ${one.address} ${one.interface ?? ''} ${one.mac}`;
  return `${line.slice(0, 1)} ${said}`;
}
