import { contractOf, formatInstant } from '../../../events/index.js';
import type { GrantRecords } from '../../../projections/index.js';
import type { CaptureEnd } from '../capture/capture.reader.js';
import type { CaptureSource } from '../capture/capture-source.js';
import type { Verdict } from '../judge/judge-verdict.js';
import { JudgeDesk } from '../judge/thread/judge-desk.js';
import type { JudgeReport, JudgeTold, Seen } from '../judge/thread/judge-messages.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import type { GrantsBegin, KnownVerdicts } from './grants-words.js';
import { type Spool, SpoolError } from './spool.js';
import { type SentVerdict, sourceIdOf } from './verdict-words.js';

export interface RemoteJudgeOptions {
  readonly spool: Spool;
  readonly log: SensorLog;
  /** Verdicts were put into the spool. */
  readonly onSpooled: () => void;
  /** The bytes make no sense; what comes of this capture is passed over. */
  readonly onBroken: (why: string) => void;
}

/** Judges the frames of a remote sensor as the engine would, and puts its verdicts into the spool. */
export class RemoteJudge {
  private readonly desk: JudgeDesk;
  private told: JudgeTold | undefined;

  constructor(
    { inFlightWindowMs, known }: GrantsBegin,
    readonly source: CaptureSource,
    private readonly options: RemoteJudgeOptions,
  ) {
    const start = { limits: { inFlightWindowMs }, sources: [source] };
    this.desk = new JudgeDesk(
      start,
      (report) => this.hearDesk(report),
      () => Date.now(),
    );
    this.learn(known);
    this.learn(knownOf(options.spool.pending()));
  }

  /** What it was counted for at the last flush. */
  get counts(): JudgeTold['sources'][number] | undefined {
    return this.told?.sources[0];
  }

  /** Records of a snapshot, or with `recordedAt` (ms since 1970) those that a change touched. */
  take(records: GrantRecords, recordedAt?: number): void {
    this.desk.learn({ kind: 'records', records, ...(recordedAt !== undefined && { recordedAt }) });
  }

  /** A capture begins: the next piece starts with its header. */
  begin(capture: string): void {
    this.desk.take({ kind: 'begin', source: 0, capture });
  }

  hear(piece: Uint8Array): void {
    this.desk.take({ kind: 'piece', source: 0, piece });
  }

  /** After the last piece of a capture that ends. @throws CaptureError when there was not even a whole header */
  end(): CaptureEnd | undefined {
    return this.desk.end(0);
  }

  /** Settles what is due at `now`, ms since 1970. */
  flush(now: number): void {
    this.desk.take({ kind: 'flush', now });
  }

  /** The engine told anew what it has stored. */
  learn({ violations, lastSeen }: KnownVerdicts): void {
    this.desk.learn({ kind: 'stored', violations, seen: lastSeen as readonly Seen[] });
  }

  /** The engine will never take this verdict: a next frame of its violation is a detection again. */
  notStored({ type, data }: SentVerdict): void {
    if (type === 'ViolationDetected') this.forget((data as { readonly violationId: string }).violationId);
  }

  private forget(violationId: string): void {
    this.desk.learn({ kind: 'forget', violationId });
  }

  private hearDesk(report: JudgeReport): void {
    if (report.kind === 'verdicts') this.keep(report.verdicts);
    else if (report.kind === 'broken') this.options.onBroken(report.why);
    else if (report.kind === 'counts') this.told = report;
  }

  private keep(verdicts: readonly Verdict[]): void {
    const { spool, log, onSpooled } = this.options;
    try {
      spool.append(verdicts.map(sentVerdict));
      onSpooled();
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      log.error('verdicts lost', { reason: error.message, count: verdicts.length });
      // The judge is in the middle of a frame: it forgets them after that.
      queueMicrotask(() => {
        for (const { type, data } of verdicts) if (type === 'ViolationDetected') this.forget(data.violationId);
      });
    }
  }
}

function sentVerdict(verdict: Verdict): SentVerdict {
  const { type, data, time } = verdict;
  const schemaVersion = contractOf(type)?.version ?? 1;
  return { sourceId: sourceIdOf(verdict), type, schemaVersion, time: formatInstant(time), data };
}

/** What waits in the spool to be stored counts as stored. */
function knownOf(waiting: Iterable<SentVerdict>): KnownVerdicts {
  const violations: string[] = [];
  const lastSeen: { port: string; vlan: number; mac: string }[] = [];
  for (const { type, data } of waiting) {
    if (type === 'ViolationDetected') violations.push((data as { readonly violationId: string }).violationId);
    if (type === 'MacSeen')
      lastSeen.push(data as { readonly port: string; readonly vlan: number; readonly mac: string });
  }
  return { violations, lastSeen };
}
