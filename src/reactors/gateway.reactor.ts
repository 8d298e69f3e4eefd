import type { GatewayView } from '../../projections/index.js';
import type { BgpDriver } from '../drivers/bgp/bgp.port.js';
import type { SwitchDriver } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { type ApplyOutcome, type Approval, Approvals, type Word } from './approval.js';
import { Backoff } from './backoff.js';
import type { Brake } from './brakes.js';
import { BgpTrouble, DeviceHands } from './device-hands.js';
import { type DeviceStatus, startingStatus } from './device-status.js';
import { doablePart, entriesToAdd, whyEntriesWait } from './doable.js';
import { Drift } from './drift.js';
import { intentOf } from './fleet.js';
import { type Holds, type HoldSource, holdsOf, noHolds } from './holds.js';
import type { Journal, LastReconcile } from './journal.js';
import { Look } from './look.js';
import type { Actual, Plan } from './plan.js';
import { isDone, Recorder } from './recorder.js';
import { Restraint, type RestraintOptions } from './restraint.js';
import { statusAfter } from './shown-status.js';
import { type Amend, compared, type Sight, sightOf } from './sight.js';
import { type Undertaken, Undertaker } from './undertaker.js';
import { routesWithout, urgentWithdrawals } from './urgent.js';

/** What tells the operators; wired to the alert list. `key` is the device. */
export interface ReactorAlerts {
  raise(code: string, key: string, detail: string): void;
  clear(code: string, key: string): void;
}

export interface GatewayReactorOptions extends RestraintOptions {
  readonly view: GatewayView;
  readonly switch: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
  readonly liveMap: LiveMap;
  readonly journal: Journal;
  readonly alerts: ReactorAlerts;
  /** What may hold additions back. */
  readonly holdSources?: readonly HoldSource[];
  /** What changes the grants of the map before they are compared, in this order. */
  readonly amends?: readonly Amend[];
}

/** A daemon that comes back announces what it last held, perhaps for somebody who is gone: look soon. */
const longestBgpWaitMs = 5_000;

/**
 * Makes one device equal to the map: reads both, applies the difference in three phases, reads back, journals.
 * While its BGP daemon cannot be asked, entries are still added; routes, and what is under them, wait.
 */
export class GatewayReactor {
  private readonly backoff: Backoff;
  private readonly recorder: Recorder;
  private readonly hands: DeviceHands;
  private readonly undertaker: Undertaker;
  private readonly approvals = new Approvals();
  private readonly restraint: Restraint;
  private readonly drift: Drift;
  private bgpTrouble: string | undefined;
  private shown: DeviceStatus;
  private latest: Look | undefined;
  private holds: Holds = noHolds;

  constructor(private readonly options: GatewayReactorOptions) {
    this.backoff = new Backoff(options.now);
    this.restraint = new Restraint(options);
    this.drift = new Drift(options.now);
    this.recorder = new Recorder(options.journal, () => options.liveMap.map);
    const { device, mode, view, alerts } = options;
    this.hands = new DeviceHands({
      switch: options.switch,
      bgp: options.bgp,
      onRefused: (detail) => alerts.raise('device-refused', device, detail),
    });
    this.undertaker = new Undertaker(this.hands, this.recorder, this.backoff);
    this.shown = startingStatus(device, view.switch, mode);
  }

  get status(): DeviceStatus {
    return this.shown;
  }

  /** The last look that could be taken; undefined before the first. */
  get look(): Look | undefined {
    return this.latest;
  }

  /** How the last push ended; undefined where there was none, or nobody looked yet. */
  get lastReconcile(): LastReconcile | undefined {
    return this.recorder.last;
  }

  /** Does exactly the plan that the operator saw, at the next look and never later, whatever brake holds it. */
  apply(word: Word): Promise<ApplyOutcome> {
    return this.approvals.give(word);
  }

  /** Something about this interface, or about any, may have changed: what failed there may be tried again soon. */
  hint(interfaceName: string | undefined): void {
    this.backoff.forgiven(interfaceName);
    this.backoff.forgiven(deviceKey);
  }

  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    const due = [this.backoff.nextDueMs(), this.drift.nextDueMs(), this.options.fleet?.dueMs(this.shown.brake)];
    const known = due.filter((ms) => ms !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** One look at the device and, where allowed, one step towards the map. Never rejects. */
  async reconcile(): Promise<DeviceStatus> {
    const { alerts, device, liveMap } = this.options;
    if (!liveMap.live || (this.backoff.isWaiting(deviceKey) && !this.approvals.isWaiting)) return this.shown;
    const approval = this.approvals.take();
    const due = this.backoff.due();
    try {
      await this.restraint.open();
      await this.recorder.open();
      await this.everythingOrEntries(approval);
      this.backoff.succeeded(deviceKey);
      if (this.bgpTrouble === undefined) alerts.clear('device-failing', device);
      else this.showFailure(this.bgpTrouble);
      if (this.shown.state === 'equal') {
        alerts.clear('device-refused', device);
        this.options.fleet?.ended(device, 'confirmed');
      }
    } catch (error) {
      this.backoff.failed(deviceKey);
      this.showFailure(error instanceof Error ? error.message : String(error));
    }
    approval.answer({ said: 'failed', error: this.shown.error ?? `${device} was not looked at` });
    this.backoff.forget(due);
    return this.shown;
  }

  private async everythingOrEntries(approval: Approval): Promise<void> {
    if (approval.word !== undefined || !this.backoff.isWaiting(bgpKey)) {
      try {
        await this.step(approval);
        this.backoff.succeeded(bgpKey);
        this.bgpTrouble = undefined;
        return;
      } catch (error) {
        if (!(error instanceof BgpTrouble)) throw error;
        this.backoff.failed(bgpKey, longestBgpWaitMs);
        this.bgpTrouble = error.message;
      }
    }
    await this.stepWithoutBgp(approval);
  }

  private async step(approval: Approval): Promise<void> {
    const sight = this.sightOf(await this.hands.read());
    const { plan, actual } = sight;
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, sight.desired);
    const doable = this.options.mode === 'observe' ? this.doableOf(plan, actual) : this.doable(plan, actual);
    const intent = intentOf(this.options.device, doable, actual);
    const brake = this.restraint.brakeOn(sight, intent);
    const by = this.restraint.approved(approval, sight, brake);
    this.show(sight, by === undefined ? brake : undefined);
    if (by !== undefined) return this.applyApproved(approval, () => this.pushAndLook(sight, doable, by));
    const { mode, fleet } = this.options;
    if (mode === 'observe' || this.restraint.binding(sight) !== undefined) return;
    if (mode === 'propose' || brake !== undefined) {
      if (await this.withdrawOnly(sight)) await this.lookAgain(sight, brake);
      return;
    }
    if (doable.lines.length === 0) {
      // Cut off before the daemon confirmed it: unless it hears of it again, it goes back to what it had before.
      if (actual.bgp?.unconfirmed === true) await this.hands.setRoutes(actual.bgp.owned, sight.log);
      return;
    }
    fleet?.began(intent);
    const { lines } = await this.pushAndLook(sight, doable, undefined);
    fleet?.ended(intent.device, lines.every(isDone) ? 'confirmed' : 'failed');
  }

  /** What fails on the way is told to who gave the word: what is done after it was not asked for. */
  private async applyApproved(approval: Approval, work: () => Promise<Undertaken>): Promise<void> {
    try {
      const { planId, lines } = await work();
      this.options.fleet?.released(this.options.device);
      approval.answer({ said: 'applied', planId, lines, left: this.shown.plan });
    } catch (error) {
      approval.answer({ said: 'failed', error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  /** Nobody knows which routes stand: entries are added, everything else waits for the daemon. */
  private async stepWithoutBgp(approval: Approval): Promise<void> {
    const sight = this.sightOf({ switch: await this.options.switch.read(), bgp: undefined });
    const { plan, actual } = sight;
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, sight.desired);
    const brake = this.restraint.brakeOn(sight);
    const by = this.restraint.approved(approval, sight, brake);
    this.show(sight, by === undefined ? brake : undefined);
    const doable = this.doable(entriesToAdd(plan), actual);
    if (by !== undefined) return this.applyApproved(approval, () => this.addEntries(sight, doable, by));
    if (this.options.mode !== 'enforce' || brake !== undefined || doable.lines.length === 0) return;
    await this.addEntries(sight, doable, undefined);
  }

  private async addEntries(sight: Sight, plan: Plan, by: string | undefined): Promise<Undertaken> {
    const { log, planHash } = sight;
    const work = async (): Promise<void> => {
      await this.options.switch.writeStamp(log);
      await this.hands.send(plan.addEntries.map((entry) => ({ change: 'set', entry })));
    };
    const undertaken = await this.undertaker.undertake({ plan, planHash, log, by, work, isUrgent: this.isDoable });
    if (by !== undefined)
      this.showAfter(sight, { switch: await this.options.switch.read(), bgp: undefined }, undefined);
    return undertaken;
  }

  private sightOf(actual: Actual): Sight {
    const { liveMap, view, device, amends } = this.options;
    return sightOf(liveMap, view, device, actual, amends);
  }

  /** Leaves out what failed lately, and what has no interface, so that one broken interface does not stop the others. */
  private doable(plan: Plan, actual: Actual): Plan {
    const { alerts, device } = this.options;
    const waits = whyEntriesWait(device, plan, actual.switch.interfaces);
    if (waits !== undefined) alerts.raise('device-refused', device, waits);
    return this.doableOf(plan, actual);
  }

  private doableOf(plan: Plan, { switch: { interfaces } }: Actual): Plan {
    return doablePart(
      this.drift.withoutTruces(plan),
      (name) => interfaces.has(name) && !this.backoff.isWaiting(name),
      this.holds,
    );
  }

  private readonly isDoable = (actual: Actual): boolean =>
    this.doableOf(this.sightOf(actual).plan, actual).lines.length > 0;

  private readonly hasUrgent = (actual: Actual): boolean =>
    urgentWithdrawals(this.doableOf(this.sightOf(actual).plan, actual)).length > 0;

  /** Reads the device once more, for the difference that is left. */
  private async lookAgain(sight: Sight, brake: Brake | undefined): Promise<void> {
    this.showAfter(sight, await this.hands.read(), brake);
  }

  private showAfter({ desired, log }: Sight, after: Actual, brake: Brake | undefined): void {
    for (const source of this.options.holdSources ?? []) source.readBack?.(after, desired);
    this.show(compared(after, desired, log, this.options.device), brake);
  }

  private async pushAndLook(sight: Sight, plan: Plan, by: string | undefined): Promise<Undertaken> {
    this.noteRepairs(plan);
    try {
      const undertaken = await this.push(sight, plan, by);
      const { after } = undertaken;
      const sawAll = after !== undefined && (after.bgp !== undefined || this.options.bgp === undefined);
      if (sawAll) this.showAfter(sight, after, undefined);
      else await this.lookAgain(sight, undefined);
      return undertaken;
    } catch (error) {
      await this.restraint.tookBadly(error);
      throw error;
    }
  }

  /** Phase by phase, each confirmed by reading back before the next; withdrawing waits for none of them. */
  private push({ planHash, log, actual }: Sight, plan: Plan, by: string | undefined): Promise<Undertaken> {
    const work = async (): Promise<void> => {
      const { addEntries, removeEntries } = plan;
      // Without entries to write the older stamp stays true, and routes carry their own; an approval renews both.
      if (addEntries.length + removeEntries.length > 0 || by !== undefined) await this.options.switch.writeStamp(log);
      await this.hands.push(plan, log, actual);
    };
    return this.undertaker.undertake({ plan, planHash, log, by, work, isUrgent: this.isDoable });
  }

  /** What needs an operator's word waits; the routes whose link, gateway or entry is gone do not. True when some went. */
  private async withdrawOnly({ plan, planHash, log, actual }: Sight): Promise<boolean> {
    const lines = urgentWithdrawals(plan);
    if (lines.length === 0) return false;
    const work = (): Promise<void> => this.hands.setRoutes(routesWithout(lines, actual), log);
    await this.undertaker.undertake({ plan: { lines }, planHash, log, by: undefined, work, isUrgent: this.hasUrgent });
    return true;
  }

  private show(sight: Sight, brake: Brake | undefined): void {
    this.latest = new Look(sight.log.ordinal, sight.desired, sight.actual);
    const { alerts, device } = this.options;
    const frozen = brake?.code === 'frozen';
    if (brake === undefined || frozen) alerts.clear('brake-tripped', device);
    else alerts.raise('brake-tripped', device, `${brake.code}: ${brake.detail}`);
    if (!frozen) alerts.clear('device-frozen', device);
    else alerts.raise('device-frozen', device, `${device}: nothing is written, no withdrawal either: ${brake.detail}`);
    this.shown = statusAfter(
      this.shown,
      sight,
      this.drift.seen(this.recorder.shownLines(sight.plan)),
      this.holds,
      brake,
    );
    this.tellDrift();
  }

  /** Where the engine repairs by itself only a war is worth a person's time: what was repaired stands in the journal. */
  private tellDrift(): void {
    const { alerts, device, mode } = this.options;
    const drifted = this.shown.plan.filter(({ because }) => because === 'drift');
    const [first] = drifted;
    if (first?.driftSince === undefined || (mode === 'enforce' && this.shown.brake === undefined)) {
      alerts.clear('device-drift', device);
    } else {
      const cure = `see portledger plan ${device}`;
      const detail = `${device}: ${drifted.length} lines changed without us, the first since ${first.driftSince} (${first.line}); ${cure}`;
      alerts.raise('device-drift', device, detail);
    }
    if (!this.drift.isAtWar) alerts.clear('drift-war', device);
  }

  private noteRepairs(plan: Pick<Plan, 'lines'>): void {
    const { alerts, device } = this.options;
    const [line, ...more] = this.drift.repaired(this.recorder.shownLines(plan));
    if (line === undefined) return;
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    const cure = `Find who writes it: two programs must not own one line.`;
    const detail = `${device}: somebody else keeps rewriting ${line}${others}; it is put right every five minutes only. ${cure}`;
    alerts.raise('drift-war', device, detail);
  }

  private showFailure(error: string): void {
    this.shown = { ...this.shown, state: 'failing', error };
    this.options.alerts.raise('device-failing', this.options.device, error);
  }
}

// Neither can be the name of an interface.
const deviceKey = '* device';
const bgpKey = '* bgp';
