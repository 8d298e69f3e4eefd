import type { SwitchLook } from './configured-entries.js';
import { type LostChange, missingFrom, NotTaken } from './read-back.js';
import type { NeighbourChange } from './switch.port.js';

/** How one kind of switch tries a push that it takes back unless it is confirmed. */
export interface PushTry<Step, Look> {
  /** Sends the steps, reads back and confirms. The changes that did not go in; undefined where all did, and were confirmed. */
  readonly attempt: (steps: readonly Step[]) => Promise<readonly LostChange[] | undefined>;
  /** Takes back what was tried and not confirmed. */
  readonly takeBack: () => Promise<void>;
  readonly look: () => Promise<Look>;
}

/** Lines may be refused, then entries may not be resolved by: after that it is the switch, and not a change. */
const mostRounds = 3;

/**
 * A change that the switch refuses, or does not work by, is left out whole and the others are sent again without it.
 * Returns those changes, and what the switch shows at last. Throws NotTaken where it does not show what it confirmed.
 */
export async function pushInRounds<Step extends { readonly change: NeighbourChange }, Look extends SwitchLook>(
  steps: readonly Step[],
  { attempt, takeBack, look }: PushTry<Step, Look>,
): Promise<{ readonly lost: readonly LostChange[]; readonly after: Look }> {
  const lost: LostChange[] = [];
  let left = steps;
  for (let round = 1; left.length > 0; round++) {
    const failed = await attempt(left);
    if (failed === undefined) break;
    await takeBack();
    if (round === mostRounds)
      throw new NotTaken(`the switch takes none of ${round} tries; the last: ${failed[0]?.why}`);
    const gone = new Set(failed.map(({ change }) => change));
    left = left.filter(({ change }) => !gone.has(change));
    lost.push(...failed);
  }
  const after = await look();
  const [missing] = missingFrom(
    after,
    left.map(({ change }) => change),
  );
  if (missing !== undefined) throw new NotTaken(missing.why);
  return { lost, after };
}
