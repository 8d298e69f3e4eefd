import { decodeEvent, type StoredEvent } from '../../events/index.js';
import { type AccessAnswer, accessPage, type AccessQuestion } from './access/access-question.js';
import type { SourceEmbedding } from '../config/source-embedding.js';
import { type AsOf, spellAsOf } from './as-of.js';
import { otherBelief } from './belief.js';
import { happened, overlapping, spellBetween } from './between.js';
import { desiredLines, unconfigured, type ViewOf } from './desired-lines.js';
import { type AllDifferences, diff, type DiffAnswer, diffPage } from './diff/diff.js';
import type { DiffQuestion } from './diff/diff-question.js';
import { answerEmbedded, type Embedded } from './embedding/answer-embedded.js';
import { explain, type Explanation } from './explain.js';
import { type Gap, gapsIn, gapsWithin } from './gaps.js';
import { howSure, type HowSure } from './how-sure.js';
import { Kept } from './kept.js';
import { type Indexed, type KeysOf, KnownLog, type LogReader } from './known-log.js';
import { frozenView, type MapAnswer, pageOf } from './map-answer.js';
import type { ImagesPlace } from './map-images/images-place.js';
import { mayMention, mentions, violationConcerns } from './mentions.js';
import type { MapQuestion, SubjectQuestion } from './question.js';
import { ReplayedMaps } from './replayed-maps.js';
import { namingKeys, ownStream, violationKeys } from './subject-keys.js';
import { firstOrdinal, type StepAnswer, stepsAbout, StepWalk } from './step/step.js';
import type { StepQuestion } from './step/step-question.js';
import { spellMarked, type Subject } from './subject.js';
import { tracesOf } from './traces.js';
import { during, type Interval, type WhoHad, whoHad } from './who-had.js';

/** What every answer about a subject says of itself. */
export interface AnswerHead {
  readonly subject: Subject;
  /** Of the last event that was known. */
  readonly ordinal: number;
  readonly at?: string;
  /** Both ends, as `A..B`. */
  readonly between?: string;
  readonly knownAt?: string;
}

/** An interval, and where somebody had it by being sold it: how sure that is. */
export type SureInterval = Interval & { readonly sure?: HowSure };
export type WhoHadAnswer = AnswerHead &
  Omit<WhoHad, 'intervals'> & {
    readonly intervals: readonly SureInterval[];
    /** When nobody had it, or it was on no device or led nowhere, and why. */
    readonly gaps: readonly Gap[];
    /** With `at` alone: what was believed at that moment, where it is not what is known of it today. */
    readonly believed?: readonly Interval[];
    /** Of an address that carries an IPv4 source: who had that. */
    readonly embedded?: Embedded<WhoHadAnswer>;
  };
export type Explained = AnswerHead & Explanation & { readonly embedded?: Embedded<Explained> };

/** An answer, or why there is none: nothing is known of the subject, or its text names several things that exist. */
export type Outcome<Answer> =
  | { readonly outcome: 'answered'; readonly answer: Answer }
  | { readonly outcome: 'unknown' | 'ambiguous'; readonly detail: string };

/** Who answers audit questions: the log itself, or an engine asked over HTTP. */
export interface Auditor {
  map(question: MapQuestion): Promise<MapAnswer>;
  whoHad(question: SubjectQuestion): Promise<Outcome<WhoHadAnswer>>;
  explain(question: SubjectQuestion): Promise<Outcome<Explained>>;
  diff(question: DiffQuestion): Promise<DiffAnswer>;
  step(question: StepQuestion): Promise<Outcome<StepAnswer>>;
  access(question: AccessQuestion): Promise<AccessAnswer>;
}

/**
 * Answers from a log, by plain replay or, where there are, with the help of its address history and the images of its map;
 * the answer is the same. Rejects with the StoreError of a log that cannot be read.
 */
export class Audit implements Auditor {
  private readonly maps;
  private readonly walk;
  private readonly differences = new Kept<AllDifferences>();

  /**
   * @param indexed what there is to search with at the moment of a question
   * @param images where images of past maps may stand
   * @param viewOf how a device names things
   * @param embeddings prefixes whose addresses carry an IPv4 source
   */
  constructor(
    private readonly reader: LogReader,
    private readonly indexed: () => Indexed = () => ({}),
    images?: ImagesPlace,
    private readonly viewOf: ViewOf = unconfigured,
    private readonly embeddings: readonly SourceEmbedding[] = [],
  ) {
    this.maps = new ReplayedMaps(reader, images);
    this.walk = new StepWalk(reader);
  }

  async map({ filters, page, device, violations, ...asOf }: MapQuestion): Promise<MapAnswer> {
    const { map, ordinal, frozenStreams, idsOf, openViolations } = await this.maps.asOf(asOf);
    const frozen = frozenStreams.map(frozenView);
    const view = device && this.viewOf(device);
    const bindings = pageOf(map, idsOf(view ? { ...filters, switch: view.switch } : filters), page);
    const desired = view && page.cursor === undefined ? { desired: desiredLines(map, device, view) } : {};
    const open = violations === true && page.cursor === undefined ? { open: openViolations() } : {};
    return { ordinal, live: false, ...spellAsOf(asOf), frozenStreams: frozen, ...desired, ...open, ...bindings };
  }

  whoHad(question: SubjectQuestion): Promise<Outcome<WhoHadAnswer>> {
    return answerEmbedded(question, this.embeddings, {
      ask: (one) => this.whoHadIt(one),
      nothing: (head): WhoHadAnswer => ({ ...head, intervals: [], idle: [], gaps: [] }),
    });
  }

  explain(question: SubjectQuestion): Promise<Outcome<Explained>> {
    return answerEmbedded(question, this.embeddings, {
      ask: (one) => this.explainIt(one),
      nothing: (head): Explained => ({
        ...{ ...head, holdings: [], servers: [], delegations: [], gateways: [], gaps: [], violations: [] },
      }),
    });
  }

  private async whoHadIt(question: SubjectQuestion): Promise<Outcome<WhoHadAnswer>> {
    return this.answer(question, async (log, subject) => {
      const found = await whoHad(log, subject);
      if (found === undefined) return undefined;
      const { at, between, knownAt } = question;
      const meant = at !== undefined ? during(found, at) : between !== undefined ? overlapping(found, between) : found;
      const intervals = await sureOf(log, subject, meant.intervals);
      const gaps = gapsWithin(
        await gapsIn(log, subject, { all: found.intervals, meant: intervals }),
        at ?? between?.from ?? Number.NEGATIVE_INFINITY,
        at ?? between?.to ?? Number.POSITIVE_INFINITY,
      );
      if (at === undefined || knownAt !== undefined) return { ...meant, intervals, gaps };
      const then = await whoHad(await KnownLog.open(this.reader, { recordedAt: at }, this.indexed()), subject);
      const believed = otherBelief(meant.intervals, then === undefined ? [] : during(then, at).intervals);
      return { ...meant, intervals, gaps, ...(believed === undefined ? {} : { believed }) };
    });
  }

  private async explainIt(question: SubjectQuestion): Promise<Outcome<Explained>> {
    const { at, between } = question;
    return this.answer(question, async (log, subject) => {
      const found = await explain(log, subject, between?.to ?? at);
      return found === undefined || between === undefined ? found : happened(found, between);
    });
  }

  async diff(question: DiffQuestion): Promise<DiffAnswer> {
    const { axis, from, to } = question;
    const isBounded = to.knownAt !== undefined && 'ordinal' in to.knownAt;
    const key = JSON.stringify([axis, from, to, isBounded ? undefined : (await this.reader.head())?.ordinal]);
    return diffPage(question, await this.differences.get(key, () => diff(this.reader, question, this.indexed())));
  }

  async step(question: StepQuestion): Promise<Outcome<StepAnswer>> {
    const { about, from, to, limit } = question;
    if (about === undefined) return { outcome: 'answered', answer: await this.walk.page(question) };
    const first = await firstOrdinal(this.reader, from);
    const known = to === undefined ? {} : { knownAt: to };
    return this.answer({ ...about, ...known }, (log, subject) => stepsAbout(log, subject, { limit, first }));
  }

  access(question: AccessQuestion): Promise<AccessAnswer> {
    return accessPage(this.reader, question);
  }

  private async answer<Found extends object>(
    { subjects, text, between, ...asOf }: SubjectQuestion,
    ask: (log: KnownLog, subject: Subject) => Promise<Found | undefined>,
  ): Promise<Outcome<AnswerHead & Found>> {
    const log = await KnownLog.open(this.reader, asOf.knownAt, this.indexed());
    const [subject, ...others] = subjects.length > 1 ? await existing(log, subjects) : subjects;
    if (others.length > 0) return { outcome: 'ambiguous', detail: ambiguous(text, [subject, ...others]) };
    const found = subject && (await ask(log, subject));
    if (subject === undefined || found === undefined) return { outcome: 'unknown', detail: unknown(text, asOf) };
    const moments = { ...spellAsOf(asOf), ...(between === undefined ? {} : { between: spellBetween(between) }) };
    return { outcome: 'answered', answer: { subject, ordinal: log.ordinal, ...moments, ...found } };
  }
}

async function sureOf(log: KnownLog, subject: Subject, intervals: readonly Interval[]): Promise<SureInterval[]> {
  const traces = await tracesOf(log, subject, intervals);
  return intervals.map((one) => (one.role === 'holder' ? { ...one, sure: howSure(one, traces) } : one));
}

/** Those of the meanings that some event names. */
async function existing(log: KnownLog, subjects: readonly Subject[]): Promise<Subject[]> {
  const found = new Set<Subject>();
  const take = (page: readonly StoredEvent[]): void => {
    for (const stored of page) {
      const open = subjects.filter((one) => !found.has(one) && mayName(stored.type, one));
      const decoded = open.length === 0 ? undefined : decodeEvent(stored);
      if (decoded?.readable !== true) continue;
      const { event } = decoded;
      for (const subject of open) {
        const isNamed = event.type === 'ViolationDetected' && violationConcerns(event.data, subject);
        if (isNamed || mentions(event, subject)) found.add(subject);
      }
    }
  };
  const keysOf: KeysOf = (lengths) =>
    subjects.flatMap((one) => [...namingKeys(one)(lengths), ...violationKeys(one)(lengths)]);
  for await (const page of log.naming(keysOf)) {
    take(page);
    if (found.size === subjects.length) break;
  }
  for (const subject of subjects) {
    const own = found.has(subject) ? undefined : ownStream(subject);
    for await (const page of own === undefined ? [] : log.pagesOfStream(own)) {
      take(page);
      if (found.has(subject)) break;
    }
  }
  return subjects.filter((one) => found.has(one));
}

const mayName = (type: string, subject: Subject): boolean => type === 'ViolationDetected' || mayMention(type, subject);

function ambiguous(text: string, meanings: readonly (Subject | undefined)[]): string {
  const marked = meanings.flatMap((one) => (one === undefined ? [] : spellMarked(one)));
  return `subject: "${text}" names more than one thing here; write one of ${marked.join(', ')}`;
}

function unknown(text: string, { knownAt }: AsOf): string {
  const when = knownAt === undefined ? '' : ' in what was known then';
  return `Nothing is known of "${text}"${when}: no event names it. Check the spelling, or look it up with: portledger map`;
}
