import { type BgpDriver, type Route, routeKey } from '../drivers/bgp/bgp.port.js';
import {
  DeviceError,
  type DeviceStamp,
  type NeighbourChange,
  type NeighbourEntry,
  type SwitchDriver,
} from '../drivers/switch/switch.port.js';
import { destinationOf, entryKey, entryOfRoute } from './lines.js';
import type { Actual, Plan } from './plan.js';

export interface DeviceHandsOptions {
  readonly switch: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
  /** Told of lines the device refuses; the others go on. */
  readonly onRefused: (detail: string) => void;
}

/** How often, and how long apart in ms, a device is read again while a route goes in or out. */
export const routeReadBackTries = 20;
export const routeReadBackPauseMs = 25;
/** Up to so many places are asked for one by one where a device can be; for more the whole table is read. */
const fewPlaces = 256;

/** The hands of a reactor on one device: reads both halves of it, and pushes a plan phase by phase. Decides nothing. */
export class DeviceHands {
  constructor(private readonly options: DeviceHandsOptions) {}

  /** The effective state of switch and daemon. Rejects with BgpTrouble where only the daemon does not answer. */
  async read(): Promise<Actual> {
    const [state, bgp] = await Promise.all([
      this.options.switch.read(),
      this.options.bgp === undefined ? undefined : namingBgp(this.options.bgp.read()),
    ]);
    return { switch: state, bgp };
  }

  /** The switch alone where the daemon does not answer; undefined where the switch does not. */
  async readWhatAnswers(): Promise<Actual | undefined> {
    const state = this.options.switch.read();
    const bgp = this.options.bgp?.read().catch(() => undefined);
    return state.then(
      async (found) => ({ switch: found, bgp: await bgp }),
      () => undefined,
    );
  }

  /** Withdrawals at once, then entries, then routes, then what is left of old entries; each confirmed before the next. */
  async push(plan: Plan, log: DeviceStamp, before: Actual): Promise<void> {
    const { addEntries, removeEntries, routesKept } = plan;
    const owned = before.bgp?.owned ?? [];
    const hasWithdrawals = routesKept.length < owned.length;
    if (hasWithdrawals && (addEntries.length > 0 || removeEntries.length > 0)) await this.setRoutes(routesKept, log);
    if (addEntries.length > 0) await this.send(addEntries.map((entry) => ({ change: 'set', entry })));
    const neighbours =
      addEntries.length > 0 ? await this.neighboursUnderRoutes(plan, before) : before.switch.neighbours;
    const routes = routesWithEntries(plan, neighbours);
    await this.setRoutes(routes, log);
    const idle = await this.withoutRoutes(removeEntries, owned, routes);
    if (idle.length > 0) await this.send(idle.map((entry) => ({ change: 'remove', entry })));
  }

  /** The entries that routes may lean on, after some were added: those are read back, in part where that is faster. */
  private async neighboursUnderRoutes({ addEntries }: Plan, before: Actual): Promise<readonly NeighbourEntry[]> {
    const { switch: device, bgp } = this.options;
    if (bgp === undefined) return before.switch.neighbours; // nothing leans on them
    if (device.readAt === undefined || addEntries.length > fewPlaces) return (await device.read()).neighbours;
    const added = new Set(addEntries.map(entryKey));
    const others = before.switch.neighbours.filter((entry) => !added.has(entryKey(entry)));
    return [...others, ...(await device.readAt(addEntries))];
  }

  /** The entries on which, as read back, no withdrawn route leans any more; the others wait for the next look. */
  private async withoutRoutes(
    entries: readonly NeighbourEntry[],
    before: readonly Route[],
    wanted: readonly Route[],
  ): Promise<readonly NeighbourEntry[]> {
    const stays = new Set(wanted.map(routeKey));
    const keys = new Set(entries.map(entryKey));
    const leaving = before.filter((route) => keys.has(entryOfRoute(route)) && !stays.has(routeKey(route)));
    if (this.options.bgp === undefined || leaving.length === 0) return entries;
    let standing = leaving;
    for (let tries = 0; tries < routeReadBackTries; tries++) {
      const { inTable, inKernel } = await namingBgp(this.options.bgp.read());
      standing = leaving.filter((route) => inTable.has(routeKey(route)) || inKernel?.has(routeKey(route)) === true);
      if (standing.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, routeReadBackPauseMs));
    }
    const leantOn = new Set(standing.map(entryOfRoute));
    return entries.filter((entry) => !leantOn.has(entryKey(entry)));
  }

  /** A line the device refuses does not stop the others: what became of each is for reading back to say. */
  async send(changes: readonly NeighbourChange[]): Promise<void> {
    try {
      await this.options.switch.apply(changes);
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code !== 'refused') throw error;
      this.options.onRefused(error.message);
    }
  }

  /** Makes the owned routes exactly these. Rejects with BgpTrouble. */
  async setRoutes(routes: readonly Route[], log: DeviceStamp): Promise<void> {
    if (this.options.bgp !== undefined) await namingBgp(this.options.bgp.setRoutes(routes, log));
  }
}

/** The BGP daemon of a device could not do its part; the switch may still do its own. */
export class BgpTrouble extends Error {}

async function namingBgp<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new BgpTrouble(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Never a route without its entry: the wanted ones whose entry was read back, and what stays until its successor can come. */
function routesWithEntries(plan: Plan, neighbours: readonly NeighbourEntry[]): Route[] {
  const macs = new Map(neighbours.map((entry) => [entryKey(entry), entry.mac]));
  const unconfirmed = new Set(
    plan.addEntries.filter((entry) => macs.get(entryKey(entry)) !== entry.mac).map((entry) => entryKey(entry)),
  );
  const routes = new Map<string, Route>();
  for (const route of plan.routesKept) if (macs.has(entryOfRoute(route))) routes.set(destinationOf(route), route);
  for (const route of plan.routesWanted) {
    const key = entryOfRoute(route);
    if (macs.has(key) && !unconfirmed.has(key)) routes.set(destinationOf(route), route);
  }
  return [...routes.values()];
}
