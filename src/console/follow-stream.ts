import { call, Problem } from './api.js';
import { backoffMs } from './backoff.js';
import { type ServerSentEvent, SseParser } from './sse-parser.js';

/** How the way to the engine is. */
export type Connection =
  { readonly state: 'connecting' | 'live' | 'refused' } | { readonly state: 'offline'; readonly retryInMs: number };

interface Follower {
  onEvent(event: ServerSentEvent): void;
  onConnection(connection: Connection): void;
  /** The stream begins anew, or is refused: what happened so far is not in it, and the list has to be read. */
  onFresh(): void;
  /** Up to where everything is known without the stream: where it goes on when it broke before it told anything. */
  readAt?(): string | undefined;
}

/** The engine says something every 15 s; a way that is silent for longer is dead, whatever the socket says. */
const silentMs = 40_000;

/**
 * Follows an event stream until the signal ends it: goes on after the last event it got when the way breaks, waits longer
 * after each failure, and tries at once when the browser says that the network is back. Resolves when it was ended, or when
 * the engine does not let this reader in or does not understand the question: asked again it would say the same.
 */
export async function followStream(path: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let isElsewhere = false;
  let isResumed = false;
  for (let failures = 0; !signal.aborted;) {
    try {
      follower.onConnection({ state: 'connecting' });
      const cut = new AbortController();
      const stop = (): void => cut.abort();
      signal.addEventListener('abort', stop);
      try {
        if (!isElsewhere) lastEventId ??= follower.readAt?.();
        isResumed = lastEventId !== undefined;
        const response = await call(path, { lastEventId, signal: cut.signal });
        follower.onConnection({ state: 'live' });
        if (lastEventId === undefined) follower.onFresh();
        isElsewhere = false;
        for await (const event of eventsOf(response, stop)) {
          failures = 0;
          lastEventId = event.id ?? lastEventId;
          follower.onEvent(event);
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) return follower.onFresh();
      if (error instanceof Problem && error.status === 400 && !isResumed) {
        follower.onConnection({ state: 'refused' });
        return follower.onFresh();
      }
      // Another log stands in the place of the one we followed: nothing of it is known.
      if (error instanceof Problem && error.status === 400) {
        lastEventId = undefined;
        isElsewhere = true;
      }
    }
    if (signal.aborted) return;
    const retryInMs = backoffMs(++failures);
    follower.onConnection({ state: 'offline', retryInMs });
    await pause(retryInMs, signal);
  }
}

async function* eventsOf(response: Response, stop: () => void): AsyncGenerator<ServerSentEvent> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  const parser = new SseParser();
  for (;;) {
    const watch = setTimeout(stop, silentMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    yield* parser.push(value);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    window.addEventListener('online', go);
    signal.addEventListener('abort', go);
  });
}
