import { useEffect, useReducer, useRef } from 'preact/hooks';
import { Feed } from './feed.js';
import type { Filter } from './filter.js';

/** The feed of a filter, opened anew when the filter changes and closed with the page. */
export function useFeed(filter: Filter, isHeld: () => boolean): Feed {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const held = useRef(isHeld);
  held.current = isHeld;
  const key = JSON.stringify(filter);
  const opened = useRef<{ readonly key: string; readonly feed: Feed } | undefined>(undefined);
  if (opened.current?.key !== key) {
    const feed = new Feed(
      filter,
      () => held.current(),
      () => {
        if (opened.current?.feed === feed) drawAgain(undefined);
      },
    );
    opened.current = { key, feed };
  }
  const { feed } = opened.current;
  useEffect(() => {
    feed.start();
    return () => feed.stop();
  }, [feed]);
  return feed;
}
