import { setTimeout as sleep } from 'node:timers/promises';
import type { Grants, GrantRecords } from '../../../projections/index.js';
import { CliError, exitCode } from '../../cli/command.js';
import { type EngineClient, problemOf } from '../../cli/engine-client.js';
import { EventStreamReader, type ReceivedEvent } from '../../transports/event-stream-reader.js';
import { SilenceWatch } from '../../transports/silence-watch.js';
import { GrantIndex } from '../judge/grants/grant-index.js';
import type { GrantsBegin } from './grants-words.js';

/** Three heartbeats: a connection that says nothing for so long is dead, ms. */
const silenceMs = 45_000;
const firstPauseMs = 200;
const longestPauseMs = 5_000;

export interface FollowerHandlers {
  /** The engine said who this sensor is, and what the log has of it: at the first time, and whenever it begins anew. */
  readonly onBegin: (begin: GrantsBegin) => void;
  /** The grants are as the engine has them. */
  readonly onLive: () => void;
  /** The connection broke; the grants stay as they were until it is there again. */
  readonly onAway: (why: string) => void;
}

/** Keeps the grants that a remote sensor judges by as the engine has them, across broken connections and restarts. */
export class GrantsFollower {
  private current: GrantIndex | undefined;
  /** A snapshot that is not whole yet; until it is, the one before counts. */
  private coming: GrantIndex | undefined;
  /** Where to go on; undefined before the first whole snapshot. */
  private place: string | undefined;
  private pauseMs = firstPauseMs;

  constructor(
    private readonly engine: () => EngineClient,
    private readonly handlers: FollowerHandlers,
  ) {}

  /** What rules may ask; undefined before the first whole snapshot. */
  get grants(): Grants | undefined {
    return this.current;
  }

  get ordinal(): number {
    return this.current?.ordinal ?? -1;
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
        if (isRefused && this.current === undefined) throw error;
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
    this.coming = undefined;
    for await (const piece of response.body ?? []) {
      watch.heard();
      for (const event of reader.feed(decoder.decode(piece as Uint8Array, { stream: true }))) this.hear(event);
    }
  }

  private hear({ event, data, id }: ReceivedEvent): void {
    switch (event) {
      case 'begin':
        this.coming = new GrantIndex();
        this.handlers.onBegin(JSON.parse(data) as GrantsBegin);
        return;
      case 'records':
        (this.coming ?? this.current)?.take(JSON.parse(data) as GrantRecords);
        if (this.coming === undefined) this.place = id;
        return;
      case 'live':
        this.current = this.coming ?? this.current;
        this.coming = undefined;
        this.place = id;
        this.pauseMs = firstPauseMs;
        this.handlers.onLive();
        return;
      default:
        return;
    }
  }
}
