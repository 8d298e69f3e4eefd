import type { JournalLine } from '../../events/index.js';
import type { Plan } from './plan.js';
import type { ShownLine } from './recorder.js';

/** An operator's word for one plan. */
export interface Word {
  readonly planHash: string;
  /** Id of the token that gave it. */
  readonly by: string;
  /** What the operator typed to say that so much may go; see `wordsFor`. */
  readonly typed: string | undefined;
}

/** What came of a word. Only `applied` wrote anything, and its lines say what reading back showed. */
export type ApplyOutcome =
  | {
      readonly said: 'applied';
      readonly planId: string;
      readonly lines: readonly JournalLine[];
      /** What the device still lacks or has too much after it: what was held, or could not be done. */
      readonly left: readonly ShownLine[];
    }
  | { readonly said: 'nothing-to-do' }
  /** The map or the device moved since the plan was seen: this is the plan now. */
  | { readonly said: 'other-plan'; readonly planHash: string }
  | { readonly said: 'observing' }
  | { readonly said: 'frozen'; readonly detail: string }
  /** So much would go that these words must be typed. */
  | { readonly said: 'confirmation-needed'; readonly words: string }
  | { readonly said: 'failed'; readonly error: string };

/** What an operator types above the removal limit: how much goes, and where. */
export function wordsFor(device: string, { lines }: Pick<Plan, 'lines'>): string {
  const gone = lines.filter(({ change, why }) => change === 'remove' && why === 'grant-gone');
  return `remove ${gone.length} from ${device}`;
}

/** The one word that waits for the next look; each is for that look and never for a later one. */
export class Approvals {
  private waiting: { readonly word: Word; readonly settle: (outcome: ApplyOutcome) => void } | undefined;

  /** Resolves with what came of it. A word that has not been taken yet makes way for a later one. */
  give(word: Word): Promise<ApplyOutcome> {
    this.waiting?.settle({ said: 'other-plan', planHash: word.planHash });
    return new Promise((settle) => (this.waiting = { word, settle }));
  }

  get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** For one look: the word, and who wants to hear what came of it. */
  take(): Approval {
    const { waiting } = this;
    this.waiting = undefined;
    return new Approval(waiting?.word, waiting?.settle);
  }
}

/** A word in the hands of one look. */
export class Approval {
  constructor(
    /** undefined where nobody gave one. */
    readonly word: Word | undefined,
    private readonly settle: ((outcome: ApplyOutcome) => void) | undefined,
  ) {}

  /** The first answer counts. */
  readonly answer = (outcome: ApplyOutcome): void => this.settle?.(outcome);
}
