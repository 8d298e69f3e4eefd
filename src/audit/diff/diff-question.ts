import { parseInstant, type StoredEvent } from '../../../events/index.js';
import { type AsOf, isKnown, type KnownAt, parseAt, parseKnownAt, type Read, spellAsOf } from '../as-of.js';
import { type Fields, mostBindings, strayField } from '../question.js';

/** Along which time the two maps lie: how the world went on, or how our knowledge of it did. */
export const axes = ['time', 'known'] as const;
export type Axis = (typeof axes)[number];

export interface DiffQuestion {
  readonly axis: Axis;
  readonly from: AsOf;
  readonly to: AsOf;
  /** At most this many differences in one answer, and the one to go on after. */
  readonly page: { readonly limit: number; readonly cursor?: string };
}

const known = ['from', 'to', 'axis', 'at', 'knownAt', 'limit', 'cursor'];

/**
 * Reads two moments of one axis. `#N` lies on the `known` axis and so names it; two instants lie on `time` unless the axis
 * is given. The other axis stands still: `knownAt` for `time`, `at` for `known`.
 */
export function readDiffQuestion(fields: Fields): Read<DiffQuestion> {
  const problem = strayField(fields, known) ?? wrongPage(fields);
  if (problem !== undefined) return { problem };
  const { from, to, at, knownAt, cursor } = fields;
  if (from === undefined || to === undefined) return { problem: 'from and to: name both moments to compare' };
  const axis = readAxis(fields, [from, to]);
  if ('problem' in axis) return axis;
  const page = { limit: Number(fields['limit'] ?? mostBindings), ...(cursor === undefined ? {} : { cursor }) };
  const moments = axis.value === 'time' ? onTime(from, to, knownAt) : onKnown(from, to, at);
  return 'problem' in moments ? moments : { value: { axis: axis.value, ...moments.value, page } };
}

/** The fields that are read back as this question. */
export function fieldsOfDiff({ axis, from, to, page }: DiffQuestion): Fields {
  const [one, two] = [spellAsOf(from), spellAsOf(to)];
  const moments =
    axis === 'time'
      ? { from: one.at, to: two.at, knownAt: two.knownAt }
      : { from: one.knownAt, to: two.knownAt, at: two.at };
  return { axis, ...moments, limit: String(page.limit), cursor: page.cursor };
}

/** True for the events that the later map counts and the earlier does not. */
export function isBetween({ from, to }: DiffQuestion, event: StoredEvent): boolean {
  return counts(event, to) && !counts(event, from);
}

function counts(event: StoredEvent, { at, knownAt }: AsOf): boolean {
  if (!isKnown(event, knownAt)) return false;
  // A skip counts whatever its `time`, and so does what it releases.
  return at === undefined || event.type === 'EventSkipped' || (parseInstant(event.metadata.time) ?? at) <= at;
}

type Moments = Read<Pick<DiffQuestion, 'from' | 'to'>>;
const inOrder = 'the first moment is later than the second: write them the other way round';

function onTime(fromText: string, toText: string, knownText: string | undefined): Moments {
  const from = parseAt(fromText);
  const to = parseAt(toText);
  const knownAt: Read<KnownAt> | undefined = knownText === undefined ? undefined : parseKnownAt(knownText);
  if ('problem' in from) return from;
  if ('problem' in to) return to;
  if (knownAt !== undefined && 'problem' in knownAt) return knownAt;
  if (from.value > to.value) return { problem: `from: ${inOrder}` };
  const rest = knownAt && { knownAt: knownAt.value };
  return { value: { from: { at: from.value, ...rest }, to: { at: to.value, ...rest } } };
}

function onKnown(fromText: string, toText: string, atText: string | undefined): Moments {
  const from = parseKnownAt(fromText);
  const to = parseKnownAt(toText);
  const at: Read<number> | undefined = atText === undefined ? undefined : parseAt(atText);
  if ('problem' in from) return from;
  if ('problem' in to) return to;
  if (at !== undefined && 'problem' in at) return at;
  if (placeOf(from.value) > placeOf(to.value)) return { problem: `from: ${inOrder}` };
  const rest = at && { at: at.value };
  return { value: { from: { knownAt: from.value, ...rest }, to: { knownAt: to.value, ...rest } } };
}

function placeOf(knownAt: KnownAt): number {
  return 'ordinal' in knownAt ? knownAt.ordinal : knownAt.recordedAt;
}

function readAxis({ axis, at, knownAt }: Fields, moments: readonly string[]): Read<Axis> {
  const ordinals = moments.filter((one) => one.startsWith('#')).length;
  const meant = axes.find((one) => one === (axis ?? (ordinals > 0 ? 'known' : 'time')));
  if (meant === undefined) return { problem: `axis: "${axis}" is neither time nor known` };
  if (meant === 'time' && ordinals > 0) return { problem: 'axis: #N lies on the known axis, not on time' };
  if (ordinals === 1) return { problem: 'from and to: write both as #N or both as instants' };
  if (meant === 'time' && at !== undefined) return { problem: 'at: from and to are the times already; drop it' };
  if (meant === 'known' && knownAt !== undefined) {
    return { problem: 'known-at: from and to say already what was known; drop it, or ask about --at' };
  }
  return { value: meant };
}

function wrongPage({ limit, cursor }: Fields): string | undefined {
  const isFit = limit === undefined || (/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= mostBindings);
  if (!isFit) return `limit: expected 1 to ${mostBindings}, found "${limit}"`;
  return cursor === undefined || /^(server|violation):/.test(cursor)
    ? undefined
    : 'cursor: expected the `next` of the page before';
}
