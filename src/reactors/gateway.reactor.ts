import { createHash } from 'node:crypto';
import { type DesiredState, desiredState, type GatewayView } from '../../projections/index.js';
import type { BgpDriver } from '../drivers/bgp/bgp.port.js';
import type { SwitchDriver } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { Backoff } from './backoff.js';
import { type Brake, identityBrake, type LogState, removalBrake } from './brakes.js';
import { BgpTrouble, DeviceHands, routeReadBackPauseMs, routeReadBackTries } from './device-hands.js';
import { type DeviceStatus, startingStatus } from './device-status.js';
import { doablePart, entriesToAdd } from './doable.js';
import { type Holds, type HoldSource, holdsOf, noHolds } from './holds.js';
import type { Journal } from './journal.js';
import { neighbourLine, routeLine } from './lines.js';
import { Look } from './look.js';
import { type Actual, type Plan, planChanges } from './plan.js';
import { isDone, Recorder, type ShownLine, visibleLines } from './recorder.js';

/** What tells the operators; wired to the alert list. `key` is the device. */
export interface ReactorAlerts {
  raise(code: string, key: string, detail: string): void;
  clear(code: string, key: string): void;
}

export interface GatewayReactorOptions {
  readonly device: string;
  readonly mode: 'observe' | 'enforce';
  readonly view: GatewayView;
  readonly switch: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
  readonly liveMap: LiveMap;
  readonly journal: Journal;
  readonly alerts: ReactorAlerts;
  /** What may hold additions back. */
  readonly holdSources?: readonly HoldSource[];
  /** Monotonic ms. */
  readonly now: () => number;
}

/** `observing`: nothing is written to this device, so there is nothing to release. */
export type ConfirmOutcome = 'accepted' | 'no-brake' | 'other-plan' | 'observing';

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
  private released: { readonly planHash: string; readonly by: string } | undefined;
  private bgpTrouble: string | undefined;
  private shown: DeviceStatus;
  private latest: Look | undefined;
  private holds: Holds = noHolds;

  constructor(private readonly options: GatewayReactorOptions) {
    this.backoff = new Backoff(options.now);
    this.recorder = new Recorder(options.journal, () => options.liveMap.map);
    const { device, mode, view, alerts } = options;
    this.hands = new DeviceHands({
      switch: options.switch,
      bgp: options.bgp,
      onRefused: (detail) => alerts.raise('device-refused', device, detail),
    });
    this.shown = startingStatus(device, view.switch, mode);
  }

  get status(): DeviceStatus {
    return this.shown;
  }

  /** The last look that could be taken; undefined before the first. */
  get look(): Look | undefined {
    return this.latest;
  }

  /** Releases a tripped brake for exactly the plan that the operator saw, at the next look and never later. */
  confirm(planHash: string, by: string): ConfirmOutcome {
    if (this.shown.brake === undefined) return 'no-brake';
    if (this.options.mode === 'observe') return 'observing';
    if (this.shown.planHash !== planHash) return 'other-plan';
    this.released = { planHash, by };
    return 'accepted';
  }

  /** Something about this interface, or about any, may have changed: what failed there may be tried again soon. */
  hint(interfaceName: string | undefined): void {
    this.backoff.forgiven(interfaceName);
    this.backoff.forgiven(deviceKey);
  }

  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs(): number | undefined {
    return this.backoff.nextDueMs();
  }

  /** One look at the device and, where allowed, one step towards the map. Never rejects. */
  async reconcile(): Promise<DeviceStatus> {
    const { alerts, device } = this.options;
    if (!this.options.liveMap.live || this.backoff.isWaiting(deviceKey)) return this.shown;
    const due = this.backoff.due();
    try {
      await this.recorder.open();
      await this.everythingOrEntries();
      this.backoff.succeeded(deviceKey);
      if (this.bgpTrouble === undefined) alerts.clear('device-failing', device);
      else this.showFailure(this.bgpTrouble);
      if (this.shown.state === 'equal') alerts.clear('device-refused', device);
    } catch (error) {
      this.backoff.failed(deviceKey);
      this.showFailure(error instanceof Error ? error.message : String(error));
    }
    this.backoff.forget(due);
    return this.shown;
  }

  private async everythingOrEntries(): Promise<void> {
    if (!this.backoff.isWaiting(bgpKey)) {
      try {
        await this.step();
        this.backoff.succeeded(bgpKey);
        this.bgpTrouble = undefined;
        return;
      } catch (error) {
        if (!(error instanceof BgpTrouble)) throw error;
        this.backoff.failed(bgpKey, longestBgpWaitMs);
        this.bgpTrouble = error.message;
      }
    }
    await this.stepWithoutBgp();
  }

  private async step(): Promise<void> {
    const actual = await this.hands.read();
    const { log, desired, plan, planHash } = this.planFor(actual);
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, desired);
    const released = this.takeRelease(planHash);
    const identity = identityBrake(log, actual);
    const brake = identity ?? removalBrake(plan, actual);
    this.show(plan, planHash, actual, desired, log, released === undefined ? brake : undefined);
    if (this.options.mode === 'observe') return;
    if (released === undefined && identity !== undefined) return;
    if (released === undefined && brake !== undefined) {
      if (await this.withdrawOnly(plan, planHash, log, actual)) await this.lookAgain(desired, log, brake);
      return;
    }
    const doable = this.doable(plan, actual);
    if (doable.lines.length === 0 && released === undefined) return;
    await this.apply(doable, planHash, log, actual, released?.by);
    await this.lookAgain(desired, log, undefined);
  }

  /** Nobody knows which routes stand: entries are added, everything else waits for the daemon. */
  private async stepWithoutBgp(): Promise<void> {
    const actual = { switch: await this.options.switch.read(), bgp: undefined };
    const { log, desired, plan, planHash } = this.planFor(actual);
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, desired);
    const brake = identityBrake(log, actual);
    this.show(plan, planHash, actual, desired, log, brake);
    if (this.options.mode === 'observe' || brake !== undefined) return;
    const doable = this.doable(entriesToAdd(plan), actual);
    if (doable.lines.length === 0) return;
    await this.undertake(doable, planHash, log, undefined, async () => {
      await this.options.switch.writeStamp(log);
      await this.hands.send(doable.addEntries.map((entry) => ({ change: 'set', entry })));
    });
  }

  private planFor(actual: Actual): { log: LogState; desired: DesiredState; plan: Plan; planHash: string } {
    const { liveMap, view, device } = this.options;
    // Taken after the device was read: the map can only be newer than the look, never older than the hint.
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredState(liveMap.map, view);
    const plan = planChanges(desired, actual);
    return { log, desired, plan, planHash: hashOf(plan, device) };
  }

  /** A release is void as soon as the plan is another one. */
  private takeRelease(planHash: string): { readonly by: string } | undefined {
    const released = this.released;
    this.released = undefined;
    return released?.planHash === planHash ? released : undefined;
  }

  /** Leaves out what failed lately, and what has no interface, so that one broken interface does not stop the others. */
  private doable(plan: Plan, actual: Actual): Plan {
    const { alerts, device } = this.options;
    const { interfaces } = actual.switch;
    const missing = [...new Set(plan.addEntries.map((entry) => entry.interface))].filter((one) => !interfaces.has(one));
    if (missing.length > 0) {
      const detail = `${device}: no interface ${missing.join(', ')}; entries for it wait. Create it on the device and name it under the device's ports.`;
      alerts.raise('device-refused', device, detail);
    }
    return this.doableOf(plan, actual);
  }

  private doableOf(plan: Plan, { switch: { interfaces } }: Actual): Plan {
    return doablePart(plan, (name) => interfaces.has(name) && !this.backoff.isWaiting(name), this.holds);
  }

  /** Reads the device once more, for the difference that is left. */
  private async lookAgain(desired: DesiredState, log: LogState, brake: Brake | undefined): Promise<void> {
    const after = await this.hands.read();
    const rest = planChanges(desired, after);
    this.show(rest, hashOf(rest, this.options.device), after, desired, log, brake);
  }

  /** Phase by phase, each confirmed by reading back before the next; withdrawing waits for none of them. */
  private apply(plan: Plan, planHash: string, log: LogState, before: Actual, by: string | undefined): Promise<void> {
    return this.undertake(plan, planHash, log, by, async () => {
      const { addEntries, removeEntries } = plan;
      // Without entries to write the older stamp stays true, and routes carry their own; a released brake renews both.
      if (addEntries.length + removeEntries.length > 0 || by !== undefined) await this.options.switch.writeStamp(log);
      await this.hands.push(plan, log, before);
    });
  }

  /** Journals what is to be done, does it, reads back and journals what came of it. */
  private async undertake(
    plan: Pick<Plan, 'lines'>,
    planHash: string,
    log: LogState,
    by: string | undefined,
    work: () => Promise<void>,
    isUrgent: (plan: Plan) => boolean = ({ lines }) => lines.length > 0,
  ): Promise<void> {
    const undertaking = await this.recorder.started(plan, planHash, log, by);
    let failure: Error | undefined;
    try {
      await work();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    const after = await this.readBack(undertaking.lines, failure, isUrgent);
    const journaled = await this.recorder.finished(undertaking, after, failure);
    if (failure !== undefined) throw failure; // the whole push failed: no interface is to blame
    const undone = new Set(journaled.filter((line) => !isDone(line)).map(({ line }) => line));
    const tried = plan.lines.filter(({ kind }) => kind === 'neighbour');
    const failed = new Set(tried.filter(({ line }) => undone.has(line)).map((line) => line.interface));
    for (const name of failed) this.backoff.failed(name);
    for (const { interface: name } of tried) if (!failed.has(name)) this.backoff.succeeded(name);
  }

  /** A tripped removal limit holds everything but the routes whose link, gateway or entry is gone. True when some went. */
  private async withdrawOnly(plan: Plan, planHash: string, log: LogState, before: Actual): Promise<boolean> {
    const gone = urgentWithdrawals(plan);
    if (gone.length === 0) return false;
    const lines = new Set(gone.map((line) => line.line));
    const rest = before.bgp?.owned.filter((route) => !lines.has(routeLine(route))) ?? [];
    const isUrgent = (next: Plan): boolean => urgentWithdrawals(next).length > 0;
    await this.undertake({ lines: gone }, planHash, log, undefined, () => this.hands.setRoutes(rest, log), isUrgent);
    return true;
  }

  /**
   * What the device shows, given the daemon and the kernel a moment to take a route in or out.
   * The waiting ends as soon as there is something to do: a withdrawal waits for no reading back.
   */
  private async readBack(
    lines: readonly ShownLine[],
    failure: Error | undefined,
    isUrgent: (plan: Plan) => boolean,
  ): Promise<Actual | undefined> {
    const routes = lines.filter((line) => line.kind === 'route');
    let actual = await this.hands.readWhatAnswers();
    for (let tries = 0; tries < routeReadBackTries && failure === undefined; tries++) {
      if (actual?.bgp === undefined) break;
      const seen = visibleLines(actual);
      if (routes.every((line) => seen.has(line.line) === (line.change === 'add'))) break;
      if (isUrgent(this.doableOf(this.planFor(actual).plan, actual))) break;
      await new Promise((resolve) => setTimeout(resolve, routeReadBackPauseMs));
      actual = await this.hands.readWhatAnswers();
    }
    return actual;
  }

  private show(
    plan: Plan,
    planHash: string,
    actual: Actual,
    desired: DesiredState,
    log: LogState,
    brake: Brake | undefined,
  ): void {
    this.latest = new Look(log.ordinal, desired, actual);
    const { alerts, device } = this.options;
    const waiting = waitingLines(plan, this.holds);
    const state = brake !== undefined ? 'braked' : plan.lines.length > 0 ? 'differs' : 'equal';
    if (brake === undefined) alerts.clear('brake-tripped', device);
    else alerts.raise('brake-tripped', device, `${brake.code}: ${brake.detail}`);
    this.shown = {
      ...this.shown,
      state,
      brake,
      error: undefined,
      planHash,
      plan: this.recorder.shownLines(plan).map((line) => ({ ...line, ...waiting.get(line.line) })),
      withheld: desired.withheld,
      quiet: actual.bgp === undefined ? this.shown.quiet : plan.quiet,
      foreign: plan.foreign,
      entries: actual.switch.neighbours.filter((entry) => entry.ours).length,
      routes: actual.bgp?.owned.length ?? this.shown.routes,
      stamp: actual.switch.stamp ?? actual.bgp?.stamp,
    };
  }

  private showFailure(error: string): void {
    this.shown = { ...this.shown, state: 'failing', error };
    this.options.alerts.raise('device-failing', this.options.device, error);
  }
}

// Neither can be the name of an interface.
const deviceKey = '* device';
const bgpKey = '* bgp';

const mayNotWait: ReadonlySet<string> = new Set(['link-down', 'gateway-lost', 'entry-missing']);
const urgentWithdrawals = ({ lines }: Plan): Plan['lines'] =>
  lines.filter((line) => line.kind === 'route' && line.change === 'remove' && mayNotWait.has(line.why));

/** Why lines of a plan wait although the map grants them. */
function waitingLines(plan: Plan, holds: Holds): ReadonlyMap<string, { readonly waits: string }> {
  const lines = new Map<string, { waits: string }>();
  for (const entry of plan.addEntries) {
    const waits = holds.onEntry(entry);
    if (waits !== undefined) lines.set(neighbourLine(entry), { waits });
  }
  const kept = new Set(plan.routesKept.map(routeLine));
  for (const route of plan.routesWanted) {
    const waits = kept.has(routeLine(route)) ? undefined : holds.onRoute(route);
    if (waits !== undefined) lines.set(routeLine(route), { waits });
  }
  return lines;
}

/** Names a plan by its content, so that a confirmation means exactly the lines the operator saw. */
function hashOf(plan: Plan, device: string): string {
  const text = [device, ...plan.lines.map((line) => `${line.change} ${line.line}`)].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
