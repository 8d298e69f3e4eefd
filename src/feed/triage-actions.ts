import { type EventType } from '../../events/index.js';
import type { TriageAct } from '../../projections/index.js';
import type { Read } from './violation-filter.js';

/** What a person may do about a violation over HTTP, by the name it has there. */
interface ActionShape {
  readonly act: TriageAct;
  readonly type: EventType;
  /** The fields of its body; `!` marks one that must be there. */
  readonly fields: readonly string[];
}

const shapes = {
  acknowledge: { act: 'acknowledge', type: 'ViolationAcknowledged', fields: ['assignee', 'comment'] },
  resolve: { act: 'resolve', type: 'ViolationResolved', fields: ['comment'] },
  'false-positive': { act: 'false-positive', type: 'ViolationMarkedFalsePositive', fields: ['comment!'] },
  comment: { act: 'comment', type: 'ViolationCommented', fields: ['text!'] },
  ticket: { act: 'ticket', type: 'ViolationTicketLinked', fields: ['url!'] },
} as const satisfies Record<string, ActionShape>;

export type ActionName = keyof typeof shapes;
export const actionNames = Object.keys(shapes) as ActionName[];

/** An act and what it says, whichever violation it is done to. */
export interface Action {
  readonly act: TriageAct;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads the body of an action; `by` is who asks. What the texts may hold is for the event's contract to say. */
export function readAction(name: string, body: unknown, by: string): Read<Action> {
  const known = actionNames.find((one) => one === name);
  if (known === undefined) return { problem: `action: expected one of ${actionNames.join(', ')}` };
  const { act, type, fields } = shapes[known];
  const given = typeof body === 'object' && body !== null ? body : {};
  const names = fields.map((field) => field.replace('!', ''));
  const stray = Object.keys(given).find((one) => !names.includes(one));
  if (stray !== undefined)
    return { problem: `${stray.slice(0, 80)}: no such field; ${name} takes ${names.join(' and ')}` };
  const missing = fields.find((field) => field.endsWith('!') && !Object.hasOwn(given, field.slice(0, -1)));
  if (missing !== undefined) return { problem: `${missing.slice(0, -1)}: missing; ${name} needs it` };
  const data = known === 'acknowledge' ? { by, assignee: by, ...given } : { by, ...given };
  return { value: { act, type, data } };
}
