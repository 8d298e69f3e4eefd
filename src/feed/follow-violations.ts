import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, exitCode } from '../cli/command.js';
import { type EngineClient, problemOf } from '../cli/engine-client.js';
import { EventStreamReader, type ReceivedEvent } from '../transports/event-stream-reader.js';
import { SilenceWatch } from '../transports/silence-watch.js';
import type { ViolationView } from './violation-view.js';

/** Three heartbeats: a connection that says nothing for so long is dead. */
const silenceMs = 45_000;
const pauseMs = 3_000;

export interface FollowOptions {
  /** Filters, as the query of `/v1/violations/stream` takes them. */
  readonly query: URLSearchParams;
  /** Position to go on after; `start` for the whole log. */
  readonly after: string;
  /** Told when the connection broke, and is going to be made again. */
  readonly onBroken: (why: string) => void;
  readonly signal?: AbortSignal;
  /** ms before a broken connection is made again (3,000). */
  readonly pauseMs?: number;
}

/**
 * Violations as they change, each once, across broken connections and engines that start again: it resumes after the last one.
 * Throws a CliError where the engine refuses, and where it does not answer at the very first time.
 */
export async function* followViolations(
  engine: EngineClient,
  options: FollowOptions,
): AsyncGenerator<ViolationView, void, undefined> {
  let { after } = options;
  const isUnwanted = (): boolean => options.signal?.aborted === true;
  for (let connected = false; options.signal?.aborted !== true;) {
    const watch = new SilenceWatch(silenceMs, options.signal);
    try {
      const response = await connect(engine, options.query, after, watch.signal);
      connected = true;
      for await (const { id, event, data } of eventsOf(response, watch)) {
        if (event === 'violation') yield JSON.parse(data) as ViolationView;
        after = id ?? after;
      }
      options.onBroken('the engine ended the stream');
    } catch (error) {
      if (isUnwanted()) return;
      const isFinal = error instanceof CliError && (!connected || error.exitCode !== exitCode.unreachable);
      if (isFinal) throw error;
      options.onBroken(error instanceof Error ? error.message : String(error));
    } finally {
      watch.end();
    }
    await sleep(options.pauseMs ?? pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** An engine that is still reading its log counts as one that does not answer yet. */
async function connect(
  engine: EngineClient,
  query: URLSearchParams,
  after: string,
  signal: AbortSignal,
): Promise<Response> {
  const asked = new URLSearchParams([...query, ['after', after]]);
  const response = await engine.open(`/v1/violations/stream?${asked.toString()}`, {}, signal);
  if (response.status === 200) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemOf({ status: response.status, headers: response.headers, body });
  throw response.status === 503 ? new CliError(exitCode.unreachable, problem.message) : problem;
}

async function* eventsOf(response: Response, watch: SilenceWatch): AsyncGenerator<ReceivedEvent, void, undefined> {
  const reader = new EventStreamReader();
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    watch.heard();
    yield* reader.feed(decoder.decode(piece as Uint8Array, { stream: true }));
  }
}
