import type { GatewayView } from '../../projections/index.js';
import type { BgpDriver } from '../drivers/bgp/bgp.port.js';
import type { SwitchDriver } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { Backoff } from './backoff.js';
import { type Brake, identityBrake, removalBrake } from './brakes.js';
import { BgpTrouble, DeviceHands } from './device-hands.js';
import { type DeviceStatus, startingStatus } from './device-status.js';
import { doablePart, entriesToAdd } from './doable.js';
import { type Holds, type HoldSource, holdsOf, noHolds } from './holds.js';
import type { Journal } from './journal.js';
import { Look } from './look.js';
import type { Actual, Plan } from './plan.js';
import { Recorder } from './recorder.js';
import { statusAfter } from './shown-status.js';
import { compared, type Sight, sightOf } from './sight.js';
import { Undertaker } from './undertaker.js';
import { routesWithout, urgentWithdrawals } from './urgent.js';

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
  private readonly undertaker: Undertaker;
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
    const sight = this.sightOf(await this.hands.read());
    const { plan, actual } = sight;
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, sight.desired);
    const released = this.takeRelease(sight.planHash);
    const identity = identityBrake(sight.log, actual);
    const brake = identity ?? removalBrake(plan, actual);
    this.show(sight, released === undefined ? brake : undefined);
    if (this.options.mode === 'observe') return;
    if (released === undefined && identity !== undefined) return;
    if (released === undefined && brake !== undefined) {
      if (await this.withdrawOnly(sight)) await this.lookAgain(sight, brake);
      return;
    }
    const doable = this.doable(plan, actual);
    if (doable.lines.length === 0 && released === undefined) return;
    await this.apply(sight, doable, released?.by);
    await this.lookAgain(sight, undefined);
  }

  /** Nobody knows which routes stand: entries are added, everything else waits for the daemon. */
  private async stepWithoutBgp(): Promise<void> {
    const sight = this.sightOf({ switch: await this.options.switch.read(), bgp: undefined });
    const { log, plan, planHash, actual } = sight;
    this.holds = await holdsOf(this.options.holdSources ?? [], actual, sight.desired);
    const brake = identityBrake(log, actual);
    this.show(sight, brake);
    if (this.options.mode === 'observe' || brake !== undefined) return;
    const doable = this.doable(entriesToAdd(plan), actual);
    if (doable.lines.length === 0) return;
    const work = async (): Promise<void> => {
      await this.options.switch.writeStamp(log);
      await this.hands.send(doable.addEntries.map((entry) => ({ change: 'set', entry })));
    };
    await this.undertaker.undertake({ plan: doable, planHash, log, by: undefined, work, isUrgent: this.isDoable });
  }

  private sightOf(actual: Actual): Sight {
    const { liveMap, view, device } = this.options;
    return sightOf(liveMap, view, device, actual);
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

  private readonly isDoable = (actual: Actual): boolean =>
    this.doableOf(this.sightOf(actual).plan, actual).lines.length > 0;

  private readonly hasUrgent = (actual: Actual): boolean =>
    urgentWithdrawals(this.doableOf(this.sightOf(actual).plan, actual)).length > 0;

  /** Reads the device once more, for the difference that is left. */
  private async lookAgain({ desired, log }: Sight, brake: Brake | undefined): Promise<void> {
    this.show(compared(await this.hands.read(), desired, log, this.options.device), brake);
  }

  /** Phase by phase, each confirmed by reading back before the next; withdrawing waits for none of them. */
  private async apply({ planHash, log, actual }: Sight, plan: Plan, by: string | undefined): Promise<void> {
    const work = async (): Promise<void> => {
      const { addEntries, removeEntries } = plan;
      // Without entries to write the older stamp stays true, and routes carry their own; a released brake renews both.
      if (addEntries.length + removeEntries.length > 0 || by !== undefined) await this.options.switch.writeStamp(log);
      await this.hands.push(plan, log, actual);
    };
    await this.undertaker.undertake({ plan, planHash, log, by, work, isUrgent: this.isDoable });
  }

  /** A tripped removal limit holds everything but the routes whose link, gateway or entry is gone. True when some went. */
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
    if (brake === undefined) alerts.clear('brake-tripped', device);
    else alerts.raise('brake-tripped', device, `${brake.code}: ${brake.detail}`);
    this.shown = statusAfter(this.shown, sight, this.recorder.shownLines(sight.plan), this.holds, brake);
  }

  private showFailure(error: string): void {
    this.shown = { ...this.shown, state: 'failing', error };
    this.options.alerts.raise('device-failing', this.options.device, error);
  }
}

// Neither can be the name of an interface.
const deviceKey = '* device';
const bgpKey = '* bgp';
