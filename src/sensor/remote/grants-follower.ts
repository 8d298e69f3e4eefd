import { setTimeout as sleep } from 'node:timers/promises';
import type { GrantRecords } from '../../../projections/index.js';
import { CliError, exitCode } from '../../cli/command.js';
import { type EngineClient, problemOf } from '../../cli/engine-client.js';
import { EventStreamReader, type ReceivedEvent } from '../../transports/event-stream-reader.js';
import { SilenceWatch } from '../../transports/silence-watch.js';
import type { DatedRecords, GrantsBegin } from './grants-words.js';

/** Three heartbeats: a connection that says nothing for so long is dead, ms. */
const silenceMs = 45_000;
const firstPauseMs = 200;
const longestPauseMs = 5_000;

export interface FollowerHandlers {
  /**
   * The engine said who this sensor is, and what the log has of it: at the first time, and whenever it begins anew. All
   * records there are follow; those that are known already, of the same log, stand until they are told again.
   */
  readonly onBegin: (begin: GrantsBegin) => void;
  /** Records of a snapshot, or with `recordedAt` those that a change touched. */
  readonly onRecords: (records: GrantRecords, recordedAt?: number) => void;
  /** The grants are as the engine has them. */
  readonly onLive: () => void;
  /** The connection broke; the grants stay as they were until it is there again. */
  readonly onAway: (why: string) => void;
}

/** Keeps the grants that a remote sensor judges by as the engine has them, across broken connections and restarts. */
export class GrantsFollower {
  /** True while a snapshot is not whole yet. */
  private isBeginning = false;
  private hasBegun = false;
  private known = -1;
  /** Where to go on; undefined before the first whole snapshot. */
  private place: string | undefined;
  private pauseMs = firstPauseMs;

  constructor(
    private readonly engine: () => EngineClient,
    private readonly handlers: FollowerHandlers,
  ) {}

  /** Of the last event whose records are known; -1 before the first whole snapshot. */
  get ordinal(): number {
    return this.known;
  }

  /** Follows until it is told to stop. Rejects with a CliError where the engine refuses this sensor before it ever began. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const watch = new SilenceWatch(silenceMs, signal);
      let why = 'the engine ended the stream';
      try {
        await this.take(await this.connect(watch.signal), watch);
      } catch (error) {
        const isRefused = error instanceof CliError && error.exitCode !== exitCode.unreachable;
        if (isRefused && !this.hasBegun) throw error;
        why = error instanceof Error ? error.message : String(error);
      } finally {
        watch.end();
      }
      if (signal.aborted) return;
      this.handlers.onAway(why);
      await sleep(this.pauseMs, undefined, { signal }).catch(() => undefined);
      this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
    }
  }

  private async connect(signal: AbortSignal): Promise<Response> {
    const query = this.place === undefined ? '' : `?${new URLSearchParams({ after: this.place }).toString()}`;
    const response = await this.engine().open(`/v1/sensor/grants${query}`, {}, signal);
    if (response.status === 200) return response;
    const body: unknown = await response.json().catch(() => undefined);
    const problem = problemOf({ status: response.status, headers: response.headers, body });
    throw response.status === 503 ? new CliError(exitCode.unreachable, problem.message) : problem;
  }

  private async take(response: Response, watch: SilenceWatch): Promise<void> {
    const reader = new EventStreamReader();
    const decoder = new TextDecoder();
    this.isBeginning = false;
    for await (const piece of response.body ?? []) {
      watch.heard();
      for (const event of reader.feed(decoder.decode(piece as Uint8Array, { stream: true }))) this.hear(event);
    }
  }

  private hear({ event, data, id }: ReceivedEvent): void {
    switch (event) {
      case 'begin':
        this.isBeginning = true;
        // What breaks off in the middle of a snapshot begins anew: records of before it are not all there any more.
        this.place = undefined;
        this.handlers.onBegin(JSON.parse(data) as GrantsBegin);
        return;
      case 'records': {
        const { recordedAt, ...records } = JSON.parse(data) as DatedRecords;
        this.handlers.onRecords(records, recordedAt);
        if (this.isBeginning) return;
        this.known = records.ordinal;
        this.place = id;
        return;
      }
      case 'live':
        this.isBeginning = false;
        this.known = (JSON.parse(data) as { readonly ordinal: number }).ordinal;
        this.place = id;
        this.hasBegun = true;
        this.pauseMs = firstPauseMs;
        this.handlers.onLive();
        return;
      default:
        return;
    }
  }
}
