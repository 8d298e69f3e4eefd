import { contractOf, formatInstant } from '../../../events/index.js';
import type { Grants } from '../../../projections/index.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { captureMillis } from '../capture/captured-frame.js';
import { observe } from '../capture/claims.js';
import type { DecodedFrame } from '../capture/decoded-frame.js';
import { Delays } from '../coverage/delays.js';
import { Judge } from '../judge/judge.js';
import type { Verdict } from '../judge/judge-verdict.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import type { GrantsBegin, KnownVerdicts } from './grants-words.js';
import { type Spool, SpoolError } from './spool.js';
import { type SentVerdict, sourceIdOf } from './verdict-words.js';

/** Judges the frames of a remote sensor, and puts its verdicts into the spool. */
export class RemoteJudge {
  private readonly judge: Judge;
  private readonly stored: StoredElsewhere;
  private heard = 0;
  private notBelieved = 0;
  private newest: number | undefined;
  private readonly delays = new Delays();

  constructor(
    { inFlightWindowMs, known }: GrantsBegin,
    readonly source: CaptureSource,
    private readonly grants: () => Grants,
    private readonly spool: Spool,
    private readonly log: SensorLog,
  ) {
    this.stored = new StoredElsewhere(known, spool.pending());
    this.judge = new Judge(this.stored, { inFlightWindowMs });
  }

  get counts(): {
    readonly frames: number;
    readonly unbelievable: number;
    readonly behindMs: number;
    readonly lastFrameTime?: number;
  } {
    const { heard: frames, notBelieved: unbelievable, newest: lastFrameTime } = this;
    const behindMs = this.delays.worst(Date.now());
    return { frames, unbelievable, behindMs, ...(lastFrameTime !== undefined && { lastFrameTime }) };
  }

  /** True when verdicts were put into the spool. */
  hear(frame: DecodedFrame): boolean {
    this.heard++;
    const at = captureMillis(frame.time);
    this.newest = Math.max(this.newest ?? 0, at);
    this.delays.note(Date.now() - at, Date.now());
    const observation = observe(frame, this.source);
    if (observation !== undefined) return this.keep(this.judge.observe(observation, this.grants()));
    this.notBelieved++;
    return false;
  }

  /** Settles what is due at `now`, ms since 1970. True when verdicts were put into the spool. */
  flush(now: number): boolean {
    return this.keep(this.judge.flush(now, this.grants()));
  }

  /** The engine told anew what it has stored. */
  learn(known: KnownVerdicts): void {
    this.stored.learn(known);
  }

  /** The engine will never take this verdict: a next frame of its violation is a detection again. */
  refused({ type, data }: SentVerdict): void {
    if (type === 'ViolationDetected') this.judge.forget((data as { readonly violationId: string }).violationId);
  }

  private keep(verdicts: readonly Verdict[]): boolean {
    if (verdicts.length === 0) return false;
    try {
      this.spool.append(verdicts.map(sentVerdict));
      return true;
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      this.log.error('verdicts lost', { reason: error.message, count: verdicts.length });
      for (const { type, data } of verdicts) if (type === 'ViolationDetected') this.judge.forget(data.violationId);
      return false;
    }
  }
}

function sentVerdict(verdict: Verdict): SentVerdict {
  const { type, data, time } = verdict;
  const schemaVersion = contractOf(type)?.version ?? 1;
  return { sourceId: sourceIdOf(verdict), type, schemaVersion, time: formatInstant(time), data };
}

/** What the engine has stored, as it told, and what waits in the spool to be stored. */
class StoredElsewhere {
  private readonly violations = new Set<string>();
  private readonly macs = new Map<string, string>();

  constructor(known: KnownVerdicts, waiting: Iterable<SentVerdict>) {
    this.learn(known);
    for (const { type, data } of waiting) {
      const { violationId, port, vlan, mac } = data as Readonly<Record<string, string>>;
      if (type === 'ViolationDetected' && violationId !== undefined) this.violations.add(violationId);
      if (type === 'MacSeen' && mac !== undefined) this.macs.set(`${port} ${vlan}`, mac);
    }
  }

  learn({ violations, lastSeen }: KnownVerdicts): void {
    for (const id of violations) this.violations.add(id);
    for (const { port, vlan, mac } of lastSeen) this.macs.set(`${port} ${vlan}`, mac);
  }

  isViolation(violationId: string): boolean {
    return this.violations.has(violationId);
  }

  readonly lastSeen = (port: string, vlan: number): string | undefined => this.macs.get(`${port} ${vlan}`);
}
