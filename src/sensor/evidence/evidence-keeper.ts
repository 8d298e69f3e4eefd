import type { AppendOutcome, AppendRequest, EventStore } from '../../event-store/event-store.port.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import { EvidenceBudget } from './evidence-budget.js';
import { evidenceKept, hashOf } from './evidence-event.js';
import { EvidenceDirectory, isFileable, onDiskBytes } from './evidence-directory.js';
import type { KeptFrame } from './kept-frame.js';
import { grownPcapFile, linkTypeOf, pcapFile } from './pcap-file.js';
import { FramesInWaiting, type WaitingFrames } from './waiting-frames.js';

/** What the log says of a violation and of the frames kept for it. */
export interface KnownViolation {
  /** False once it is exonerated or resolved: its evidence may make room for others. */
  readonly open: boolean;
  /** The file as it was announced last; absent when none was. */
  readonly kept?: { readonly sha256: string; readonly frames: number };
}

export interface EvidenceOptions {
  readonly directory: string;
  /** What the files may take of the disk, bytes. */
  readonly maxBytes: number;
  readonly store: EventStore;
  /** What the map knows of a violation; undefined of one that is not stored (yet). */
  readonly violation: (violationId: string) => KnownViolation | undefined;
  /** False before the map has caught up with the log: nothing is written or removed until then. */
  readonly isLive: () => boolean;
  readonly log: SensorLog;
  /** Told when evidence begins not to be kept, and, with undefined, when it is kept again. */
  readonly onTrouble: (trouble: EvidenceTrouble | undefined) => void;
  /** How long the first frames of a violation wait for more before they are written, ms (5,000). */
  readonly settleMs?: number;
  /** How often the keeper looks what is due, ms (500). */
  readonly lookEveryMs?: number;
  /** How long it rests after a disk that is full or broken, ms (10,000). */
  readonly restMs?: number;
  /** What may wait in memory, bytes (16 MiB). */
  readonly waitingBytes?: number;
}

/** Why evidence is not kept. `full`: the budget is used up by open violations; `failed`: the disk refuses. */
export interface EvidenceTrouble {
  readonly kind: 'full' | 'failed';
  /** What happened, and the cure. */
  readonly detail: string;
}

/** Kept frames as they are served. */
export type Evidence =
  | { readonly state: 'kept'; readonly file: Buffer; readonly sha256: string; readonly frames: number }
  /** Never kept, made room for others, or not what the log says it was. */
  | { readonly state: 'none' | 'removed' | 'altered' };

const batchSize = 64;
/** Frames of a violation that never came to the log are let go after this time, ms: longer than any in-flight window. */
const unstoredMs = 15 * 60_000;

/**
 * Keeps the first frames of each violation as a pcap file and tells the log its hash (EvidenceKept).
 * A file is durable before the log hears of it, and gets its name after: whatever is interrupted, a file either is what
 * the log says or is completed at the next start. Evidence of an open violation is never removed.
 */
export class EvidenceKeeper {
  private readonly directory: EvidenceDirectory;
  private readonly budget: EvidenceBudget;
  private readonly waiting: FramesInWaiting;
  /** Files announced by this process; the map may not have heard of them yet. */
  private readonly announced = new Map<string, { readonly sha256: string; readonly frames: number }>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private opened = false;
  private restUntil = 0;
  private troubled: EvidenceTrouble | undefined;

  constructor(private readonly options: EvidenceOptions) {
    this.directory = new EvidenceDirectory(options.directory);
    const { maxBytes, log, violation } = options;
    const isOpen = (violationId: string): boolean => violation(violationId)?.open === true;
    this.budget = new EvidenceBudget(this.directory, { maxBytes, log, isOpen });
    this.waiting = new FramesInWaiting(options.settleMs ?? 5_000, options.waitingBytes ?? 16 * 1024 * 1024);
  }

  get state(): {
    readonly files: number;
    readonly bytes: number;
    readonly waitingFrames: number;
    readonly lostFrames: number;
    readonly trouble: EvidenceTrouble | undefined;
  } {
    const { waiting, lost } = this.waiting.counts;
    const { size: files, bytes } = this.directory;
    return { files, bytes, waitingFrames: waiting, lostFrames: lost, trouble: this.troubled };
  }

  start(): void {
    this.timer ??= setInterval(() => this.look(), this.options.lookEveryMs ?? 500);
  }

  /** Takes a frame that shows a violation. Cheap, never throws; what is too much is dropped and counted. */
  keep(frame: KeptFrame): void {
    const { violationId } = frame;
    if (isFileable(violationId)) this.waiting.add(frame, this.knownOf(violationId)?.frames ?? 0, performance.now());
  }

  /** The kept frames of a violation, checked against the hash in the log. Rejects when the disk cannot be read. */
  async evidenceOf(violationId: string): Promise<Evidence> {
    const said = [this.announced.get(violationId), this.options.violation(violationId)?.kept];
    if (!isFileable(violationId) || said.every((one) => one === undefined)) return { state: 'none' };
    // In this order: a file that gets its name in between is met under the second one.
    const prepared = await this.directory.readPrepared(violationId);
    const named = await this.directory.read(violationId);
    for (const file of [named, prepared]) {
      if (file === undefined) continue;
      const sha256 = hashOf(file);
      const match = said.find((one) => one?.sha256 === sha256);
      if (match !== undefined) return { state: 'kept', file, sha256, frames: match.frames };
    }
    return { state: named === undefined ? 'removed' : 'altered' };
  }

  /** Writes what waits, in one last attempt. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.working;
    if (this.options.isLive()) await this.work(() => this.waiting.all());
    const { waiting } = this.waiting.counts;
    if (waiting > 0) this.options.log.warn('frames of violations not kept at shutdown', { frames: waiting });
  }

  private look(): void {
    const now = performance.now();
    if (this.working !== undefined || now < this.restUntil || !this.options.isLive()) return;
    this.working = this.work(() => this.waiting.due(now, batchSize)).finally(() => (this.working = undefined));
  }

  private async work(wanted: () => WaitingFrames[]): Promise<void> {
    try {
      if (!this.opened) await this.open();
      const due = wanted();
      for (let from = 0; from < due.length; from += batchSize) await this.write(due.slice(from, from + batchSize));
    } catch (error) {
      this.rest({ kind: 'failed', detail: `${reasonOf(error)}. ${this.cure}` });
    }
  }

  /** Finishes what an interruption left: a file that the log knows gets its name, any other goes. */
  private async open(): Promise<void> {
    for (const id of await this.directory.open()) {
      const file = await this.directory.readPrepared(id);
      const isAnnounced = file !== undefined && this.options.violation(id)?.kept?.sha256 === hashOf(file);
      await (isAnnounced ? this.directory.settle(id) : this.directory.discard(id));
    }
    this.opened = true;
  }

  private async write(batch: readonly WaitingFrames[]): Promise<void> {
    const prepared: { readonly one: WaitingFrames; readonly request: AppendRequest; readonly sha256: string }[] = [];
    for (const one of batch) {
      const content = await this.contentOf(one);
      if (content === undefined) continue;
      if (!(await this.budget.makeRoom(one.violationId, content.length))) {
        this.rest({ kind: 'full', detail: this.fullDetail });
        break;
      }
      await this.prepare(one.violationId, content);
      const sha256 = hashOf(content);
      prepared.push({ one, sha256, request: evidenceKept(one, sha256) });
    }
    if (prepared.length === 0) return;
    const outcomes = await this.announce(prepared.map(({ request }) => request));
    if (outcomes === undefined) return;
    for (const [index, { one, sha256 }] of prepared.entries()) {
      const { violationId, frames, onDisk } = one;
      const outcome = outcomes[index]?.outcome;
      if (outcome === 'stored' || outcome === 'duplicate') {
        this.announced.set(violationId, { sha256, frames: onDisk + frames.length });
        await this.directory.settle(violationId);
      } else await this.directory.discard(violationId);
      this.waiting.drop(violationId, frames.length, performance.now());
    }
    await this.directory.sync();
    this.forgetWhatTheMapKnows();
    if (prepared.length > 0 && this.restUntil <= performance.now()) this.recovered();
  }

  /** The file as it is to be, or undefined when there is nothing to write now. */
  private async contentOf({ violationId, frames, onDisk }: WaitingFrames): Promise<Buffer | undefined> {
    const [first] = frames;
    const known = this.options.violation(violationId);
    const now = performance.now();
    if (first === undefined) return undefined;
    if (known?.open !== true) {
      // Its verdict may still be on the way to the log; one that was taken back needs no evidence.
      if (known !== undefined || this.waiting.waitedFor(violationId, now) > unstoredMs)
        this.waiting.drop(violationId, frames.length, now);
      return undefined;
    }
    if (onDisk === 0) return pcapFile(first.linkType, frames);
    const kept = await this.evidenceOf(violationId);
    if (kept.state === 'kept' && linkTypeOf(kept.file) === first.linkType) return grownPcapFile(kept.file, frames);
    this.options.log.warn('evidence not added to', { violationId, state: kept.state });
    this.waiting.drop(violationId, frames.length, now);
    return undefined;
  }

  /** Undefined when the log did not take them: the frames wait, and are tried again. */
  private async announce(requests: readonly AppendRequest[]): Promise<AppendOutcome[] | undefined> {
    try {
      return await this.options.store.appendMany(requests);
    } catch (error) {
      this.options.log.warn('evidence not told to the log, will retry', { reason: reasonOf(error) });
      this.restUntil = performance.now() + this.restMs;
      return undefined;
    }
  }

  /** Writes a file; a disk that others have filled gets another chance once closed evidence has made room. */
  private async prepare(violationId: string, content: Buffer): Promise<void> {
    try {
      await this.directory.prepare(violationId, content);
    } catch (error) {
      const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      if (!isFull || !(await this.budget.removeClosed(onDiskBytes(content.length)))) throw error;
      await this.directory.prepare(violationId, content);
    }
  }

  private knownOf(violationId: string): { readonly sha256: string; readonly frames: number } | undefined {
    return this.announced.get(violationId) ?? this.options.violation(violationId)?.kept;
  }

  private forgetWhatTheMapKnows(): void {
    for (const [id, { sha256 }] of this.announced)
      if (this.options.violation(id)?.kept?.sha256 === sha256) this.announced.delete(id);
  }

  private rest(trouble: EvidenceTrouble): void {
    this.restUntil = performance.now() + this.restMs;
    if (this.troubled?.detail === trouble.detail) return;
    this.troubled = trouble;
    this.options.onTrouble(trouble);
  }

  private recovered(): void {
    if (this.troubled === undefined) return;
    this.troubled = undefined;
    this.options.onTrouble(undefined);
  }

  private get restMs(): number {
    return this.options.restMs ?? 10_000;
  }

  private get fullDetail(): string {
    const { maxBytes, directory } = this.options;
    return `Evidence of open violations takes all of the ${maxBytes} bytes it may: no more is kept. Resolve violations, or raise /evidence/maxBytes; files are in ${directory}.`;
  }

  private get cure(): string {
    return `No more evidence is kept; everything else goes on. Free space on the disk of ${this.options.directory}, or name another in /evidence/directory.`;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'The disk is full (ENOSPC)' : message;
}
