import type { JournalLine } from '../../events/index.js';
import { ProblemError } from '../ops/problem.js';
import type { ApplyOutcome } from '../reactors/approval.js';
import { isDone } from '../reactors/recorder.js';

/** A part of a device that is planned as a whole, by the word of its verb and its route. */
export type PartName = 'guard' | 'dhcp' | 'ra';

/** What came of an approved plan of a part of a device. */
export interface PartApplied {
  readonly device: string;
  readonly planHash: string;
  /** `confirmed`: reading back showed every line done; `partial`: not every one. */
  readonly outcome: 'confirmed' | 'partial' | 'failed' | 'nothing-to-do';
  readonly planId?: string;
  readonly error?: string;
  readonly lines: readonly JournalLine[];
}

/** The answer to an operator. Throws a ProblemError where nothing was done. */
export function partApplied(part: PartName, device: string, planHash: string, outcome: ApplyOutcome): PartApplied {
  const none = { device, planHash, lines: [] };
  switch (outcome.said) {
    case 'applied': {
      const { planId, lines } = outcome;
      return { device, planHash, outcome: lines.every(isDone) ? 'confirmed' : 'partial', planId, lines };
    }
    case 'nothing-to-do':
      return { ...none, outcome: 'nothing-to-do' };
    case 'failed':
      return { ...none, outcome: 'failed', error: outcome.error };
    case 'other-plan': {
      const detail = `The map or the ${part} of ${device} moved since ${planHash} was shown: its plan is ${outcome.planHash} now. Look again: portledger ${part} ${device}`;
      throw new ProblemError(409, 'other-plan', detail, { planHash: outcome.planHash });
    }
    case 'observing': {
      const detail = `${device} is only observed: nothing is written to it. Set its mode to propose or enforce in the configuration, and start the engine again.`;
      throw new ProblemError(409, 'observed-only', detail);
    }
    case 'frozen':
      throw new ProblemError(
        409,
        'device-frozen',
        `Nothing is written to ${device}: ${outcome.detail}. An operator lets it go on: portledger resume`,
      );
    case 'confirmation-needed': {
      const detail = `This plan ${part === 'guard' ? 'closes' : 'takes away'} more at ${device} than the removal limit allows. If that is meant, confirm it by these words: ${outcome.words}`;
      throw new ProblemError(409, 'confirmation-needed', detail, { confirm: outcome.words });
    }
  }
}
