import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Problem, sentenceOf } from '../api.js';
import { emptyList, type LogList, type LogPageAnswer, withNews, withNewsShown, withPage } from './log-list.js';
import { type EventsPlace, filterOf, queryOf } from './log-place.js';

/** The list of events, and what can be done with it. */
export interface Log {
  readonly list: LogList;
  /** A page is on its way. */
  readonly isReading: boolean;
  /** Why the last page did not come. */
  readonly why: string | undefined;
  /** What was wrong with the question; it is not asked again. */
  readonly isRefused: boolean;
  /** Whether what is stored now is heard of. */
  readonly following: 'starting' | 'live' | 'offline';
  readonly more: () => void;
  /** Stops going on through a log in which little fits. */
  readonly stop: () => void;
  readonly showNews: () => void;
}

const pageRows = 500;
const waitSeconds = 20;
const pauseMs = 2_000;
/** A page with fewer events is filled up by the next ones, until the reader stops it. */
const enoughRows = 60;

interface Reading {
  readonly isReading: boolean;
  readonly why?: string;
  readonly isRefused?: boolean;
}

/** Reads the log page by page and follows its end. @param isFree whether rows may move: nobody looks at one of them */
export function useLog(place: EventsPlace, isFree: () => boolean): Log {
  const query = queryOf(filterOf(place)).toString();
  const { from } = place;
  const oldest = place.oldest === true;
  const key = `${query} ${oldest} ${from}`;
  const [list, setList] = useState<LogList>(emptyList);
  const [reading, setReading] = useState<Reading>({ isReading: true });
  const [following, setFollowing] = useState<Log['following']>('starting');
  const free = useRef(isFree);
  free.current = isFree;
  const latest = useRef({ list, key: '', isBusy: false, isStopped: false, ending: new AbortController() });
  latest.current.list = list;

  const change = (step: (before: LogList) => LogList): void => {
    latest.current.list = step(latest.current.list);
    setList(latest.current.list);
  };
  const page = async (after: string | undefined, signal: AbortSignal): Promise<LogPageAnswer> => {
    const asked = new URLSearchParams(query);
    asked.set('limit', String(pageRows));
    if (!oldest) asked.set('backwards', 'true');
    if (after !== undefined) asked.set('after', after);
    return ask<LogPageAnswer>(`/v1/log?${asked.toString()}`, { signal });
  };
  /** One page after another until there is enough to look at. */
  const read = async (first: string | undefined, signal: AbortSignal): Promise<void> => {
    const { current } = latest;
    if (current.isBusy) return;
    Object.assign(current, { isBusy: true, isStopped: false });
    setReading({ isReading: true });
    const before = current.list.rows.length;
    try {
      let after = first;
      do {
        const answer = await page(after, signal);
        if (signal.aborted) return;
        change((one) => withPage(one, answer, oldest));
        after = current.list.next;
      } while (after !== undefined && !current.isStopped && current.list.rows.length - before < enoughRows);
      setReading({ isReading: false });
    } catch (error) {
      if (signal.aborted) return;
      const isRefused = error instanceof Problem && error.status === 400;
      setReading({ isReading: false, why: sentenceOf(error), isRefused });
    } finally {
      if (!signal.aborted) current.isBusy = false;
    }
  };

  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    Object.assign(latest.current, { key, isBusy: false, ending });
    change(() => emptyList);
    setFollowing('starting');
    const startOf = (size: number): string | undefined => {
      if (from === undefined) return undefined;
      const before = oldest ? from - 1 : Math.min(from + 1, size);
      return before < 0 ? undefined : `#${before}`;
    };
    const follow = async (size: number): Promise<void> => {
      let isAway = false;
      for (let after = size === 0 ? undefined : `#${size - 1}`; !signal.aborted;) {
        try {
          const asked = new URLSearchParams(query);
          asked.set('limit', String(pageRows));
          // Whether the engine is back is not to wait until something is recorded.
          if (!isAway) asked.set('wait', String(waitSeconds));
          if (after !== undefined) asked.set('after', after);
          const answer = await ask<LogPageAnswer>(`/v1/log?${asked.toString()}`, { signal });
          isAway = false;
          setFollowing('live');
          after = answer.last ?? after;
          if (from === undefined || oldest)
            change((one) => withNews(one, answer.events, { oldest, isFree: free.current() }));
        } catch (error) {
          if (signal.aborted || (error instanceof Problem && error.status === 400)) return;
          isAway = true;
          setFollowing('offline');
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
    };
    const begin = async (): Promise<void> => {
      let size: number | undefined;
      while (size === undefined && !signal.aborted)
        try {
          ({ size } = await ask<{ size: number }>('/v1/log/head', { signal }));
        } catch (error) {
          if (signal.aborted) return;
          setReading({ isReading: false, why: sentenceOf(error) });
          setFollowing('offline');
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      if (size === undefined) return;
      await read(startOf(size), signal);
      if (!signal.aborted) void follow(size);
    };
    void begin();
    return () => ending.abort();
  }, [key]);

  return {
    list,
    isReading: reading.isReading,
    why: reading.why,
    isRefused: reading.isRefused === true,
    following,
    more: () => {
      const { current } = latest;
      if (current.list.next !== undefined && !current.isBusy) void read(current.list.next, current.ending.signal);
    },
    stop: () => void (latest.current.isStopped = true),
    showNews: () => change(withNewsShown),
  };
}
