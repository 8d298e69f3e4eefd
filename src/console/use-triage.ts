import { useState } from 'preact/hooks';
import { act, type Action } from './actions.js';
import { countOf } from './action-dialog.js';
import { post, Problem, sentenceOf } from './api.js';
import { useApp } from './app-context.js';
import type { Feed } from './feed.js';
import type { Violation } from './violation.js';

/** What a bulk action answers, one result for each item, in order. */
interface BulkAnswer {
  readonly results: readonly { readonly status: number; readonly violation?: Violation; readonly detail?: string }[];
}

type Fields = Readonly<Record<string, string>>;

/** Which dialog is open, and about what. */
export type Asking =
  | { readonly kind: 'action'; readonly action: Action; readonly targets: readonly Violation[] }
  | { readonly kind: 'mute'; readonly targets: readonly Violation[] }
  | { readonly kind: 'help' };

export interface Triage {
  readonly asking: Asking | undefined;
  readonly open: (asking: Asking) => void;
  readonly close: () => void;
  /** Does it at once, or asks first for what it needs to be told. */
  readonly begin: (action: Action, targets: readonly Violation[]) => void;
  /** Does it. Rejects with what the engine said where nothing was done. */
  readonly perform: (action: Action, targets: readonly Violation[], fields: Fields) => Promise<void>;
}

const mostInBulk = 500;

/** Acting on violations: at once or by a dialog, one or many, told in one line afterwards. */
export function useTriage(feed: Feed, onDone: () => void): Triage {
  const { say } = useApp();
  const [asking, setAsking] = useState<Asking>();

  const one = async (action: Action, violation: Violation, fields: Fields): Promise<void> => {
    try {
      feed.replace(await act(action, violation, fields));
      say(`${countOf(1)} ${action.done}.`);
    } catch (error) {
      // Refused, because it is not what was seen: the answer brings what it is.
      const { violation: now } = (error instanceof Problem ? error.body : {}) as { readonly violation?: Violation };
      if (now !== undefined) feed.replace(now);
      throw error;
    }
  };

  const many = async (action: Action, targets: readonly Violation[], fields: Fields): Promise<void> => {
    let done = 0;
    let why: string | undefined;
    for (let at = 0; at < targets.length; at += mostInBulk) {
      const items = targets.slice(at, at + mostInBulk).map(({ violationId: id, etag }) => ({ id, etag }));
      const { results } = await post<BulkAnswer>('/v1/violations/bulk', { action: action.name, items, ...fields });
      for (const { violation, detail } of results) {
        if (violation !== undefined) feed.replace(violation);
        else why ??= detail;
      }
      done += results.filter(({ status }) => status === 200).length;
    }
    const left = targets.length - done;
    const rest = left === 0 ? '.' : `; ${countOf(left)} not: ${why ?? 'refused'}`;
    say(`${countOf(done)} ${action.done}${rest}`, left === 0 ? 'done' : 'failed');
    if (left > 0) await feed.reload();
  };

  const perform = async (action: Action, targets: readonly Violation[], fields: Fields): Promise<void> => {
    const [only] = targets;
    if (targets.length === 1 && only !== undefined) await one(action, only, fields);
    else await many(action, targets, fields);
    onDone();
  };

  const begin = (action: Action, given: readonly Violation[]): void => {
    const fitting = given.filter((violation) => action.fits(violation));
    const targets = action.isBulk ? fitting : fitting.slice(0, 1);
    if (targets.length === 0) {
      if (given.length > 0) say(`${action.label}: not in this state.`, 'failed');
    } else if (action.field !== undefined) setAsking({ kind: 'action', action, targets });
    else perform(action, targets, {}).catch((error: unknown) => say(whatWent(error), 'failed'));
  };

  return { asking, open: setAsking, close: () => setAsking(undefined), begin, perform };
}

function whatWent(error: unknown): string {
  if (error instanceof Problem && error.status === 412) return `Not done, somebody was first: ${error.message}`;
  return `Not done: ${sentenceOf(error)}`;
}
