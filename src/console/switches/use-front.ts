import { useRef } from 'preact/hooks';
import { call } from '../api.js';
import { type Polled, usePolled } from '../use-polled.js';
import { type Front, keptSame } from './front.js';

/** As often as somebody looks twice; where nothing changed the engine says so in one line. */
const everyMs = 1_000;

/** The front of a switch, kept up to date; parts that say the same stay the same objects. */
export function useFront(switchName: string): Polled<Front> {
  const known = useRef<{ readonly name: string; readonly tag: string | undefined; readonly front: Front } | undefined>(
    undefined,
  );
  return usePolled(
    async (signal) => {
      const before = known.current?.name === switchName ? known.current : undefined;
      const path = `/v1/switches/${encodeURIComponent(switchName)}/ports`;
      const response = await call(path, { signal, ifNoneMatch: before?.tag });
      if (response.status === 304 && before !== undefined) return before.front;
      const front = keptSame(before?.front, (await response.json()) as Front);
      known.current = { name: switchName, tag: response.headers.get('etag') ?? undefined, front };
      return front;
    },
    `front ${switchName}`,
    everyMs,
  );
}
