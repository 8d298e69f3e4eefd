import type { EventRow, Flat, WriteCall, WriteEvent, WriteOutcome, WriteRequest } from './writer-messages.js';

const anyRevision = -2;
const systemClock = -1;

/** Adds one call to a message. */
export function packCall(into: Flat, { requests, at, onlyNew }: WriteCall): void {
  into.push(at ?? systemClock, onlyNew ? 1 : 0, requests.length);
  for (const { stream, expected, events } of requests) {
    into.push(stream, expected === 'any' ? anyRevision : expected, events.length);
    for (const { id, type, data, metadata, stampAt } of events) into.push(id, type, data, metadata, stampAt);
  }
}

/** Reads a message from front to back. */
export class FlatReader {
  private at = 0;

  constructor(private readonly flat: Flat) {}

  get ended(): boolean {
    return this.at >= this.flat.length;
  }

  text(): string {
    const found = this.flat[this.at++];
    if (typeof found !== 'string') throw this.misread('a text', found);
    return found;
  }

  number(): number {
    const found = this.flat[this.at++];
    if (typeof found !== 'number') throw this.misread('a number', found);
    return found;
  }

  private misread(expected: string, found: unknown): Error {
    return new Error(
      `A message between the store's threads has ${String(found)} at ${this.at - 1}, expected ${expected}`,
    );
  }
}

/** Reads one call. */
export function unpackCall(from: FlatReader): WriteCall {
  const at = from.number();
  const onlyNew = from.number() === 1;
  const requests: WriteRequest[] = [];
  for (let left = from.number(); left > 0; left--) {
    const stream = from.text();
    const expected = from.number();
    const events: WriteEvent[] = [];
    for (let more = from.number(); more > 0; more--)
      events.push({
        id: from.text(),
        type: from.text(),
        data: from.text(),
        metadata: from.text(),
        stampAt: from.number(),
      });
    requests.push({ stream, expected: expected === anyRevision ? 'any' : expected, events });
  }
  return { requests, at: at === systemClock ? undefined : at, onlyNew };
}

const stored = 0;
const duplicate = 1;
const wrongRevision = 2;
const idConflict = 3;
const notNew = 4;

export function packOutcome(into: Flat, outcome: WriteOutcome): void {
  switch (outcome.outcome) {
    case 'stored':
      into.push(stored, outcome.ordinal, outcome.revision, outcome.at);
      return;
    case 'duplicate':
      into.push(duplicate, outcome.rows.length);
      for (const row of outcome.rows) into.push(...row);
      return;
    case 'wrong-revision':
      into.push(wrongRevision, outcome.expected, outcome.actual);
      return;
    case 'id-conflict':
      into.push(idConflict, outcome.id);
      return;
    case 'not-new':
      into.push(notNew);
  }
}

export function unpackOutcome(from: FlatReader): WriteOutcome {
  switch (from.number()) {
    case stored:
      return { outcome: 'stored', ordinal: from.number(), revision: from.number(), at: from.number() };
    case duplicate:
      return { outcome: 'duplicate', rows: Array.from({ length: from.number() }, () => unpackRow(from)) };
    case wrongRevision:
      return { outcome: 'wrong-revision', expected: from.number(), actual: from.number() };
    case notNew:
      return { outcome: 'not-new' };
    default:
      return { outcome: 'id-conflict', id: from.text() };
  }
}

function unpackRow(from: FlatReader): EventRow {
  return [from.number(), from.text(), from.number(), from.text(), from.text(), from.text(), from.text()];
}
