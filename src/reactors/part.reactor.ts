import { createHash, randomUUID } from 'node:crypto';
import { formatInstant, type JournalLine } from '../../events/index.js';
import type { LiveMap } from '../projector/live-map.js';
import { type ApplyOutcome, type Approval, Approvals, type Word } from './approval.js';
import { Backoff } from './backoff.js';
import { type Brake, freezeBrake } from './brakes.js';
import type { DeviceMode } from './device-status.js';
import type { Freeze } from './freezes.js';
import type { ReactorAlerts } from './gateway.reactor.js';
import type { ConfirmedLine, Journal } from './journal.js';
import {
  type PartBrakes,
  type PartHands,
  type PartKnowledge,
  PartlyFailed,
  type PartPlan,
  type PartSight,
} from './part-hands.js';
import { PartTroubles } from './part-troubles.js';
import { type PartLine, type PartStatus, whyIdle } from './part-status.js';
import { isDone } from './recorder.js';

/** What the reactor of any part needs to know; its hands know the rest. */
export interface PartReactorOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  /** Of the device and of every device: while one is frozen nothing is written. */
  readonly freeze?: Freeze;
  readonly freezeAll?: Freeze;
  readonly liveMap: LiveMap;
  /** Of the stream `journal-<device>-<part>`. */
  readonly journal: Journal;
  readonly alerts: ReactorAlerts;
  /** Monotonic ms. */
  readonly now: () => number;
}

interface Pushed {
  readonly planId: string;
  readonly lines: readonly JournalLine[];
  /** What refused its share of this very push; undefined where nothing did. */
  readonly error: string | undefined;
}

/**
 * Makes a part of a device that is planned as a whole equal to the map: looks, applies the difference at one stroke where
 * nothing brakes it, looks again, journals. Its alerts are `<part>-failing`, `<part>-brake-tripped` and `<part>-unproved`.
 */
export class PartReactor<
  Line extends PartLine,
  Plan extends PartPlan<Line>,
  Sight extends PartSight<Plan>,
  Status extends PartStatus<Line>,
> {
  private readonly backoff: Backoff;
  private readonly troubles: PartTroubles;
  private readonly approvals = new Approvals();
  private readonly whole: string;
  private confirmed: Map<string, ConfirmedLine> | undefined;
  private current: Status;

  constructor(
    private readonly options: PartReactorOptions,
    private readonly hands: PartHands<Line, Plan, Sight, Status>,
  ) {
    this.backoff = new Backoff(options.now);
    this.troubles = new PartTroubles(this.backoff);
    this.whole = `* ${hands.part}`; // no interface has such a name
    this.current = hands.starting;
  }

  get status(): Status {
    return this.current;
  }

  /** Does exactly the plan that the operator saw, at the next look and never later, whatever brake holds it. */
  apply(word: Word): Promise<ApplyOutcome> {
    return this.approvals.give(word);
  }

  /** Something changed out there: a look may be taken at once. */
  hint(interfaceName?: string): void {
    if (this.hands.hintFreesLines) this.backoff.forgiven(interfaceName);
    this.backoff.forgiven(this.whole);
    this.troubles.forgiven();
  }

  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    const due = [this.backoff.nextDueMs(), this.hands.nextDueMs?.()].filter((one) => one !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** One look and, where allowed, one step. Never rejects. */
  async reconcile(): Promise<Status> {
    const { liveMap, device } = this.options;
    const { part, called } = this.hands;
    if (!liveMap.live || (this.backoff.isWaiting(this.whole) && !this.approvals.isWaiting)) return this.current;
    const approval = this.approvals.take();
    const due = this.backoff.due();
    try {
      await Promise.all([this.options.freeze?.open(), this.options.freezeAll?.open()]);
      await this.step(approval, await this.recall());
      this.backoff.succeeded(this.whole);
      this.tell(`${part}-failing`, this.troubles.told);
    } catch (error) {
      this.backoff.failed(this.whole);
      const message = error instanceof Error ? error.message : String(error);
      this.current = { ...this.current, state: 'failing', error: message };
      this.tell(`${part}-failing`, message);
    }
    approval.answer({ said: 'failed', error: this.current.error ?? `${called} of ${device} was not looked at` });
    this.backoff.forget(due);
    return this.current;
  }

  /** What was confirmed before this process; and of what another one began and never ended, that it was interrupted. */
  private async recall(): Promise<Map<string, ConfirmedLine>> {
    if (this.confirmed !== undefined) return this.confirmed;
    const { lines, interrupted } = await this.options.journal.recall();
    const why = `interrupted: the engine ended before ${this.hands.called} was read back`;
    for (const planId of interrupted) await this.options.journal.finished(planId, 'failed', [], why);
    if (interrupted.length > 0) this.hands.interrupted?.();
    this.confirmed = lines;
    return lines;
  }

  private async step(approval: Approval, confirmed: Map<string, ConfirmedLine>): Promise<void> {
    const isWaiting = (key: string): boolean => this.backoff.isWaiting(key) || this.troubles.isWaiting(key);
    const known = { confirmed, isWaiting };
    this.troubles.stepBegins();
    const sight = await this.look(known);
    const { mode } = this.options;
    const brakes = this.hands.brakes(sight);
    const { identity, firstPlan, tooMuch } = brakes;
    const brake = this.frozen() ?? identity ?? (mode === 'enforce' ? firstPlan : undefined) ?? tooMuch;
    const by = this.approved(approval, sight, brake, brakes);
    this.show(sight, known, by === undefined ? brake : undefined);
    if (by === undefined && (whyIdle(mode) !== undefined || brake !== undefined)) return;
    const doable = this.hands.doable(sight, known, by !== undefined);
    if (doable.lines.length === 0 && by === undefined) return;
    const { planId, lines, error } = await this.push(sight, doable, by, known);
    approval.answer(error === undefined ? { said: 'applied', planId, lines, left: [] } : { said: 'failed', error });
  }

  private async look(known: PartKnowledge, before?: Sight): Promise<Sight> {
    const sight = await this.hands.look(known, before);
    const planned = new Set(sight.plan.lines.flatMap((line) => this.hands.keyOf(line) ?? []));
    this.troubles.looked(sight.unread ?? new Map(), planned);
    return sight;
  }

  /** Who approved this very plan; who gave a word that does not count hears why. */
  private approved(
    { word, answer }: Approval,
    { plan }: Sight,
    brake: Brake | undefined,
    { tooMuch, words }: PartBrakes,
  ): string | undefined {
    if (word === undefined) return undefined;
    const frozen = this.frozen();
    const planHash = this.hashOf(plan);
    if (this.options.mode === 'observe') answer({ said: 'observing' });
    else if (frozen !== undefined) answer({ said: 'frozen', detail: frozen.detail });
    else if (word.planHash !== planHash) answer({ said: 'other-plan', planHash });
    else if (plan.lines.length === 0 && brake === undefined) answer({ said: 'nothing-to-do' });
    else if (tooMuch !== undefined && word.typed !== words) answer({ said: 'confirmation-needed', words });
    else return word.by;
    return undefined;
  }

  private async push(
    sight: Sight,
    plan: Plan,
    by: string | undefined,
    known: PartKnowledge & { readonly confirmed: Map<string, ConfirmedLine> },
  ): Promise<Pushed> {
    const { journal } = this.options;
    const planId = randomUUID();
    const planHash = this.hashOf(sight.plan);
    const confirmedBy = by === undefined ? {} : { confirmedBy: by };
    await journal.started({ planId, desiredOrdinal: Math.max(0, sight.log.ordinal), planHash, ...confirmedBy });
    const failure = await this.hands.push(sight, plan).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    const partly = failure instanceof PartlyFailed ? failure.failures : new Map<string, Error>();
    this.troubles.pushed(new Set(plan.lines.flatMap((line) => this.hands.keyOf(line) ?? [])), partly);
    const after = await this.look(known, sight).catch(() => undefined);
    const isKnown = (line: Line): boolean => after !== undefined && !after.unread?.has(this.hands.keyOf(line) ?? '');
    const lines = journalLines(plan.lines, after === undefined ? new Set() : this.hands.held(after), isKnown);
    const undone = lines.filter((line) => !isDone(line)).map(({ line }) => line);
    for (const { line, serverId, readBack } of lines) {
      if (readBack === 'present') known.confirmed.set(line, { serverId, since: formatInstant(Date.now()) });
      else if (readBack === 'absent') known.confirmed.delete(line);
    }
    const outcome = failure !== undefined ? 'failed' : undone.length === 0 ? 'confirmed' : 'partial';
    await journal.finished(planId, outcome, lines, failure?.message);
    if (failure !== undefined && partly.size === 0) throw failure;
    const unexplained = new Set(undone);
    for (const line of plan.lines) if (this.troubles.has(this.hands.keyOf(line))) unexplained.delete(line.line);
    this.tell(`${this.hands.part}-unproved`, unproved([...unexplained], after !== undefined));
    const toWait = plan.lines.filter(({ line }) => unexplained.has(line)).map((line) => this.hands.keyOf(line));
    for (const key of new Set(toWait)) this.backoff.failed(key ?? this.whole);
    if (after !== undefined) this.show(after, known, undefined);
    const refusals = [...partly.values()].map(({ message }) => message);
    return { planId, lines, error: refusals.length === 0 ? undefined : refusals.join('; ') };
  }

  private frozen(): Brake | undefined {
    return freezeBrake(this.options.freeze?.current, this.options.freezeAll?.current);
  }

  private hashOf({ lines }: Plan): string {
    const text = [`${this.options.device} ${this.hands.part}`, ...lines.map(({ change, line }) => `${change} ${line}`)];
    return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16);
  }

  private show(sight: Sight, known: PartKnowledge, brake: Brake | undefined): void {
    const { plan } = sight;
    const { part } = this.hands;
    const frozen = brake?.code === 'frozen'; // the device itself says so
    this.tell(`${part}-brake-tripped`, brake === undefined || frozen ? undefined : `${brake.code}: ${brake.detail}`);
    if (plan.lines.length === 0) this.tell(`${part}-unproved`, undefined);
    this.current = {
      ...this.current,
      ...this.hands.shown(sight, known),
      state: frozen
        ? 'frozen'
        : brake !== undefined
          ? 'braked'
          : (this.troubles.state ?? (plan.lines.length > 0 ? 'differs' : 'equal')),
      brake,
      error: this.troubles.told,
      idle: whyIdle(this.options.mode),
      planHash: this.hashOf(plan),
      plan: plan.lines,
    };
  }

  private tell(code: string, detail: string | undefined): void {
    const { alerts, device } = this.options;
    if (detail === undefined) alerts.clear(code, device);
    else alerts.raise(code, device, detail);
  }
}

const linesTold = 3;

/** What a push that ended without an error did not bring about. */
function unproved(lines: readonly string[], wasReadBack: boolean): string | undefined {
  if (lines.length === 0) return undefined;
  const told = lines.slice(0, linesTold).join('; ');
  const more = lines.length > linesTold ? ` (and ${lines.length - linesTold} more)` : '';
  const why = wasReadBack ? 'reading back does not show what was pushed' : 'what was pushed could not be read back';
  return `${why}: ${told}${more}`;
}

function journalLines<Line extends PartLine>(
  lines: readonly Line[],
  held: ReadonlySet<string>,
  isKnown: (line: Line) => boolean,
): JournalLine[] {
  return lines.map((one) => {
    const { change, kind, line, serverId, cause } = one;
    const readBack = !isKnown(one) ? 'unknown' : held.has(line) ? 'present' : 'absent';
    return { change, kind, line, ...(serverId === undefined ? {} : { serverId }), cause, readBack };
  });
}
