import { createHash, randomUUID } from 'node:crypto';
import type { JournalLine, ServerId } from '../../events/index.js';
import { type DesiredState, desiredState, type GatewayView, type Withheld } from '../../projections/index.js';
import type { BgpDriver, Route } from '../drivers/bgp/bgp.port.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type NeighbourChange,
  type SwitchDriver,
} from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { Backoff } from './backoff.js';
import { type Brake, identityBrake, removalBrake } from './brakes.js';
import type { Journal } from './journal.js';
import { destinationOf, entryKey, entryOfRoute, neighbourLine, routeLine } from './lines.js';
import { type Actual, type Plan, planChanges, type PlanLine, type QuietRoute } from './plan.js';

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
  /** Monotonic ms. */
  readonly now: () => number;
}

/** One line of a plan as people and the journal see it. */
export interface ShownLine extends PlanLine {
  readonly because: number | 'drift';
}

/** What the reactor knows of its device after its last look. */
export interface DeviceStatus {
  readonly device: string;
  readonly switch: string;
  readonly mode: 'observe' | 'enforce';
  /** `equal`: the device holds what the map grants. */
  readonly state: 'starting' | 'equal' | 'differs' | 'braked' | 'failing';
  readonly brake: Brake | undefined;
  readonly error: string | undefined;
  readonly planHash: string | undefined;
  readonly plan: readonly ShownLine[];
  readonly withheld: readonly Withheld[];
  readonly quiet: readonly QuietRoute[];
  readonly foreign: readonly ActualNeighbour[];
  readonly entries: number;
  readonly routes: number;
  readonly stamp: DeviceStamp | undefined;
}

export type ConfirmOutcome = 'accepted' | 'no-brake' | 'other-plan';

const routeReadBackTries = 20;
const routeReadBackPauseMs = 25;

/** Makes one device equal to the map: reads both, applies the difference in three phases, reads back, journals. */
export class GatewayReactor {
  private readonly backoff: Backoff;
  private confirmed: Map<string, ServerId | undefined> | undefined;
  private released: { readonly planHash: string; readonly by: string } | undefined;
  private shown: DeviceStatus;

  constructor(private readonly options: GatewayReactorOptions) {
    this.backoff = new Backoff(options.now);
    const { device, mode, view } = options;
    this.shown = {
      device,
      switch: view.switch,
      mode,
      state: 'starting',
      brake: undefined,
      error: undefined,
      planHash: undefined,
      plan: [],
      withheld: [],
      quiet: [],
      foreign: [],
      entries: 0,
      routes: 0,
      stamp: undefined,
    };
  }

  get status(): DeviceStatus {
    return this.shown;
  }

  /** Releases a tripped brake for exactly the plan that the operator saw, once. */
  confirm(planHash: string, by: string): ConfirmOutcome {
    if (this.shown.brake === undefined) return 'no-brake';
    if (this.shown.planHash !== planHash) return 'other-plan';
    this.released = { planHash, by };
    return 'accepted';
  }

  /** Something about this interface may have changed: what failed there may be tried again at once. */
  hint(interfaceName: string | undefined): void {
    if (interfaceName !== undefined) this.backoff.forgiven(interfaceName);
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
    try {
      await this.step();
      this.backoff.succeeded(deviceKey);
      alerts.clear('device-failing', device);
      if (this.shown.state === 'equal') alerts.clear('device-refused', device);
    } catch (error) {
      this.backoff.failed(deviceKey);
      const message = error instanceof Error ? error.message : String(error);
      this.shown = { ...this.shown, state: 'failing', error: message };
      alerts.raise('device-failing', device, message);
    }
    return this.shown;
  }

  private async step(): Promise<void> {
    this.confirmed ??= await this.options.journal.confirmedLines();
    const actual = await this.read();
    const { liveMap, view } = this.options;
    // Taken after the device was read: the map can only be newer than the look, never older than the hint.
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredState(liveMap.map, view);
    const plan = planChanges(this.withoutWaiting(desired), actual);
    const planHash = hashOf(plan, this.options.device);
    const released = this.released?.planHash === planHash ? this.released : undefined;
    const identity = identityBrake(log, actual);
    const brake = identity ?? removalBrake(plan, actual);
    this.show(plan, planHash, actual, desired, released === undefined ? brake : undefined);
    if (this.options.mode === 'observe') return;
    if (released === undefined && identity !== undefined) return;
    if (released === undefined && brake !== undefined) {
      if (await this.withdrawOnly(plan, planHash, log, actual)) await this.look(desired, brake);
      return;
    }
    if (plan.lines.length === 0) {
      if (released !== undefined) await this.restamp(log, actual);
      return;
    }
    this.released = undefined;
    await this.apply(plan, planHash, log, actual, released?.by);
    await this.look(desired, undefined);
  }

  /** Reads the device once more, for the difference that is left. */
  private async look(desired: DesiredState, brake: Brake | undefined): Promise<void> {
    const after = await this.read();
    const rest = planChanges(this.withoutWaiting(desired), after);
    this.show(rest, hashOf(rest, this.options.device), after, desired, brake);
  }

  /** Leaves out what failed lately, so that one broken interface does not stop the others. */
  private withoutWaiting(desired: DesiredState): DesiredState {
    const waits = (name: string): boolean => this.backoff.isWaiting(name);
    if (!desired.neighbours.some((entry) => waits(entry.interface))) return desired;
    return { ...desired, neighbours: desired.neighbours.filter((entry) => !waits(entry.interface)) };
  }

  private async read(): Promise<Actual> {
    const [state, bgp] = await Promise.all([this.options.switch.read(), this.options.bgp?.read()]);
    return { switch: state, bgp };
  }

  /** Phase by phase, each confirmed by reading back before the next; withdrawing waits for none of them. */
  private async apply(
    plan: Plan,
    planHash: string,
    log: DeviceStamp,
    before: Actual,
    confirmedBy?: string,
  ): Promise<void> {
    const planId = randomUUID();
    const { journal } = this.options;
    const lines = this.shownLines(plan);
    await journal.started({
      planId,
      desiredOrdinal: Math.max(0, log.ordinal),
      planHash,
      ...(confirmedBy === undefined ? {} : { confirmedBy }),
    });
    let failure: Error | undefined;
    try {
      await this.phases(plan, log, before);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    const after = await this.read().catch(() => undefined);
    await this.record(planId, lines, after, failure);
    if (failure !== undefined) throw failure;
  }

  private async phases(plan: Plan, log: DeviceStamp, before: Actual): Promise<void> {
    const { switch: device } = this.options;
    const { addEntries, removeEntries, routesKept } = plan;
    // Without entries to write the older stamp stays true, and routes carry their own.
    if (addEntries.length + removeEntries.length > 0) await device.writeStamp(log);
    const owned = before.bgp?.owned ?? [];
    const hasWithdrawals = routesKept.length < owned.length;
    if (hasWithdrawals && (addEntries.length > 0 || removeEntries.length > 0)) await this.setRoutes(routesKept, log);
    if (addEntries.length > 0) await this.send(addEntries.map((entry) => ({ change: 'set', entry })));
    const state = addEntries.length > 0 ? await device.read() : before.switch;
    const present = new Map(state.neighbours.map((entry) => [entryKey(entry), entry.mac]));
    for (const entry of addEntries) {
      if (present.get(entryKey(entry)) === entry.mac) this.backoff.succeeded(entry.interface);
      else this.backoff.failed(entry.interface);
    }
    await this.setRoutes(routesWithEntries(plan, present), log);
    if (removeEntries.length > 0) await this.send(removeEntries.map((entry) => ({ change: 'remove', entry })));
  }

  /** A line the device refuses does not stop the others: what became of each is for reading back to say. */
  private async send(changes: readonly NeighbourChange[]): Promise<void> {
    try {
      await this.options.switch.apply(changes);
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
      this.options.alerts.raise('device-refused', this.options.device, error.message);
    }
  }

  /** A tripped removal limit holds everything but the routes whose link, gateway or entry is gone. True when some went. */
  private async withdrawOnly(plan: Plan, planHash: string, log: DeviceStamp, before: Actual): Promise<boolean> {
    const gone = plan.lines.filter(
      (line) => line.kind === 'route' && line.change === 'remove' && mayNotWait.has(line.why),
    );
    if (gone.length === 0) return false;
    const lines = new Set(gone.map((line) => line.line));
    const planId = randomUUID();
    await this.options.journal.started({ planId, desiredOrdinal: Math.max(0, log.ordinal), planHash });
    const rest = before.bgp?.owned.filter((route) => !lines.has(routeLine(route))) ?? [];
    await this.setRoutes(rest, log);
    await this.record(planId, this.shownLines({ lines: gone }), await this.read(), undefined);
    return true;
  }

  private async restamp(log: DeviceStamp, actual: Actual): Promise<void> {
    this.released = undefined;
    await this.options.switch.writeStamp(log);
    await this.options.bgp?.setRoutes(actual.bgp?.owned ?? [], log);
  }

  private async setRoutes(routes: readonly Route[], log: DeviceStamp): Promise<void> {
    await this.options.bgp?.setRoutes(routes, log);
  }

  private async record(
    planId: string,
    lines: readonly ShownLine[],
    after: Actual | undefined,
    failure?: Error,
  ): Promise<void> {
    const readBack = after === undefined ? undefined : await this.settled(lines, after);
    const journaled = lines.map((line): JournalLine => {
      const seen = readBack === undefined ? 'unknown' : readBack.has(line.line) ? 'present' : 'absent';
      const { change, kind, serverId, because: cause } = line;
      return { change, kind, line: line.line, ...(serverId === undefined ? {} : { serverId }), cause, readBack: seen };
    });
    for (const { line, serverId, readBack: seen } of journaled) {
      if (seen === 'present') this.confirmed?.set(line, serverId);
      else if (seen === 'absent') this.confirmed?.delete(line);
    }
    const done = journaled.every((line) => line.readBack === (line.change === 'add' ? 'present' : 'absent'));
    const outcome = done && failure === undefined ? 'confirmed' : failure === undefined ? 'partial' : 'failed';
    await this.options.journal.finished(planId, outcome, journaled, failure?.message);
  }

  /**
   * What the device shows, given the daemon and the kernel a moment to take a route in or out.
   * The waiting ends as soon as there is something to do: a withdrawal waits for no reading back.
   */
  private async settled(lines: readonly ShownLine[], first: Actual): Promise<ReadonlySet<string>> {
    const wanted = lines.filter((line) => line.kind === 'route');
    let actual = first;
    for (let tries = 0; tries < routeReadBackTries; tries++) {
      const seen = visibleLines(actual);
      if (wanted.every((line) => seen.has(line.line) === (line.change === 'add'))) break;
      const desired = desiredState(this.options.liveMap.map, this.options.view);
      if (planChanges(this.withoutWaiting(desired), actual).lines.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, routeReadBackPauseMs));
      actual = await this.read();
    }
    return visibleLines(actual);
  }

  private shownLines(plan: Pick<Plan, 'lines'>): ShownLine[] {
    return plan.lines.map((line) => {
      const serverId = line.serverId ?? this.confirmed?.get(line.line);
      return { ...line, ...(serverId === undefined ? {} : { serverId }), because: this.causeOf(line, serverId) };
    });
  }

  /** The event that explains a line; `drift` where the device changed and no event did. */
  private causeOf(line: PlanLine, serverId: ServerId | undefined): number | 'drift' {
    if (line.change === 'add') return line.cause === undefined || this.confirmed?.has(line.line) ? 'drift' : line.cause;
    if (line.why === 'gateway-lost' || line.why === 'entry-missing' || serverId === undefined) return 'drift';
    const { map } = this.options.liveMap;
    const binding = map.binding(serverId);
    if (line.why === 'link-down' && binding?.port !== undefined)
      return map.links.get(binding.port)?.ordinal ?? binding.changedAt;
    return binding?.changedAt ?? 'drift';
  }

  private show(plan: Plan, planHash: string, actual: Actual, desired: DesiredState, brake: Brake | undefined): void {
    const { alerts, device } = this.options;
    const state = brake !== undefined ? 'braked' : plan.lines.length > 0 ? 'differs' : 'equal';
    if (brake === undefined) alerts.clear('brake-tripped', device);
    else alerts.raise('brake-tripped', device, `${brake.code}: ${brake.detail}`);
    this.shown = {
      ...this.shown,
      state,
      brake,
      error: undefined,
      planHash,
      plan: this.shownLines(plan),
      withheld: desired.withheld,
      quiet: plan.quiet,
      foreign: plan.foreign,
      entries: actual.switch.neighbours.filter((entry) => entry.ours).length,
      routes: actual.bgp?.owned.length ?? 0,
      stamp: actual.switch.stamp ?? actual.bgp?.stamp,
    };
  }
}

const deviceKey = '*';
const mayNotWait: ReadonlySet<string> = new Set(['link-down', 'gateway-lost', 'entry-missing']);

/** Never a route without its entry: the wanted ones whose entry was read back, and what stays until its successor can come. */
function routesWithEntries(plan: Plan, present: ReadonlyMap<string, string>): Route[] {
  const routes = new Map<string, Route>();
  for (const route of plan.routesKept) if (present.has(entryOfRoute(route))) routes.set(destinationOf(route), route);
  for (const route of plan.routesWanted) if (present.has(entryOfRoute(route))) routes.set(destinationOf(route), route);
  return [...routes.values()];
}

/** A route counts as there when the daemon has it and, where we can look, the kernel forwards by it. */
function visibleLines({ switch: state, bgp }: Actual): Set<string> {
  const lines = new Set(state.neighbours.filter((entry) => entry.ours).map(neighbourLine));
  for (const route of bgp?.owned ?? []) {
    const key = `${destinationOf(route)} ${route.interface}`;
    if (bgp?.inTable.has(key) && (bgp.inKernel?.has(key) ?? true)) lines.add(routeLine(route));
  }
  return lines;
}

/** Names a plan by its content, so that a confirmation means exactly the lines the operator saw. */
function hashOf(plan: Plan, device: string): string {
  const text = [device, ...plan.lines.map((line) => `${line.change} ${line.line}`)].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
