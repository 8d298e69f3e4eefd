import type { JournalLine } from '../../events/index.js';
import type { Backoff } from './backoff.js';
import type { LogState } from './brakes.js';
import type { DeviceHands } from './device-hands.js';
import type { Actual, Plan } from './plan.js';
import { readBack } from './read-back.js';
import { isDone, type Recorder } from './recorder.js';

/** What is to be done to a device, and by whose word. */
export interface Order {
  readonly plan: Pick<Plan, 'lines'>;
  readonly planHash: string;
  readonly log: LogState;
  /** The token that approved this plan; undefined where none was needed. */
  readonly by: string | undefined;
  readonly work: () => Promise<void>;
  /** Whether a device that looks like this has something that may not wait for the end of the reading back. */
  readonly isUrgent: (actual: Actual) => boolean;
}

/** What was done, and what reading back showed of each line. */
export interface Undertaken {
  readonly planId: string;
  readonly lines: readonly JournalLine[];
  /** The device as reading back showed it; undefined where it did not answer. */
  readonly after: Actual | undefined;
}

/** Does one thing to a device: journals it, does it, reads back, and journals what came of each line. */
export class Undertaker {
  constructor(
    private readonly hands: DeviceHands,
    private readonly recorder: Recorder,
    private readonly backoff: Backoff,
  ) {}

  /** Rejects when the whole push failed; a line that failed is in what it gives, and its interface waits. */
  async undertake({ plan, planHash, log, by, work, isUrgent }: Order): Promise<Undertaken> {
    const undertaking = await this.recorder.started(plan, planHash, log, by);
    let failure: Error | undefined;
    try {
      await work();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    const after =
      failure === undefined
        ? await readBack(this.hands, undertaking.lines, isUrgent)
        : await this.hands.readWhatAnswers();
    const journaled = await this.recorder.finished(undertaking, after, failure);
    if (failure !== undefined) throw failure; // the whole push failed: no interface is to blame
    this.blame(plan, journaled);
    return { planId: undertaking.planId, lines: journaled, after };
  }

  private blame(plan: Pick<Plan, 'lines'>, journaled: readonly JournalLine[]): void {
    const undone = new Set(journaled.filter((line) => !isDone(line)).map(({ line }) => line));
    const tried = plan.lines.filter(({ kind }) => kind === 'neighbour');
    const failed = new Set(tried.filter(({ line }) => undone.has(line)).map((line) => line.interface));
    for (const name of failed) this.backoff.failed(name);
    for (const { interface: name } of tried) if (!failed.has(name)) this.backoff.succeeded(name);
  }
}
