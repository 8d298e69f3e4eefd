import type { GatewayView } from '../projections/index.js';
import type { AppConfig, DeviceConfig, GatewayConfig } from './config/app-config.js';
import { netbootOf } from './config/netboot.js';
import { communitiesOf, medOf, siteOf } from './config/sites.js';
import { inTurn, SiteTurn } from './drivers/bgp/in-turn.js';
import { type DeviceParts, openDeviceParts } from './device-parts.js';
import type { EngineParts } from './engine-parts.js';
import { startHints } from './hint-room.js';
import { type DeviceLinks, portLinksOf, startLinks } from './link-rooms.js';
import type { HintedDevice } from './links/hints.js';
import { adopt } from './reactors/adoption.js';
import { Fleet } from './reactors/fleet.js';
import { everyDevice, Freeze } from './reactors/freezes.js';
import { GatewayReactor } from './reactors/gateway.reactor.js';
import { GatewayRunner } from './reactors/gateway.runner.js';
import { HeadroomHolds } from './reactors/headroom-holds.js';
import { Journal } from './reactors/journal.js';
import { PreflightHolds } from './reactors/preflight-holds.js';
import { joinMoves } from './move-room.js';
import { type Drivers, openDrivers } from './open-drivers.js';

/**
 * Every device of the configuration: its drivers, its reactor and its link source, started together.
 * Throws a DeviceError where a driver cannot be made of what the configuration says; then nothing was started.
 */
export async function startDevices(parts: EngineParts): Promise<{ close(): Promise<void> }> {
  const shared = sharedBrakes(parts);
  const opened = parts.config.gateways.flatMap((gateway) =>
    gateway.devices.map((device) => {
      const drivers = openDrivers(parts, device);
      const view = viewOf(parts.config, gateway, device);
      const freeze = new Freeze(new Journal(parts.store, device.name, Date.now));
      const { switchDriver } = drivers;
      const { freezeAll } = shared;
      const deviceParts = openDeviceParts(parts, { device, view, switchDriver, freeze, freezeAll });
      return { gateway, device, drivers, freeze, deviceParts };
    }),
  );
  takeTurns(opened);
  const portLinks = new Map(parts.config.gateways.map((gateway) => [gateway, portLinksOf(parts, gateway)]));
  const hinted: HintedDevice[] = [];
  const closers = opened.flatMap(({ gateway, device, drivers, freeze, deviceParts }) => {
    const links = startLinks(parts, portLinks.get(gateway) ?? portLinksOf(parts, gateway), device, drivers);
    hinted.push(links.hinted);
    return [
      startReactor(parts, gateway, device, drivers, links, { ...shared, freeze, deviceParts }),
      () => links.close(),
    ];
  });
  const close = async (): Promise<void> => {
    parts.moves.close();
    await Promise.all(closers.map(async (one) => one()));
  };
  try {
    const hints = await startHints(parts, hinted);
    closers.push(() => hints.close());
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** A device whose drivers are open and whose reactor does not run yet. */
interface OpenedDevice {
  readonly gateway: GatewayConfig;
  drivers: Drivers;
  readonly freeze: Freeze;
  readonly deviceParts: DeviceParts;
}

/** Of the BGP daemons of one site at most one is changed at a time. */
function takeTurns(opened: Pick<OpenedDevice, 'gateway' | 'drivers'>[]): void {
  const turns = new Map<string, SiteTurn>();
  for (const one of opened) {
    const { gateway, drivers } = one;
    const turn = turns.get(gateway.site) ?? new SiteTurn();
    turns.set(gateway.site, turn);
    if (drivers.bgp !== undefined) one.drivers = { ...drivers, bgp: inTurn(drivers.bgp, turn) };
  }
}

/** What all devices of an engine share: their budgets, and the freeze of all of them. */
interface SharedBrakes {
  readonly fleet: Fleet;
  readonly freezeAll: Freeze;
}

function sharedBrakes({ config, store, devices }: EngineParts): SharedBrakes {
  const freezeAll = new Freeze(new Journal(store, everyDevice, Date.now));
  const looks = (): void => devices.all().forEach((device) => device.nudge());
  devices.stopAllBy({
    get frozen() {
      return freezeAll.current;
    },
    async freeze(reason, by) {
      const stored = freezeAll.freeze(reason, by);
      looks();
      await Promise.all([stored, ...devices.all().map((device) => device.idle())]);
      return stored;
    },
    async resume(by, reason) {
      const resumed = await freezeAll.resume(by, reason);
      looks();
      return resumed;
    },
  });
  const fleet = new Fleet(config.brakes, () => performance.now());
  fleet.onRelease(looks);
  return { fleet, freezeAll };
}

/** What the map needs to know to name things as this device does. */
function viewOf(config: AppConfig, gateway: GatewayConfig, device: DeviceConfig): GatewayView {
  const netboot = netbootOf(gateway);
  return {
    switch: gateway.switch,
    interfacePattern: device.interfacePattern,
    med: medOf(config, gateway, device),
    communities: communitiesOf(config, gateway, device),
    ...(netboot === undefined ? {} : { netboot }),
  };
}

type Closer = () => Promise<void> | void;

function startReactor(
  parts: EngineParts,
  gateway: GatewayConfig,
  device: DeviceConfig,
  drivers: Drivers,
  links: DeviceLinks,
  { fleet, freezeAll, freeze, deviceParts }: SharedBrakes & Pick<OpenedDevice, 'freeze' | 'deviceParts'>,
): Closer {
  const { config, projector, store, alerts, devices } = parts;
  const { switchDriver } = drivers;
  const journal = new Journal(store, device.name, Date.now);
  const moving = joinMoves(parts, { gateway, device, journal, bgp: drivers.bgp, wake: () => runner.nudge() });
  const { bgp } = moving;
  const preflight = new PreflightHolds({
    switch: switchDriver,
    bgp,
    site: siteOf(config, gateway.site),
    interfaces: Object.values(device.ports),
    onFailed: ([first, ...more]) => {
      if (first === undefined) return alerts.clear('preflight-failed', device.name);
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      const detail = `${device.name}: ${first.check}: ${first.found}${others}; nothing is added there. ${first.cure ?? ''}`;
      alerts.raise('preflight-failed', { key: device.name, detail });
    },
    now: () => performance.now(),
  });
  const told = {
    raise: (code: string, key: string, detail: string) => alerts.raise(code, { key, detail }),
    clear: (code: string, key: string) => alerts.clear(code, key),
  };
  const headroom = new HeadroomHolds(device.name, device.capacity ?? {}, told);
  const reactor = new GatewayReactor({
    device: device.name,
    mode: device.mode,
    view: deviceParts.view,
    switch: switchDriver,
    bgp,
    liveMap: projector.liveMap,
    journal,
    holdSources: [preflight, headroom, ...moving.holdSources],
    amends: moving.amends,
    alerts: told,
    freeze,
    freezeAll,
    fleet,
    now: () => performance.now(),
  });
  const runner = new GatewayRunner({
    reactor,
    switch: switchDriver,
    liveMap: projector.liveMap,
    resyncMs: config.resyncSeconds * 1000,
    ports: new Set(Object.keys(device.ports)),
    gathering: () => links.gathering,
    onLooked: () => devices.looked(device.name),
  });
  const nudge = (): void => {
    runner.nudge();
    deviceParts.nudge();
  };
  devices.add(device.name, {
    get status() {
      return { ...reactor.status, preflight: preflight.checks, ...moving.fenced() };
    },
    get look() {
      return reactor.look;
    },
    get lastReconcile() {
      return reactor.lastReconcile;
    },
    apply: (word) => {
      const outcome = reactor.apply(word);
      runner.nudge();
      return outcome;
    },
    nudge,
    headroom: () => headroom.headroom,
    async adopt(wanted) {
      const outcome = await adopt(switchDriver, journal, wanted);
      runner.nudge();
      return outcome;
    },
    idle: async () => void (await Promise.all([runner.ended(), deviceParts.ended()])),
    get frozen() {
      return freeze.current;
    },
    async freeze(reason, by) {
      const stored = freeze.freeze(reason, by);
      nudge();
      await Promise.all([stored, runner.ended(), deviceParts.ended()]);
      return stored;
    },
    async resume(by, reason) {
      const resumed = await freeze.resume(by, reason);
      nudge();
      return resumed;
    },
    links: () => links.shown(),
    link: (port) => links.ofPort(port),
    ...deviceParts.controlled,
  });
  runner.start();
  deviceParts.start(() => runner.nudge());
  return async () => {
    await Promise.all([runner.stop(), deviceParts.close()]);
    await Promise.all([switchDriver.close(), bgp?.close()]);
  };
}
