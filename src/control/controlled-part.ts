import type { ApplyOutcome, Word } from '../reactors/approval.js';
import { wordOf } from './apply-answer.js';
import { type PartApplied, partApplied, type PartName } from './part-applied.js';

/** A part of a device that is planned as a whole, under control, as the API sees it. */
export interface ControlledPart<Status> {
  readonly status: Status;
  /** Does the plan that is named, if it still is the plan; resolves with what came of it. */
  apply(word: Word): Promise<ApplyOutcome>;
}

/** Which plan of which device an operator's request names, and who asks. */
export interface PlanAsked {
  readonly device: string;
  readonly hash: string;
  readonly body: unknown;
  /** Id of the caller. */
  readonly by: string;
}

/** Does the plan that a request names and answers when the part was read back. Throws a ProblemError where nothing was done. */
export async function applyPart(
  name: PartName,
  part: ControlledPart<unknown>,
  { device, hash, body, by }: PlanAsked,
): Promise<PartApplied> {
  const { planHash, confirm: typed } = wordOf(hash, body);
  return partApplied(name, device, planHash, await part.apply({ planHash, by, typed }));
}

/** What the body of such a request may say, for the API's own pages. */
export const confirmBody = (words: string) => ({
  required: false,
  schema: { type: 'object', properties: { confirm: { type: 'string', example: words } } },
});
