import { useRef, useState } from 'preact/hooks';
import { act, type Action } from './actions.js';
import { post, Problem, sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import type { Feed } from './feed.js';
import { Turns } from './turns.js';
import { countOf, type Violation } from './violation.js';

/** What a bulk action answers, one result for each item, in order. */
interface BulkAnswer {
  readonly results: readonly { readonly status: number; readonly violation?: Violation; readonly detail?: string }[];
}

type Fields = Readonly<Record<string, string>>;

/** Which dialog is open, and about what. */
export type Asking =
  | { readonly kind: 'action'; readonly action: Action; readonly targets: readonly Violation[] }
  | { readonly kind: 'mute'; readonly targets: readonly Violation[] };

export interface Triage {
  readonly asking: Asking | undefined;
  readonly open: (asking: Asking) => void;
  /** Closes this dialog, and no other that was opened since. */
  readonly close: (asking: Asking) => void;
  /** Does it at once, or asks first for what it needs to be told. */
  readonly begin: (action: Action, targets: readonly Violation[]) => void;
  /** Does it. Rejects with what the engine said where nothing was done. */
  readonly perform: (action: Action, targets: readonly Violation[], fields: Fields) => Promise<void>;
}

/** The most the API takes in one bulk action. */
const mostInBulk = 500;

/** What can be done about violations, each at what was seen of it. @param onDone told of what it was done to */
export function useTriage(feed: Feed, onDone: (targets: readonly Violation[]) => void): Triage {
  const { say } = useApp();
  const [asking, setAsking] = useState<Asking>();
  const [turns] = useState(() => new Turns());
  const latest = useRef(onDone);
  latest.current = onDone;

  const one = async (action: Action, violation: Violation, fields: Fields): Promise<readonly Violation[]> => {
    try {
      const now = await act(action, violation, fields);
      feed.replace(now);
      say(`${countOf(1)} ${action.done}.`);
      return [now];
    } catch (error) {
      // Refused, because it is not what was seen: the answer brings what it is.
      const { violation: now } = (error instanceof Problem ? error.body : {}) as { readonly violation?: Violation };
      if (now !== undefined) feed.replace(now);
      throw error;
    }
  };

  const many = async (action: Action, targets: readonly Violation[], fields: Fields): Promise<readonly Violation[]> => {
    const done: Violation[] = [];
    let count = 0;
    let why: string | undefined;
    for (let at = 0; at < targets.length; at += mostInBulk) {
      const items = targets.slice(at, at + mostInBulk).map(({ violationId: id, etag }) => ({ id, etag }));
      const { results } = await post<BulkAnswer>('/v1/violations/bulk', { action: action.name, items, ...fields });
      for (const { status, violation, detail } of results) {
        if (violation !== undefined) feed.replace(violation);
        if (status !== 200) why ??= detail;
        else {
          count++;
          if (violation !== undefined) done.push(violation);
        }
      }
    }
    const left = targets.length - count;
    const rest = left === 0 ? '.' : `; ${countOf(left)} not: ${why ?? 'refused'}`;
    say(`${countOf(count)} ${action.done}${rest}`, left === 0 ? 'done' : 'failed');
    if (left > 0) feed.refresh();
    return done;
  };

  const perform = async (action: Action, targets: readonly Violation[], fields: Fields): Promise<void> => {
    await turns.take(action.name, targets, async (current) => {
      // What was done meanwhile by the reader's own hand may have left nothing to do.
      const fitting = current.filter((violation) => action.fits(violation));
      const [only] = fitting;
      if (only === undefined) return [];
      return fitting.length === 1 ? one(action, only, fields) : many(action, fitting, fields);
    });
    latest.current(targets);
  };

  const begin = (action: Action, given: readonly Violation[]): void => {
    const fitting = given.filter((violation) => action.fits(violation));
    const targets = action.isBulk ? fitting : fitting.slice(0, 1);
    if (targets.length === 0) {
      if (given.length > 0) say(`${action.label}: not in this state.`, 'failed');
    } else if (action.field !== undefined) setAsking({ kind: 'action', action, targets });
    else if (!turns.isUnderWay(action.name, targets))
      perform(action, targets, {}).catch((error: unknown) => say(whatWent(error), 'failed'));
  };

  const close = (closed: Asking): void => setAsking((now) => (now === closed ? undefined : now));
  return { asking, open: setAsking, close, begin, perform };
}

function whatWent(error: unknown): string {
  if (error instanceof Problem && error.status === 412) return `Not done, somebody was first: ${error.message}`;
  return `Not done: ${sentenceOf(error)}`;
}
