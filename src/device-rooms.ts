import { parsePort, type PortId } from '../events/index.js';
import type { DeviceConfig, GatewayConfig } from './config/app-config.js';
import { medOf } from './config/sites.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { type LinkReader, LinkSource } from './links/link-source.js';
import { GatewayReactor } from './reactors/gateway.reactor.js';
import { GatewayRunner } from './reactors/gateway.runner.js';
import { Journal } from './reactors/journal.js';
import { type Drivers, namespaceOf, openDrivers } from './open-drivers.js';
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
    view: { switch: gateway.switch, interfacePattern: device.interfacePattern, med: medOf(config, gateway, device) },
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

/** A simulated switch shows its links through its own reading. */
function linksOfSimulated(device: SwitchDriver): LinkReader {
  return {
    read: async () => new Map((await device.read()).interfaces),
    watch: (onHint) => device.watch(onHint),
    close: () => Promise.resolve(),
  };
}
