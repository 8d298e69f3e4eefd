import { join } from 'node:path';
import { parsePort, type PortId } from '../events/index.js';
import type { BgpConfig, DeviceConfig, GatewayConfig } from './config/app-config.js';
import { createBirdBgp } from './drivers/bgp/bird.bgp.js';
import type { BgpDriver } from './drivers/bgp/bgp.port.js';
import { SimulatedBgp } from './drivers/bgp/simulated.bgp.js';
import { createLinuxSwitch } from './drivers/switch/linux.switch.js';
import { SimulatedSwitch } from './drivers/switch/simulated.switch.js';
import { DeviceError, type SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { type LinkReader, LinkSource } from './links/link-source.js';
import { GatewayReactor } from './reactors/gateway.reactor.js';
import { GatewayRunner } from './reactors/gateway.runner.js';
import { Journal } from './reactors/journal.js';
import { whenLive } from './when-live.js';
import { createLinuxLinkReader } from './transports/linux-link-reader.js';

/**
 * Every device of the configuration: its drivers, its reactor and its link source, started together.
 * Throws a DeviceError where a driver cannot be made of what the configuration says; then nothing was started.
 */
export function startDevices(parts: EngineParts): { close(): Promise<void> } {
  const opened: { gateway: GatewayConfig; device: DeviceConfig; drivers: Drivers }[] = [];
  for (const gateway of parts.config.gateways)
    for (const device of gateway.devices) opened.push({ gateway, device, drivers: openDrivers(parts, device) });
  const closers = opened.flatMap(({ gateway, device, drivers }) => [
    startReactor(parts, gateway, device, drivers),
    startLinks(parts, device, drivers),
  ]);
  return {
    async close() {
      await Promise.all(closers.map(async (close) => close()));
    },
  };
}

type Closer = () => Promise<void> | void;

function startReactor(parts: EngineParts, gateway: GatewayConfig, device: DeviceConfig, drivers: Drivers): Closer {
  const { config, projector, store, alerts, devices } = parts;
  const { switchDriver, bgp } = drivers;
  const reactor = new GatewayReactor({
    device: device.name,
    mode: device.mode,
    view: { switch: gateway.switch, interfacePattern: device.interfacePattern, med: device.med },
    switch: switchDriver,
    bgp,
    liveMap: projector.liveMap,
    journal: new Journal(store, device.name, Date.now),
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
    now: () => performance.now(),
  });
  const runner = new GatewayRunner({
    reactor,
    switch: switchDriver,
    liveMap: projector.liveMap,
    resyncMs: config.resyncSeconds * 1000,
    ports: new Set(Object.keys(device.ports)),
    onLooked: () => devices.looked(device.name),
  });
  devices.add(device.name, {
    get status() {
      return reactor.status;
    },
    get look() {
      return reactor.look;
    },
    confirm: (planHash, by) => reactor.confirm(planHash, by),
    nudge: () => runner.nudge(),
  });
  runner.start();
  return async () => {
    await runner.stop();
    await Promise.all([switchDriver.close(), bgp?.close()]);
  };
}

function startLinks(parts: EngineParts, device: DeviceConfig, { switchDriver }: Drivers): Closer {
  const { config, projector, store, alerts } = parts;
  if (Object.keys(device.ports).length === 0) return () => {};
  const ports = new Map<PortId, string>();
  for (const [name, interfaceName] of Object.entries(device.ports)) {
    const port = parsePort(name);
    if (port !== undefined) ports.set(port, interfaceName);
  }
  const source = new LinkSource({
    name: device.name,
    ports,
    reader:
      device.driver.kind === 'linux'
        ? createLinuxLinkReader({ interfaces: [...ports.values()], ...namespaceOf(device) })
        : linksOfSimulated(switchDriver),
    store,
    liveMap: projector.liveMap,
    upsPerMinute: config.linkUpsPerMinute,
    resyncMs: config.resyncSeconds * 1000,
    onProblem: (problem) => {
      if (problem === undefined) alerts.clear('links-unreadable', device.name);
      else
        alerts.raise('links-unreadable', { key: device.name, detail: `${problem}; the last known link states stay.` });
    },
  });
  const waiting = whenLive(projector.liveMap, () => source.start());
  return async () => {
    waiting.unsubscribe();
    await source.close();
  };
}

interface Drivers {
  readonly switchDriver: SwitchDriver;
  readonly bgp: BgpDriver | undefined;
}

function openDrivers(parts: EngineParts, device: DeviceConfig): Drivers {
  const { name, driver, ports } = device;
  if (driver.kind === 'simulated') {
    const simulated = parts.hands.devices?.get(name) ?? simulatedDevice(device);
    return { switchDriver: simulated.switch, bgp: device.bgp === undefined ? undefined : simulated.bgp };
  }
  const switchDriver = createLinuxSwitch({
    device: name,
    interfaces: Object.values(ports),
    stateFile: device.stateFile ?? join(parts.config.dataDir, `${name}.state.json`),
    protocol: driver.protocol,
    ...namespaceOf(device),
  });
  return { switchDriver, bgp: device.bgp === undefined ? undefined : birdOf(device, device.bgp) };
}

function birdOf(device: DeviceConfig, bgp: BgpConfig): BgpDriver {
  const { socket, include4, include6, protocol4, protocol6, confFile } = bgp;
  if (bgp.kind !== 'bird' || !socket || !include4 || !include6 || !protocol4 || !protocol6) {
    const needs = 'kind bird with socket, include4, include6, protocol4 and protocol6';
    throw new DeviceError(
      device.name,
      'misconfigured',
      `the BGP daemon of a linux device needs ${needs}; name them under its bgp`,
    );
  }
  const options = { device: device.name, socket, include4, include6, protocol4, protocol6, ...namespaceOf(device) };
  return createBirdBgp({ ...options, ...(confFile === undefined ? {} : { confFile }) });
}

/** A simulated switch shows its links through its own reading. */
function linksOfSimulated(device: SwitchDriver): LinkReader {
  return {
    read: async () => new Map((await device.read()).interfaces),
    watch: (onHint) => device.watch(onHint),
    close: () => Promise.resolve(),
  };
}

/** A switch and a daemon that exist in this process only. */
function simulatedDevice({ name, ports }: DeviceConfig): { switch: SimulatedSwitch; bgp: SimulatedBgp } {
  const interfaces = Object.fromEntries(Object.values(ports).map((interfaceName) => [interfaceName, []]));
  const simulated = new SimulatedSwitch({ device: name, interfaces });
  return { switch: simulated, bgp: new SimulatedBgp(name, simulated) };
}

function namespaceOf({ driver }: DeviceConfig): { netns?: string } {
  return driver.netns === undefined ? {} : { netns: driver.netns };
}
