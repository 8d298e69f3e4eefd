import { createHash, randomUUID } from 'node:crypto';
import { formatInstant, type JournalLine, type LineCause } from '../../events/index.js';
import { type DesiredPortGuard, desiredGuard, type GatewayView } from '../../projections/index.js';
import type { GuardDriver, GuardState } from '../drivers/guard/guard.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type ApplyOutcome, type Approval, Approvals, type Word } from './approval.js';
import { Backoff } from './backoff.js';
import { type Brake, freezeBrake, type LogState } from './brakes.js';
import type { DeviceMode } from './device-status.js';
import type { Freeze } from './freezes.js';
import type { ReactorAlerts } from './gateway.reactor.js';
import { guardFirstPlanBrake, guardIdentityBrake, guardRemovalBrake, wordsToClose } from './guard-brakes.js';
import type { GuardModes } from './guard-modes.js';
import { doableGuard, type GuardLine, type GuardPlan, heldLines, planGuard, wantedPort } from './guard-plan.js';
import { guardedPorts, type GuardStatus } from './guard-status.js';
import type { ConfirmedLine, Journal } from './journal.js';
import { isDone } from './recorder.js';

export interface GuardReactorOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  readonly view: GatewayView;
  readonly guard: GuardDriver;
  readonly modes: GuardModes;
  readonly portsOf: (interfaceName: string) => readonly string[];
  /** What the device under the guard was driven from: a log that may not drive the one may not drive the other. */
  readonly deviceStamp: () => Promise<DeviceStamp | undefined>;
  /** Of the device and of every device: while one is frozen nothing is written. */
  readonly freeze?: Freeze;
  readonly freezeAll?: Freeze;
  readonly liveMap: LiveMap;
  /** Of the stream `journal-<device>-guard`. */
  readonly journal: Journal;
  readonly alerts: ReactorAlerts;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** What one look saw, and what is to be done about it. */
interface Sight {
  readonly state: GuardState;
  readonly log: LogState;
  readonly desired: readonly DesiredPortGuard[];
  readonly plan: GuardPlan;
  readonly planHash: string;
  readonly openBefore: ReadonlySet<string>;
}

/** Makes the guard of one device let in what the map grants: reads it, applies the difference at one stroke, reads back, journals. */
export class GuardReactor {
  private readonly backoff: Backoff;
  private confirmed: Map<string, ConfirmedLine> | undefined;
  private readonly approvals = new Approvals();
  private latest: GuardState | undefined;
  private shown: GuardStatus;

  constructor(private readonly options: GuardReactorOptions) {
    this.backoff = new Backoff(options.now);
    const { mode, from } = options.modes.modeOf('');
    this.shown = {
      device: options.device,
      mode,
      modeFrom: from,
      state: 'starting',
      brake: undefined,
      error: undefined,
      idle: this.whyIdle(),
      planHash: undefined,
      plan: [],
      ports: [],
      missing: [],
      rates: options.guard.rates,
      stamp: undefined,
    };
  }

  get status(): GuardStatus {
    return this.shown;
  }

  /** The interfaces on which the guard, as it was read last, drops everything that comes in. */
  get blocked(): readonly string[] {
    if (this.latest?.rules !== 'intact') return [];
    const ports = [...this.latest.ports.values()].filter(
      ({ attached, closed, mode }) => attached && closed && mode === 'drop',
    );
    return ports.map((port) => port.interface).sort();
  }

  /** Does exactly the plan that the operator saw, at the next look and never later, whatever brake holds it. */
  apply(word: Word): Promise<ApplyOutcome> {
    return this.approvals.give(word);
  }

  hint(interfaceName: string | undefined): void {
    this.backoff.forgiven(interfaceName);
    this.backoff.forgiven(guardKey);
  }

  nextDueMs(): number | undefined {
    return this.backoff.nextDueMs();
  }

  /** One look and, where allowed, one step. Never rejects. */
  async reconcile(): Promise<GuardStatus> {
    const { alerts, liveMap, device } = this.options;
    if (!liveMap.live || (this.backoff.isWaiting(guardKey) && !this.approvals.isWaiting)) return this.shown;
    const approval = this.approvals.take();
    const due = this.backoff.due();
    try {
      await Promise.all([this.options.freeze?.open(), this.options.freezeAll?.open()]);
      await this.recall();
      await this.step(approval);
      this.backoff.succeeded(guardKey);
      alerts.clear('guard-failing', device);
    } catch (error) {
      this.backoff.failed(guardKey);
      const message = error instanceof Error ? error.message : String(error);
      this.shown = { ...this.shown, state: 'failing', error: message };
      alerts.raise('guard-failing', device, message);
    }
    approval.answer({ said: 'failed', error: this.shown.error ?? `the guard of ${device} was not looked at` });
    this.backoff.forget(due);
    return this.shown;
  }

  /** What was confirmed before this process; and of what another one began and never ended, that it was interrupted. */
  private async recall(): Promise<void> {
    if (this.confirmed !== undefined) return;
    const { lines, interrupted } = await this.options.journal.recall();
    const why = 'interrupted: the engine ended before the guard was read back';
    for (const planId of interrupted) await this.options.journal.finished(planId, 'failed', [], why);
    this.confirmed = lines;
  }

  private async step(approval: Approval): Promise<void> {
    const [state, under] = await Promise.all([this.options.guard.read(), this.options.deviceStamp()]);
    const sight = this.sightOf(state);
    const { plan, log, openBefore } = sight;
    const tooMuch = guardRemovalBrake(plan, state, openBefore);
    const brake =
      this.frozen() ??
      guardIdentityBrake(log, state, [state.stamp, under]) ??
      guardFirstPlanBrake(plan, state, this.options.mode) ??
      tooMuch;
    const by = this.approved(approval, sight, brake, tooMuch);
    this.show(sight, by === undefined ? brake : undefined);
    if (by === undefined && (this.whyIdle() !== undefined || brake !== undefined)) return;
    const doable = doableGuard(plan, (name) => state.interfaces.has(name) && !this.backoff.isWaiting(name));
    if (doable.lines.length === 0 && by === undefined) return;
    const { planId, lines } = await this.push(sight, doable, by);
    approval.answer({ said: 'applied', planId, lines, left: [] });
  }

  /** Who approved this very plan; who gave a word that does not count hears why. */
  private approved(
    { word, answer }: Approval,
    { plan, planHash }: Sight,
    brake: Brake | undefined,
    tooMuch: Brake | undefined,
  ): string | undefined {
    if (word === undefined) return undefined;
    const words = wordsToClose(this.options.device, plan);
    const frozen = this.frozen();
    if (this.options.mode === 'observe') answer({ said: 'observing' });
    else if (frozen !== undefined) answer({ said: 'frozen', detail: frozen.detail });
    else if (word.planHash !== planHash) answer({ said: 'other-plan', planHash });
    else if (plan.lines.length === 0 && brake === undefined) answer({ said: 'nothing-to-do' });
    else if (tooMuch !== undefined && word.typed !== words) answer({ said: 'confirmation-needed', words });
    else return word.by;
    return undefined;
  }

  private sightOf(state: GuardState): Sight {
    const { liveMap, view, guard, modes, device } = this.options;
    // Taken after the guard was read: the map can only be newer than the look.
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredGuard(liveMap.map, view, guard.interfaces);
    const openBefore = openLast(this.confirmed ?? new Map<string, ConfirmedLine>());
    const wanted = desired.map((port) => wantedPort(port, modes.modeOf(port.interface).mode));
    const found = planGuard(wanted, state, openBefore);
    const plan = { ...found, lines: found.lines.map((line) => this.explained(line, state)) };
    const planHash = createHash('sha256')
      .update([`${device} guard`, ...plan.lines.map((line) => `${line.change} ${line.line}`)].join('\n'))
      .digest('hex')
      .slice(0, 16);
    return { state, log, desired, plan, planHash, openBefore };
  }

  private async push(
    { planHash, log }: Sight,
    plan: GuardPlan,
    by: string | undefined,
  ): Promise<{ readonly planId: string; readonly lines: readonly JournalLine[] }> {
    const { journal, guard } = this.options;
    const planId = randomUUID();
    const confirmedBy = by === undefined ? {} : { confirmedBy: by };
    await journal.started({ planId, desiredOrdinal: Math.max(0, log.ordinal), planHash, ...confirmedBy });
    let failure: Error | undefined;
    try {
      await guard.writeStamp(log);
      await guard.apply(plan.change);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    const after = await guard.read().catch(() => undefined);
    const lines = journalLines(plan.lines, after);
    const outcome = failure !== undefined ? 'failed' : lines.every(isDone) ? 'confirmed' : 'partial';
    for (const { line, serverId, readBack } of lines) {
      if (readBack === 'present') this.confirmed?.set(line, { serverId, since: formatInstant(Date.now()) });
      else if (readBack === 'absent') this.confirmed?.delete(line);
    }
    await journal.finished(planId, outcome, lines, failure?.message);
    if (failure !== undefined) throw failure;
    const undone = new Set(lines.filter((line) => !isDone(line)).map(({ line }) => line));
    for (const { line, interface: name } of plan.lines) if (undone.has(line)) this.backoff.failed(name || guardKey);
    if (after !== undefined) this.show(this.sightOf(after), undefined);
    return { planId, lines };
  }

  /** What was there before and is gone, or came by itself, is drift; whose a port was, the journal knows. */
  private explained(line: GuardLine, state: GuardState): GuardLine {
    const known = this.confirmed?.has(line.line) ?? false;
    const cause: LineCause = (line.change === 'add') === known ? 'drift' : line.cause;
    if (line.why !== 'grant-gone') return { ...line, cause };
    const macs = state.ports.get(line.interface)?.macs ?? [];
    const whose = macs.map((mac) => this.confirmed?.get(`guard ${line.interface} mac ${mac}`)?.serverId);
    const serverId = line.serverId ?? whose.find((one) => one !== undefined);
    if (serverId === undefined) return { ...line, cause };
    const taken = this.options.liveMap.map.binding(serverId)?.changedAt;
    return { ...line, serverId, cause: cause === 'configuration' ? (taken ?? cause) : cause };
  }

  private frozen(): Brake | undefined {
    return freezeBrake(this.options.freeze?.current, this.options.freezeAll?.current);
  }

  private whyIdle(): string | undefined {
    if (this.options.mode === 'observe') return 'the device is only observed';
    if (this.options.mode === 'propose') return 'every plan of this device waits for an operator';
    return undefined;
  }

  private show({ state, desired, plan, planHash }: Sight, brake: Brake | undefined): void {
    const { alerts, device, modes, guard, portsOf } = this.options;
    this.latest = state;
    const missing = guard.interfaces.filter((name) => !state.interfaces.has(name));
    const frozen = brake?.code === 'frozen'; // the device itself says so
    if (brake === undefined || frozen) alerts.clear('guard-brake-tripped', device);
    else alerts.raise('guard-brake-tripped', device, `${brake.code}: ${brake.detail}`);
    const { mode, from } = modes.modeOf('');
    this.shown = {
      ...this.shown,
      mode,
      modeFrom: from,
      state: frozen ? 'frozen' : brake !== undefined ? 'braked' : plan.lines.length > 0 ? 'differs' : 'equal',
      brake,
      error: undefined,
      idle: this.whyIdle(),
      planHash,
      plan: plan.lines,
      ports: guardedPorts(desired, state, (name) => modes.modeOf(name), portsOf),
      missing,
      stamp: state.stamp,
    };
  }
}

// No interface has such a name.
const guardKey = '* guard';

function journalLines(lines: readonly GuardLine[], after: GuardState | undefined): JournalLine[] {
  const held = after === undefined ? undefined : heldLines(after);
  return lines.map(({ change, kind, line, serverId, cause }) => {
    const readBack = held === undefined ? 'unknown' : held.has(line) ? 'present' : 'absent';
    return { change, kind, line, ...(serverId === undefined ? {} : { serverId }), cause, readBack };
  });
}

/** The interfaces that the journal last confirmed to be guarded and open. */
function openLast(confirmed: ReadonlyMap<string, unknown>): Set<string> {
  const open = new Set<string>();
  for (const line of confirmed.keys()) {
    const name = /^guard (\S+) on$/.exec(line)?.[1];
    if (name !== undefined && !confirmed.has(`guard ${name} closed`)) open.add(name);
  }
  return open;
}
