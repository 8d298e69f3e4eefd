import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from './api.js';

const everyMs = 3_000;

/**
 * Since when the engine does not answer, ms since 1970; undefined while it does. Pages that read once would not notice by
 * themselves. When it answers again it is asked who is signed in: an engine that was started anew knows nobody.
 */
export function useEngineAway(): number | undefined {
  const [since, setSince] = useState<number>();
  const heardAt = useRef(Date.now());
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    let isAway = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const round = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          await call('/livez', { signal });
          if (isAway) await call('/v1/session', { signal });
          isAway = false;
          heardAt.current = Date.now();
          setSince(undefined);
        } catch {
          if (signal.aborted) return;
          isAway = true;
          setSince(heardAt.current);
        }
      }
      if (!signal.aborted) timer = setTimeout(() => void round(), everyMs);
    };
    void round();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, []);
  return since;
}
