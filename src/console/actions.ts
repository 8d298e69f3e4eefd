import { post } from './api.js';
import { may, type Session } from './session.js';
import type { Violation } from './violation.js';

/** What somebody writes for an action: the name of the field, whether it must be there, and how it is asked for. */
export interface Field {
  readonly name: 'comment' | 'text' | 'url' | 'reason';
  readonly label: string;
  readonly isRequired: boolean;
  readonly most: number;
}

/** Something done about violations with one key. */
export interface Action {
  /** The end of its address in the API. */
  readonly name: 'acknowledge' | 'resolve' | 'false-positive' | 'comment' | 'ticket' | 'containment';
  readonly key: string;
  readonly label: string;
  /** As it is told afterwards: "3 violations acknowledged". */
  readonly done: string;
  /** Asked for before it is done; without it, it is done at once. */
  readonly field?: Field;
  readonly explains?: string;
  /** The API takes it for many at a time. */
  readonly isBulk: boolean;
  fits(violation: Violation): boolean;
}

const isOpen = ({ state }: Violation): boolean => state === 'new' || state === 'acknowledged' || state === 'open';
const always = (): boolean => true;

/** In the order of the bar. The engine's table of states decides; `fits` only hides what it would refuse. */
export const actions: readonly Action[] = [
  {
    name: 'acknowledge',
    key: 'a',
    label: 'Acknowledge',
    done: 'acknowledged',
    isBulk: true,
    fits: always,
  },
  {
    name: 'resolve',
    key: 'r',
    label: 'Resolve',
    done: 'resolved',
    isBulk: true,
    fits: isOpen,
  },
  {
    name: 'false-positive',
    key: 'f',
    label: 'False positive',
    done: 'marked as false positive',
    field: { name: 'comment', label: 'Why it is none', isRequired: true, most: 2_000 },
    explains: 'It stays closed when it is heard again. What is expected to go on needs an exception.',
    isBulk: true,
    fits: ({ state }) => state !== 'false-positive',
  },
  {
    name: 'comment',
    key: 'c',
    label: 'Comment',
    done: 'commented',
    field: { name: 'text', label: 'Comment', isRequired: true, most: 2_000 },
    isBulk: true,
    fits: always,
  },
  {
    name: 'ticket',
    key: 't',
    label: 'Link a ticket',
    done: 'linked to the ticket',
    field: { name: 'url', label: 'Address of the ticket (https://…)', isRequired: true, most: 990 },
    isBulk: true,
    fits: always,
  },
  {
    name: 'containment',
    key: 'C',
    label: 'Ask to contain',
    done: 'sent to billing',
    field: { name: 'reason', label: 'Reason, as billing is told it', isRequired: true, most: 500 },
    explains: 'Billing is asked to suspend the offending server. portledger itself suspends nobody.',
    isBulk: false,
    fits: (violation) => isOpen(violation) && violation.offender?.serverId !== undefined,
  },
];

/** Does it to one violation as it was seen; resolves with it as it is then. Rejects with Problem 412 when somebody acted meanwhile. */
export function act(
  action: Action,
  violation: Violation,
  fields: Readonly<Record<string, string>>,
): Promise<Violation> {
  return post(`/v1/violations/${encodeURIComponent(violation.violationId)}/${action.name}`, fields, violation.etag);
}

/** The actions that the engine lets somebody do. */
export const actionsOf = (session: Pick<Session, 'permissions'>): readonly Action[] =>
  actions.filter(({ name }) => may(session, `POST /v1/violations/{}/${name}`));
