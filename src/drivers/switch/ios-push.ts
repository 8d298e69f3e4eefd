import type { PlacedEntry, SwitchLook } from './configured-entries.js';
import { complaintOf, type IosCli } from './ios-cli.js';
import { iosLineOf } from './ios-lines.js';
import { iosRevertOf } from './ios-tables.js';
import { pushInRounds } from './push-rounds.js';
import { type LostChange, missingFrom, netChanges, NotTaken, placeOf } from './read-back.js';
import type { NeighbourChange } from './switch.port.js';

/** A change, and the lines that make it. */
export interface IosStep {
  readonly change: NeighbourChange;
  readonly lines: readonly string[];
}

export interface IosPushOptions<Look extends SwitchLook> {
  readonly look: () => Promise<Look>;
  /** One conversation. */
  readonly with: <Result>(work: (cli: IosCli) => Promise<Result>) => Promise<Result>;
  /** After so many minutes the switch goes back to the configuration before. */
  readonly revertMinutes: number;
  readonly readBackTries: number;
  readonly readBackPauseMs: number;
}

/** The switch lets nobody configure it now; the message is its own words. */
export class ConfigurationHeld extends Error {}

const showRevert = 'show archive config rollback timer';
const mostRefused = 20;

/** The steps from what was seen to what is wanted; what is there is taken away by its whole line. None for what is so already. */
export function iosStepsFor(changes: readonly NeighbourChange[], before: SwitchLook): IosStep[] {
  const present = new Map<string, PlacedEntry[]>();
  for (const one of before.entries) present.set(placeOf(one), [...(present.get(placeOf(one)) ?? []), one]);
  return netChanges(changes).flatMap((change): IosStep[] => {
    const there = present.get(placeOf(change.entry)) ?? [];
    const isSo = change.change === 'set' && there.length === 1 && there[0]?.mac === change.entry.mac;
    if (isSo || (change.change === 'remove' && there.length === 0)) return [];
    const vrf = before.interfaces.get(change.entry.interface)?.vrf;
    const removals = there.map((entry) => iosLineOf({ change: 'remove', entry }, vrf));
    const setting = change.change === 'set' ? [iosLineOf(change, vrf)] : [];
    return [{ change, lines: [...removals, ...setting].filter((line) => line !== undefined) }];
  });
}

/**
 * Sends the steps while the switch's own revert timer runs, reads back what the switch works by, and only then confirms.
 * Whatever goes wrong before that is taken back: at once where the switch can still be told, else when the timer ends.
 * A change that the switch refuses, or does not work by, is left out whole and the others are sent again without it.
 */
export async function pushIos<Look extends SwitchLook>(
  steps: readonly IosStep[],
  options: IosPushOptions<Look>,
): Promise<{ readonly lost: readonly LostChange[]; readonly after: Look }> {
  return pushInRounds(steps, {
    attempt: async (left) => (await refusedOf(left, options)) ?? (await notShownOf(left, options)),
    takeBack: () => options.with(revert),
    look: options.look,
  });
}

/** Goes back to the configuration before the revert timer was started. */
export async function revert(cli: IosCli): Promise<void> {
  await cli.ask('configure revert now');
  if ((await revertingUser(cli)) !== undefined)
    throw new NotTaken('the switch still shows a revert timer after "configure revert now"');
}

/** Who started the revert timer that runs. */
export async function revertingUser(cli: IosCli): Promise<string | undefined> {
  const said = await cli.ask(showRevert);
  if (/^\s*%\s?No Rollback Confirmed Change/im.test(said)) return undefined;
  return iosRevertOf(await cli.accepted(showRevert, said));
}

/** Starts the timer and sends the lines. The changes whose lines were refused; undefined where there are none. */
function refusedOf<Look extends SwitchLook>(
  steps: readonly IosStep[],
  { with: withCli, revertMinutes }: IosPushOptions<Look>,
): Promise<LostChange[] | undefined> {
  return withCli(async (cli) => {
    const user = await revertingUser(cli);
    if (user !== undefined)
      throw new ConfigurationHeld(`a change of ${user} waits for "configure confirm" or "configure revert now"`);
    const said = await cli.ask(`configure terminal revert timer ${revertMinutes}`);
    if (!cli.configuring) throw new ConfigurationHeld(complaintOf(said) ?? said.trim().slice(0, 200));
    const lost: LostChange[] = [];
    for (const { change, lines } of steps) {
      for (const line of lines) {
        const complaint = complaintOf(await cli.ask(line));
        if (complaint === undefined) continue;
        lost.push({ change, why: `"${line}": ${complaint}` });
        break;
      }
      if (lost.length >= mostRefused) break; // it refuses them all for the same reason
    }
    await cli.ask('end');
    return lost.length === 0 ? undefined : lost;
  });
}

async function notShownOf<Look extends SwitchLook>(
  steps: readonly IosStep[],
  options: IosPushOptions<Look>,
): Promise<LostChange[] | undefined> {
  if ((await options.with(revertingUser)) === undefined)
    throw new NotTaken('the switch does not show the revert timer that we started; has it an "archive" with a "path"?');
  const changes = steps.map(({ change }) => change);
  let missing: LostChange[] = [];
  for (let tries = 0; tries < options.readBackTries; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, options.readBackPauseMs));
    missing = missingFrom(await options.look(), changes);
    if (missing.length === 0) break;
  }
  if (missing.length === steps.length) throw new NotTaken(`${missing[0]?.why}; the push is taken back`);
  if (missing.length > 0) return missing;
  await options.with((cli) => cli.ask('configure confirm'));
  if ((await options.with(revertingUser)) === undefined) return undefined;
  throw new NotTaken('the switch still shows a revert timer after "configure confirm"');
}
