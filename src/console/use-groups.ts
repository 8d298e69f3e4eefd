import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { Feed } from './feed.js';
import type { Grouping } from './grouped.js';
import { Groups } from './groups.js';
import type { Filter } from './filter.js';

/** Hours go by also where nothing happens, ms. */
const everyMs = 300_000;

/** The groups of a filter, counted again when the feed tells of anything; undefined where none are asked for. */
export function useGroups(
  by: Grouping | undefined,
  filter: Filter,
  feed: Feed,
  isHeld: () => boolean,
): Groups | undefined {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const held = useRef(isHeld);
  held.current = isHeld;
  const key = JSON.stringify([by, filter]);
  const opened = useRef<{ readonly key: string; readonly groups: Groups | undefined } | undefined>(undefined);
  if (opened.current?.key !== key) {
    const groups: Groups | undefined =
      by &&
      new Groups(
        by,
        filter,
        () => held.current(),
        () => {
          if (opened.current?.groups === groups) drawAgain(undefined);
        },
      );
    opened.current = { key, groups };
  }
  const { groups } = opened.current;
  useEffect(() => {
    const again = (): void => {
      if (!document.hidden) groups?.refresh();
    };
    const timer = setInterval(again, everyMs);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
      groups?.stop();
    };
  }, [groups]);
  const { news } = feed;
  useEffect(() => {
    if (!document.hidden) groups?.refresh();
  }, [groups, news]);
  return groups;
}
