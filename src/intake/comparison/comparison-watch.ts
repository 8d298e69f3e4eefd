import type { ComparisonConfig } from '../../config/app-config.js';
import { formatInstant, parseInstant } from '../../../events/index.js';
import type { Alerts } from '../../ops/alerts.js';
import type { Log } from '../../ops/log.js';
import type { LiveMap } from '../../projector/live-map.js';
import { compareTruth, type Found } from './compare-truth.js';
import { type FileFacts, TruthError, type TruthProblem } from './truth-file.js';

/** A look at the file that told what differs. */
export interface Look extends Omit<Found, 'troubles'> {
  /** When it ended, RFC 3339. */
  readonly at: string;
  readonly millis: number;
  /** Of what differs or cannot be read: how much did so in the look before as well. */
  readonly standing: number;
}

/** Why the newest look told nothing. */
export interface Failure {
  readonly at: string;
  readonly code: TruthProblem;
  readonly detail: string;
}

export type ComparisonState = 'waiting' | 'equal' | 'differs' | 'failed';

/** What is known of billing's file and the map. */
export interface ComparisonStatus {
  readonly state: ComparisonState;
  /** The file of the configuration. */
  readonly file: string;
  readonly everySeconds: number;
  /** Of the file as it was found last; absent where there was none. */
  readonly found?: FileFacts;
  /** True where it was written longer ago than is allowed. */
  readonly isOld: boolean;
  /** Looks in a row that failed. */
  readonly failures: number;
  readonly failure?: Failure;
  /** The newest look that did not fail. */
  readonly last?: Look;
}

export interface ComparisonOptions {
  readonly config: ComparisonConfig;
  readonly liveMap: LiveMap;
  readonly alerts: Alerts;
  readonly log: Log;
  readonly now?: () => number;
}

/** Looks in a row after which somebody is told. */
const looksBeforeAlert = 2;
export const comparisonAlerts = {
  differs: 'comparison-differs',
  failed: 'comparison-failed',
  old: 'comparison-file-old',
} as const;

/** Holds billing's file against the map again and again, and tells what stays different. Never changes the map. */
export class ComparisonWatch {
  private last: Look | undefined;
  private failure: Failure | undefined;
  private failures = 0;
  private found: FileFacts | undefined;
  private troubles: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();
  private readonly now: () => number;

  constructor(private readonly options: ComparisonOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Looks now, and then again after each pause. The map must be live. */
  start(): void {
    if (this.ending.signal.aborted) return;
    this.running = this.look().finally(() => {
      if (this.ending.signal.aborted) return;
      this.timer = setTimeout(() => this.start(), this.options.config.everySeconds * 1000).unref();
    });
  }

  status(): ComparisonStatus {
    const { last, failure, failures, found } = this;
    const { file, everySeconds } = this.options.config;
    const told = { ...(found && { found }), ...(failure && { failure }), ...(last && { last }) };
    return { state: this.state(), file, everySeconds, isOld: this.isOld(), failures, ...told };
  }

  async close(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private state(): ComparisonState {
    if (this.failure !== undefined) return 'failed';
    if (this.last === undefined) return 'waiting';
    return this.troubles.size > 0 ? 'differs' : 'equal';
  }

  private isOld(): boolean {
    const { maxAgeHours } = this.options.config;
    const modified = this.found === undefined ? undefined : parseInstant(this.found.modifiedAt);
    return modified !== undefined && this.now() - modified > maxAgeHours * 3_600_000;
  }

  /** Looks once. Never rejects: what went wrong is told by `status`. */
  async look(): Promise<void> {
    const { config, liveMap, log } = this.options;
    const { signal } = this.ending;
    const began = performance.now();
    let file: FileFacts | undefined;
    try {
      const onFile = ({ modifiedAt, bytes }: FileFacts): void => void (file = { modifiedAt, bytes });
      const found = await compareTruth(config, liveMap, { now: this.now(), signal, onFile });
      if (signal.aborted) return;
      this.found = file;
      this.take(found, Math.round(performance.now() - began));
    } catch (error) {
      if (signal.aborted) return;
      this.found = file;
      // What is no TruthError is a mistake of ours; the engine goes on, and this is told as well.
      const known = error instanceof TruthError;
      if (!known) log.error('comparison broke', { reason: error instanceof Error ? error.message : String(error) });
      this.fail(known ? error : new TruthError('file-malformed', `${config.file} was not compared: see the log.`));
    }
    this.tellAge();
  }

  private take({ troubles, ...found }: Found, millis: number): void {
    const standing = [...troubles].filter((one) => this.troubles.has(one)).length;
    this.troubles = troubles;
    this.last = { at: formatInstant(this.now()), millis, standing, ...found };
    this.failure = undefined;
    this.failures = 0;
    const { alerts, config } = this.options;
    alerts.clear(comparisonAlerts.failed, key);
    if (standing === 0) return alerts.clear(comparisonAlerts.differs, key);
    const { missing, extra, different, rejected } = found;
    const counts = `${missing} missing in the map, ${extra} not in the file, ${different} different, ${rejected} rows that cannot be read`;
    const detail = `${standing} servers differ from ${config.file} for the second time (now ${counts}). portledger comparison names them.`;
    alerts.raise(comparisonAlerts.differs, { key, detail, standing });
  }

  private fail({ code, message }: TruthError): void {
    this.failure = { at: formatInstant(this.now()), code, detail: message };
    this.failures++;
    const { alerts, log } = this.options;
    log.warn('comparison failed', { code, detail: message });
    if (this.failures < looksBeforeAlert) return;
    const detail = `Billing's file was not compared ${this.failures} times in a row. ${message}`;
    alerts.raise(comparisonAlerts.failed, { key, detail, cause: code });
  }

  private tellAge(): void {
    const { alerts, config } = this.options;
    // Without a file there is no age; that is told as a failure.
    if (!this.isOld()) return alerts.clear(comparisonAlerts.old, key);
    const detail = `${config.file} was written at ${this.found?.modifiedAt ?? ''}, more than ${config.maxAgeHours} h ago. See why billing writes it no more, or raise comparison.maxAgeHours.`;
    alerts.raise(comparisonAlerts.old, { key, detail });
  }
}

const key = 'comparison';
