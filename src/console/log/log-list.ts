/** An event as the log holds it. An unreadable one may lack anything, so nothing of it is believed. */
export interface LogEvent {
  readonly id: string;
  readonly ordinal: number;
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: {
    readonly source?: string;
    readonly time?: string;
    readonly recordedAt?: string;
    readonly causedBy?: readonly string[];
  } | null;
  readonly unreadable?: string;
}

/** A page of the log, as the engine answers it. */
export interface LogPageAnswer {
  readonly events: readonly LogEvent[];
  readonly next?: string;
  readonly last?: string;
  readonly lastOrdinal?: number;
  readonly lookedAt: number;
}

/** The events that were read so far, in the order of the list. */
export interface LogList {
  readonly rows: readonly LogEvent[];
  /** Stored since, and not in the list yet: it would move under the reader's eyes. Oldest first. */
  readonly news: readonly LogEvent[];
  /** Where to go on; undefined when the list is whole. */
  readonly next: string | undefined;
  readonly lookedAt: number;
  readonly lastOrdinal: number | undefined;
  /** It holds as many events as a browser should. */
  readonly isFull: boolean;
  /** False before the first answer. */
  readonly isRead: boolean;
}

export const emptyList: LogList = {
  ...{ rows: [], news: [], next: undefined, lookedAt: 0, lastOrdinal: undefined, isFull: false, isRead: false },
};

/** Where a reader stops: a browser holds no whole log. */
export const mostRows = 50_000;

/** The list with its next page behind it. */
export function withPage(list: LogList, page: LogPageAnswer, oldest: boolean): LogList {
  const last = list.rows.at(-1)?.ordinal;
  const isNew = ({ ordinal }: LogEvent): boolean => last === undefined || (oldest ? ordinal > last : ordinal < last);
  const read = [...list.rows, ...page.events.filter(isNew)];
  const isFull = read.length >= mostRows;
  // What came while the last page was on its way stands behind it.
  const end = read.at(-1)?.ordinal ?? -1;
  const isWhole = oldest && page.next === undefined && !isFull;
  const rows = isWhole ? [...read, ...list.news.filter(({ ordinal }) => ordinal > end)] : read;
  return {
    ...list,
    rows,
    news: isWhole ? [] : list.news,
    next: isFull ? undefined : page.next,
    isFull,
    lookedAt: list.lookedAt + page.lookedAt,
    lastOrdinal: page.lastOrdinal ?? list.lastOrdinal,
    isRead: true,
  };
}

/** The list with what was stored since, in sight at once only where that moves nothing. */
export function withNews(
  list: LogList,
  events: readonly LogEvent[],
  { oldest, isFree }: { readonly oldest: boolean; readonly isFree: boolean },
): LogList {
  const newest = Math.max(list.news.at(-1)?.ordinal ?? -1, (oldest ? list.rows.at(-1) : list.rows[0])?.ordinal ?? -1);
  const fresh = events.filter(({ ordinal }) => ordinal > newest);
  if (fresh.length === 0) return list;
  if (oldest && list.next === undefined && !list.isFull) return { ...list, rows: [...list.rows, ...fresh] };
  const waiting = { ...list, news: [...list.news, ...fresh].slice(-mostRows) };
  return isFree && !oldest ? withNewsShown(waiting) : waiting;
}

/** The list with everything that waited, on top. */
export function withNewsShown(list: LogList): LogList {
  return { ...list, rows: [...list.news.toReversed(), ...list.rows], news: [] };
}
