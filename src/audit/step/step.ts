import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeEvent, type ServerId, type StoredEvent, switchOf } from '../../../events/index.js';
import { eventsAround, streamsNaming, violationsConcerning } from '../concerned-streams.js';
import type { Difference } from '../diff/difference.js';
import type { KnownAt } from '../as-of.js';
import { KnownLog, type LogReader } from '../known-log.js';
import type { Subject } from '../subject.js';
import type { StepQuestion } from './step-question.js';
import { type Step, Stepper } from './stepper.js';

/** A page of steps, in log order. */
export interface StepAnswer {
  /** Of the last event that counts. */
  readonly ordinal: number;
  readonly subject?: Subject;
  readonly steps: readonly Step[];
  /** Pass it as `from` for the next page; absent on the last one. */
  readonly next?: string;
}

const keptMs = 60_000;

/**
 * Steps through a whole log. The first page costs two folds of all that lies before it; each further page that is asked for
 * within a minute goes on from there, so that a walk through the log folds it twice and not once for every page.
 */
export class StepWalk {
  private kept: Stepper | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly reader: LogReader) {}

  async page({ from, to, limit }: StepQuestion): Promise<StepAnswer> {
    const first = await firstOrdinal(this.reader, from);
    const { ordinal: last } = await KnownLog.open(this.reader, to);
    const stepper = this.take(first);
    const steps: Step[] = [];
    if (first <= last) {
      for await (const page of this.pagesAfter(stepper.ordinal)) {
        for (const event of page) {
          if (event.ordinal > last || steps.length === limit) break;
          if (event.ordinal < first) stepper.pass(event);
          else steps.push(stepper.step(event));
        }
        await nextTurn(); // A long walk must not keep the engine from its other work.
        if (stepper.ordinal >= last || steps.length === limit) break;
      }
    }
    this.keep(stepper);
    return { ordinal: last, steps, ...nextOf(steps, limit, last) };
  }

  /** The one that stands just before, or anywhere before, the first step; no two questions share one. */
  private take(first: number): Stepper {
    const { kept } = this;
    this.kept = undefined;
    return kept !== undefined && kept.ordinal < first ? kept : new Stepper();
  }

  private keep(stepper: Stepper): void {
    this.kept = stepper;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.kept = undefined), keptMs).unref();
  }

  private async *pagesAfter(ordinal: number): AsyncGenerator<readonly StoredEvent[]> {
    let after = ordinal < 0 ? undefined : (await this.reader.readAt([ordinal]))[0]?.position;
    do {
      const page = await this.reader.readAll({ ...(after === undefined ? {} : { after }) });
      yield page.events;
      after = page.next;
    } while (after !== undefined);
  }
}

/**
 * The steps that name a subject, or change something of a server or violation that it names. Folds what decides that, and
 * nothing else of the log; undefined where nothing names it.
 */
export async function stepsAbout(
  log: KnownLog,
  subject: Subject,
  { limit, first }: { readonly limit: number; readonly first: number },
): Promise<Omit<StepAnswer, 'ordinal' | 'subject'> | undefined> {
  const named = await streamsNaming(log, subject);
  const violating = await violationsConcerning(log, subject);
  if (named.size + violating.size === 0) return undefined;
  const serverIds = within(named, 'server-');
  const concerned = { servers: new Set(serverIds), violations: new Set(within(violating, 'violation-')) };
  const gateways = new Set([...named].filter((one) => one.startsWith('gateway-')));
  for (const id of serverIds)
    for (const stored of await log.stream(`server-${id}`))
      for (const name of switchesIn(stored)) gateways.add(`gateway-${name}`);
  const stepper = new Stepper();
  const steps: Step[] = [];
  const around = { serverIds, streams: [...gateways], violations: [...violating] };
  for (const [index, event] of (await eventsAround(log, around)).entries()) {
    if (steps.length > limit) break;
    if (index % 1000 === 999) await nextTurn();
    if (event.ordinal < first) {
      stepper.pass(event);
      continue;
    }
    const step = stepper.step(event);
    const changes = step.changes.filter((one) => isOf(one, concerned));
    if (changes.length > 0 || named.has(event.stream) || violating.has(event.stream)) steps.push({ ...step, changes });
  }
  const more = steps[limit];
  return { steps: steps.slice(0, limit), ...(more === undefined ? {} : { next: `#${more.ordinal}` }) };
}

/** Of the first event that is asked for. */
export async function firstOrdinal(reader: LogReader, from: KnownAt | undefined): Promise<number> {
  if (from === undefined) return 0;
  if ('ordinal' in from) return from.ordinal;
  return (await KnownLog.open(reader, { recordedAt: from.recordedAt - 1 })).ordinal + 1;
}

function nextOf(steps: readonly Step[], limit: number, last: number): Pick<StepAnswer, 'next'> {
  const end = steps.at(-1);
  return steps.length < limit || end === undefined || end.ordinal >= last ? {} : { next: `#${end.ordinal + 1}` };
}

function isOf(
  one: Difference,
  { servers, violations }: { readonly servers: ReadonlySet<ServerId>; readonly violations: ReadonlySet<string> },
): boolean {
  return one.kind === 'server' ? servers.has(one.serverId) : violations.has(one.violationId);
}

function within(streams: ReadonlySet<string>, kind: string): ServerId[] {
  return [...streams].filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length) as ServerId);
}

function switchesIn(stored: StoredEvent): string[] {
  const decoded = decodeEvent(stored);
  if (!decoded.readable) return [];
  const { type, data } = decoded.event;
  const isPlace = type === 'ServerAdded' || type === 'ServerMoved' || type === 'ServerRecordCorrected';
  return isPlace && data.port !== undefined ? [switchOf(data.port)] : [];
}
