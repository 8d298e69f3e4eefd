import type { StoredEvent } from '../../../events/index.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { Auditor } from '../audit.js';
import { heldKinds, readSubjectQuestion } from '../question.js';
import type { Interval } from '../who-had.js';
import type { HitGroup } from './find.js';
import { type Hit, type HitKind, mostStanding, type Standing } from './hit.js';
import type { Reading } from './probe.js';

const kindOfMark: Readonly<Record<string, HitKind>> = { ip: 'address', prefix: 'prefix', mac: 'mac', port: 'port' };

/** The event that the text names by its ordinal or id. */
export async function hitsOfLog(
  store: Pick<EventStore, 'readAt' | 'findById'>,
  { ordinal, eventId }: Reading,
): Promise<HitGroup[]> {
  const [byOrdinal] = ordinal === undefined ? [] : await store.readAt([ordinal]);
  const event = byOrdinal ?? (eventId === undefined ? undefined : await store.findById(eventId));
  return event === undefined ? [] : [{ kind: 'event', hits: [hitOfEvent(event)], more: false }];
}

function hitOfEvent({ ordinal, id, type, stream, metadata }: StoredEvent): Hit {
  const event = { ordinal, id, type, stream, recordedAt: metadata.recordedAt };
  return { kind: 'event', name: `#${ordinal}`, match: 'exact', why: 'is this', now: [], past: [], event };
}

/** The groups with who had the thing before, as the log tells it; also where nobody has it now. */
export async function withPast(
  auditor: Auditor,
  { subjects }: Reading,
  groups: readonly HitGroup[],
): Promise<HitGroup[]> {
  const answer = [...groups];
  for (const subject of subjects) {
    const colon = subject.indexOf(':');
    const kind = kindOfMark[subject.slice(0, colon)];
    const question = kind && readSubjectQuestion({ subject }, heldKinds);
    if (kind === undefined || question === undefined || 'problem' in question) continue;
    const outcome = await auditor.whoHad(question.value);
    if (outcome.outcome !== 'answered') continue;
    const past = outcome.answer.intervals.filter(({ to }) => to !== undefined).map(standingOf);
    if (past.length > 0) addPast(answer, kind, subject.slice(colon + 1), latest(past));
  }
  return answer;
}

function latest(past: readonly Standing[]): Standing[] {
  return [...past].sort((a, b) => ((a.until ?? '') > (b.until ?? '') ? -1 : 1)).slice(0, mostStanding);
}

function standingOf({ serverId, customerId, port, switch: name, role, to }: Interval): Standing {
  return {
    role: role === 'gateway' ? 'gateway' : 'former',
    ...(serverId === undefined ? {} : { server: serverId }),
    ...(customerId === undefined ? {} : { customer: customerId }),
    ...(port === undefined ? {} : { port }),
    ...(name === undefined ? {} : { switch: name }),
    ...(to === undefined ? {} : { until: to }),
  };
}

function addPast(groups: HitGroup[], kind: HitKind, name: string, past: readonly Standing[]): void {
  const at = groups.findIndex((one) => one.kind === kind);
  const group = groups[at] ?? { kind, hits: [], more: false };
  const found = group.hits.find((one) => one.name === name);
  const hit: Hit = found ?? { kind, name, match: 'exact', why: 'is this', now: [], past: [] };
  const others = group.hits.filter((one) => one !== found);
  const filled = { ...group, hits: [{ ...hit, past }, ...others] };
  if (at < 0) groups.unshift(filled);
  else groups[at] = filled;
}
