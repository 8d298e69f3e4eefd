import { printable, shortInstant, textTable } from '../cli/text-table.js';
import type { RetryAnswer } from './decode-again.js';
import type { NamedEvent, ParkedDetail, ParkedStream } from './parked.js';
import type { Skipped } from './skip-parked.js';

const shownHeld = 20;

export function renderParkedList(streams: readonly ParkedStream[]): string {
  if (streams.length === 0) return 'Nothing is parked: every event can be read.';
  const rows = streams.map(({ stream, parked, held, reason }) => [
    stream,
    `#${parked.ordinal}`,
    parked.type,
    shortInstant(parked.recordedAt),
    String(held),
    reason,
  ]);
  return textTable([['STREAM', 'PARKED', 'TYPE', 'RECORDED', 'HELD', 'REASON'], ...rows]);
}

export function renderParked({ stream, parked, reason, held, event, heldEvents }: ParkedDetail): string {
  const waiting = heldEvents
    .slice(0, shownHeld)
    .map((one) => [`#${one.ordinal}`, one.type, shortInstant(one.recordedAt)]);
  return [
    `${printable(stream)} is frozen by ${spell(parked)}`,
    `Cannot be read: ${printable(reason)}`,
    `Event ${printable(parked.id)}, recorded ${shortInstant(printable(parked.recordedAt))}`,
    `Data  ${printable(JSON.stringify(event.data))}`,
    '',
    held === 0
      ? 'No later event is held.'
      : `${held} later events are held${held > shownHeld ? `, the first ${shownHeld}` : ''}:`,
    ...(held === 0 ? [] : [textTable(waiting, '  ')]),
    '',
    `After code that can read it was installed: portledger parked retry ${printable(stream)}`,
    `To pass over it: ${skipCommand(stream, parked.id)}`,
  ].join('\n');
}

export function renderRetry(answer: RetryAnswer, isEngine: boolean): string {
  const { stream, parked, readable, reason, follow, held, parkedNext } = answer;
  if (parked === undefined)
    return `Every event of ${printable(stream)} can be read with the code installed now. The next start of an engine folds them.`;
  if (!readable) return `${spell(parked)} of ${printable(stream)} still cannot be read: ${printable(reason ?? '')}`;
  const next =
    parkedNext === undefined
      ? ''
      : ` Then ${spell(parkedNext.event)} would be parked: ${printable(parkedNext.reason)}.`;
  const cure = isEngine
    ? 'Restart the engine: it runs with the code it was started with.'
    : 'The next start of an engine folds them.';
  return `${spell(parked)} of ${printable(stream)} can be read with the code installed now; ${follow} of ${held} held events follow.${next} ${cure}`;
}

export function renderSkipped({ stream, eventId, skip, released, parkedNext }: Skipped): string {
  const said = `Event ${eventId} of ${printable(stream)} is passed over (#${skip.ordinal} EventSkipped); ${released} held events are folded.`;
  if (parkedNext === undefined) return said;
  const { parked, reason, held } = parkedNext;
  return `${said}\nNow ${spell(parked)} is parked (${printable(reason)}), and ${held} are held behind it.`;
}

/** The command that skips this event and no other. */
export function skipCommand(stream: string, eventId: string): string {
  return `portledger parked skip ${printable(stream)} --reason TEXT --confirm ${printable(eventId)}`;
}

function spell({ ordinal, type }: NamedEvent): string {
  return `#${ordinal} ${printable(type)}`;
}
