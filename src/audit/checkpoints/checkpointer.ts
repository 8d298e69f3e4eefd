import type { EventStore, TreeHead } from '../../event-store/event-store.port.js';
import type { Alerts } from '../../ops/alerts.js';
import { verifyConsistency } from '../merkle-proof.js';
import { type Checkpoint, parseCheckpoint, signCheckpoint } from './checkpoint.js';
import type { Delivery } from './delivery.js';
import type { LastSigned } from './last-signed.js';
import type { Signer } from './signed-note.js';

export interface CheckpointerOptions {
  readonly store: Pick<EventStore, 'logId' | 'tree'>;
  readonly signer: Signer;
  readonly lastSigned: LastSigned;
  readonly deliveries: readonly Delivery[];
  readonly alerts: Pick<Alerts, 'raise' | 'clear'>;
  /** A checkpoint is signed after so many events, or so much time if there is any new event. */
  readonly everyEvents: number;
  readonly everyMs: number;
  /** How many events are stored as far as is known without asking the store: a hint when to look. */
  readonly stored: () => number;
}

/** What readiness says of the checkpoints. */
export interface CheckpointerState {
  readonly ok: boolean;
  readonly degraded?: boolean;
  readonly detail: string;
}

/** How often it looks whether a checkpoint is due; costs nothing. */
const lookMs = 200;

/**
 * Signs checkpoints of a growing log and hands them to their destinations, beside everything else the engine does.
 * It signs only what continues the last checkpoint it signed: a log that was rewritten below is told, and never vouched for.
 */
export class Checkpointer {
  private last: { readonly note: string; readonly checkpoint: Checkpoint } | undefined;
  private current: CheckpointerState = { ok: true, detail: 'No checkpoint was signed yet.' };
  private running: Promise<void> | undefined;
  private lookedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly options: CheckpointerOptions) {}

  /**
   * Reads what was signed last, looks at the log once, and goes on by itself.
   * Rejects with a LastSignedError when what was signed last cannot be read.
   */
  static async start(options: CheckpointerOptions): Promise<Checkpointer> {
    const checkpointer = new Checkpointer(options);
    const note = await options.lastSigned.read();
    const checkpoint = note === undefined ? undefined : parseCheckpoint(note);
    if (note !== undefined && checkpoint !== undefined) {
      checkpointer.last = { note, checkpoint };
      // Whether it was delivered before the engine ended is not known; twice does no harm.
      for (const delivery of options.deliveries) delivery.offer(note);
    }
    await checkpointer.look();
    checkpointer.timer = setInterval(() => checkpointer.lookIfDue(), Math.min(lookMs, options.everyMs));
    checkpointer.timer.unref();
    return checkpointer;
  }

  /** The note that was signed last. */
  get lastNote(): string | undefined {
    return this.last?.note;
  }

  get state(): CheckpointerState {
    return this.current;
  }

  /** Looks at the log at once, and resolves when what is new is signed or `state` says why not. */
  async signNow(): Promise<void> {
    // A look that runs already may have read the head before the event that is waited for.
    await this.running;
    await this.look();
  }

  /** Signs what is new, tries once more to deliver what waits, and stops. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.look();
    await Promise.all(this.options.deliveries.map((delivery) => delivery.close()));
  }

  private lookIfDue(): void {
    const { everyEvents, everyMs, stored } = this.options;
    const isMany = stored() - (this.last?.checkpoint.size ?? 0) >= everyEvents;
    const isLate = performance.now() - this.lookedAt >= everyMs;
    // A look that failed, or found a log that may not be signed, is repeated by time alone.
    if (isLate || (isMany && this.current.ok && this.current.degraded !== true)) void this.look();
  }

  /** Looks at the log, one look at a time; never rejects. */
  private look(): Promise<void> {
    this.running ??= this.signIfGrown()
      .catch((error: unknown) => {
        const detail = `No checkpoint can be signed: ${(error as Error).message}`;
        this.options.alerts.raise('checkpoint-unsigned', { key: 'log', detail });
        this.current = { ok: true, degraded: true, detail };
      })
      .finally(() => {
        this.running = undefined;
        this.lookedAt = performance.now();
      });
    return this.running;
  }

  private async signIfGrown(): Promise<void> {
    const { store, signer, lastSigned, deliveries, alerts } = this.options;
    const head = await store.tree.head();
    const rewritten = await this.whyNotContinued(head);
    if (rewritten !== undefined) {
      const cure =
        'Nothing is signed until it does again; keep this data directory as it is, and compare it with a copy';
      const detail = `${rewritten} ${cure}: portledger audit verify --checkpoint FILE.`;
      alerts.raise('log-rewritten', { key: 'log', detail });
      this.current = { ok: false, detail };
      return;
    }
    alerts.clear('log-rewritten', 'log');
    if (head.size > (this.last?.checkpoint.size ?? 0)) {
      const note = signCheckpoint(signer, head, store.logId);
      // Kept before anybody gets it: two that contradict each other must never leave this machine.
      await lastSigned.write(note);
      this.last = { note, checkpoint: { ...head, origin: signer.verifier.name, logId: store.logId } };
      for (const delivery of deliveries) delivery.offer(note);
    }
    alerts.clear('checkpoint-unsigned', 'log');
    this.current = { ok: true, detail: `The last checkpoint covers ${this.last?.checkpoint.size ?? 0} events.` };
  }

  /** Why the log is no continuation of what was signed last; undefined when it is one. */
  private async whyNotContinued(head: TreeHead): Promise<string | undefined> {
    const { store } = this.options;
    const last = this.last?.checkpoint;
    if (last === undefined) return undefined;
    if (last.logId !== undefined && last.logId !== store.logId)
      return `The last checkpoint was signed for the log ${last.logId}, and this is ${store.logId}.`;
    if (head.size < last.size)
      return `The log has ${head.size} events, and the last checkpoint was signed over ${last.size}.`;
    const isGrown = head.size > last.size && last.size > 0;
    const path = isGrown ? await store.tree.consistencyProof(last.size, head.size) : [];
    if (verifyConsistency(last, head, path)) return undefined;
    return `The log of ${head.size} events does not begin with the ${last.size} over which the last checkpoint was signed.`;
  }
}
