import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Empty, Loading, Trouble } from '../conditions.js';
import { isTyping, keyOf } from '../keys.js';
import { Link } from '../text.js';
import '../style/log.css';
import { EventDetail } from './event-detail.js';
import { useCounts } from './log-counts.js';
import { LogFilters } from './log-filters.js';
import { LogGrid } from './log-grid.js';
import type { EventsPlace } from './log-place.js';
import { type Log, useLog } from './use-log.js';

/** Every event of every stream, as it is stored, and what is stored now. */
export function EventsPage({ place }: { readonly place: EventsPlace }): VNode {
  const { go } = useApp();
  const { ordinal } = place;
  const scrollTop = useRef(0);
  const log = useLog(place, () => scrollTop.current === 0 && place.ordinal === undefined);
  const counted = useCounts(1);
  const { rows, news } = log.list;
  useEffect(
    () => void (document.title = `${ordinal === undefined ? 'Log' : `Event #${ordinal}`} · portledger`),
    [ordinal],
  );

  const open = (one: number): void => go({ ...place, ordinal: one }, ordinal === undefined ? 'push' : 'replace');
  const close = (): void => {
    const { ordinal: _closed, ...rest } = place;
    go(rest);
  };
  const latest = useRef({ rows, ordinal, news, open, close, log });
  latest.current = { rows, ordinal, news, open, close, log };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const now = latest.current;
      const key = keyOf(event);
      if (key === undefined || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const at = now.rows.findIndex((one) => one.ordinal === now.ordinal);
      const steps: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
      const step = steps[key];
      const isAtList = event.target === document.body || (event.target as HTMLElement).closest('.log-grid') !== null;
      if (step !== undefined && (isAtList || key.length === 1)) {
        const next = now.rows[at < 0 ? 0 : at + step];
        if (next !== undefined) now.open(next.ordinal);
      } else if (key === 'Escape' && now.ordinal !== undefined) now.close();
      else if (key === 'n' && now.news.length > 0) now.log.showNews();
      else if (key === '/') document.querySelector<HTMLElement>('[data-slash]')?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);

  return (
    <div class={`feed log ${ordinal === undefined ? '' : 'with-detail'}`}>
      <div class="log-top">
        <h1 class="hidden">Log</h1>
        <LogFilters place={place} counted={counted} />
      </div>
      <div class="panes">
        <div class="list">
          {news.length > 0 && (
            <button type="button" class="pill" onClick={log.showNews}>
              {news.length === 1 ? '1 new event' : `${news.length} new events`} <kbd>n</kbd>
            </button>
          )}
          <Rows log={log} place={place} onScroll={(top) => void (scrollTop.current = top)} onOpen={open} />
          <Foot log={log} />
        </div>
        {ordinal !== undefined && <EventDetail place={place} ordinal={ordinal} onClose={close} />}
      </div>
    </div>
  );
}

interface RowsProps {
  readonly log: Log;
  readonly place: EventsPlace;
  readonly onScroll: (scrollTop: number) => void;
  readonly onOpen: (ordinal: number) => void;
}

function Rows({ log, place, onScroll, onOpen }: RowsProps): VNode {
  const { list, isReading, why, isRefused, more } = log;
  if (list.rows.length > 0)
    return (
      <LogGrid
        rows={list.rows}
        cursor={place.ordinal}
        onPick={({ ordinal }) => onOpen(ordinal)}
        onEnd={more}
        onScroll={onScroll}
      />
    );
  if (why !== undefined)
    return <Trouble title={isRefused ? 'The filter is not understood' : 'The log is not shown'} detail={why} />;
  if (isReading) return <Loading what="the log" />;
  if (list.next !== undefined)
    return <Empty title={`Nothing fits among ${list.lookedAt.toLocaleString('en')} events`} />;
  const isFiltered = list.lookedAt > 0;
  return (
    <Empty title={isFiltered ? 'No event fits' : 'The log has no such events'}>
      <p>What is recorded and fits appears here by itself.</p>
      <p>
        <Link to={{ view: 'log' }}>Show all events</Link>
      </p>
    </Empty>
  );
}

const followingWords = {
  starting: 'Not followed yet',
  live: 'Live',
  offline: 'Offline: what is shown may be old',
} as const;

/** How far the log was looked through, and whether its end is followed. */
function Foot({ log }: { readonly log: Log }): VNode {
  const { list, isReading, why, following, stop, more } = log;
  return (
    <div class="foot log-foot">
      <span class={`connection ${following}`} role="status">
        <span class="lamp" aria-hidden="true" />
        {followingWords[following]}
      </span>
      <span>
        {list.rows.length.toLocaleString('en')} shown
        {list.next !== undefined &&
          list.lastOrdinal !== undefined &&
          `; ${list.lookedAt.toLocaleString('en')} looked at, up to #${list.lastOrdinal}`}
        {list.isFull && '. More than a page should hold: narrow the filter, or go to an event'}
      </span>
      {why !== undefined && list.rows.length > 0 && <span class="problem">{why}</span>}
      {isReading && list.isRead && (
        <button type="button" onClick={stop}>
          Stop
        </button>
      )}
      {!isReading && list.next !== undefined && (
        <button type="button" onClick={more}>
          Go on
        </button>
      )}
    </div>
  );
}
