import { formatInstant } from '../../events/index.js';
import type { AlertItem, AlertMessage } from '../drivers/alert/alert.port.js';
import type { Alert } from '../ops/alerts.js';
import { messageOf } from './alert-bundle.js';
import type { Delivered, GivenUp } from './alert-journal.js';
import type { LogMessage } from './alert-reading.js';
import { namedUuid } from './named-uuid.js';
import { clearedItem, raisedItem, type StandingAlerts, tokenOf } from './standing-alerts.js';

/** A message that is to be taken by the destination, and what is true once it was. */
export interface Sending {
  readonly message: AlertMessage;
  /** Of the log: what it covers. Absent for what is no event: an alert of the engine itself. */
  readonly covers?: Pick<LogMessage, 'upTo' | 'firstEventId' | 'lastEventId' | 'violationIds'>;
  readonly raised?: readonly string[];
  readonly cleared?: readonly string[];
  /** An operator sends it again: what it covers was passed long ago. */
  readonly again?: true;
  tries: number;
  firstTriedAt: number;
  notBefore: number;
}

const untried = { tries: 0, firstTriedAt: 0, notBefore: 0 };

export function sendingOf({ message, ...covers }: LogMessage): Sending {
  return { message, covers, ...untried };
}

/** What the destination is to be told of the alerts of the engine itself; undefined where it knows all of them. `now` is ms since 1970. */
export function ownAlerts(
  destination: string,
  standing: StandingAlerts,
  current: readonly Alert[],
  now: number,
): Sending | undefined {
  const { raised, cleared } = standing.untold(current, now);
  const [item, ...more]: AlertItem[] = [
    ...raised.map(raisedItem),
    ...cleared.map((token) => clearedItem(token, formatInstant(now))),
  ];
  if (item === undefined) return undefined;
  const tokens = raised.map(tokenOf);
  const named = JSON.stringify([destination, raised.map((one) => [tokenOf(one), one.since]), cleared, item.at]);
  const message = messageOf(namedUuid(`engine ${named}`), item, ...more);
  return { message, raised: tokens, cleared, ...untried };
}

/** What the journal keeps of a message that was taken. */
export function deliveredOf({ message, covers, tries, raised = [], cleared = [] }: Sending): Delivered {
  const ids = [...(covers?.violationIds ?? [])];
  return {
    messageId: message.id,
    kind: kindOf(message),
    messages: 1,
    alerts: message.count,
    attempts: tries,
    ...(ids.length === 0 ? {} : { violationIds: ids.slice(0, 100) }),
    ...(raised.length === 0 ? {} : { raised }),
    ...(cleared.length === 0 ? {} : { cleared }),
  };
}

/** What the journal keeps of a message that nobody took for too long. */
export function givenUpOf(
  { message, tries }: Sending,
  { firstEventId, lastEventId }: NonNullable<Sending['covers']>,
  reason: string,
): GivenUp & { readonly attempts: number; readonly reason: string } {
  const named = { messageId: message.id, kind: kindOf(message), firstEventId, lastEventId };
  return { ...named, alerts: message.count, attempts: tries, reason };
}

const kindOf = (message: AlertMessage): string => (message.count === 1 ? message.items[0].kind : 'several');
