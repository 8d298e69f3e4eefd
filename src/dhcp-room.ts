import { parseIpv4 } from '../events/index.js';
import type { GatewayView } from '../projections/index.js';
import type { DeviceConfig } from './config/app-config.js';
import type { BootConfig } from './config/dhcp-config.js';
import type { ControlledDhcp } from './control/controlled-dhcp.js';
import type { BootLoader } from './drivers/dhcp/dhcp.port.js';
import { createKeaDhcp } from './drivers/dhcp/kea.dhcp.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import { namespaceOf } from './open-drivers.js';
import { DhcpReactor } from './reactors/dhcp.reactor.js';
import type { Freeze } from './reactors/freezes.js';
import { GatewayRunner } from './reactors/gateway.runner.js';
import { Journal } from './reactors/journal.js';

/** The DHCP daemons of one device, under control. */
export interface DhcpRoom {
  readonly controlled: ControlledDhcp;
  start(): void;
  nudge(): void;
  /** Resolves when the look that is under way has come to its end. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

export interface DhcpRoomOptions {
  readonly device: DeviceConfig;
  readonly view: GatewayView;
  readonly switchDriver: SwitchDriver;
  readonly freeze: Freeze;
  readonly freezeAll: Freeze;
}

/** The daemons that the configuration names for a device; undefined where it names none. Throws a DeviceError. */
export function openDhcp(parts: EngineParts, options: DhcpRoomOptions): DhcpRoom | undefined {
  const { config, projector, store, alerts } = parts;
  const { device, switchDriver } = options;
  const { dhcp: configured } = device;
  if (configured === undefined) return undefined;
  const { socket4, socket6, boot } = configured;
  const dhcp = createKeaDhcp({
    device: device.name,
    interfaces: Object.values(device.ports),
    ...(socket4 === undefined ? {} : { socket4 }),
    ...(socket6 === undefined ? {} : { socket6 }),
    loaders: boot.map(loaderOf),
    ...namespaceOf(device),
  });
  const reactor = new DhcpReactor({
    device: device.name,
    mode: device.mode,
    view: options.view,
    pairing: config.addresses.pairing,
    dhcp,
    served: () => switchDriver.read(),
    freeze: options.freeze,
    freezeAll: options.freezeAll,
    liveMap: projector.liveMap,
    journal: new Journal(store, `${device.name}-dhcp`, Date.now),
    alerts: {
      raise: (code, key, detail) => alerts.raise(code, { key, detail }),
      clear: (code, key) => alerts.clear(code, key),
    },
    now: () => performance.now(),
  });
  const runner = new GatewayRunner({
    reactor,
    switch: { watch: (onHint) => dhcp.watch(() => onHint(undefined)) },
    liveMap: projector.liveMap,
    resyncMs: config.resyncSeconds * 1000,
    ports: new Set(),
  });
  return {
    controlled: {
      get status() {
        return reactor.status;
      },
      apply: (word) => {
        const outcome = reactor.apply(word);
        runner.nudge();
        return outcome;
      },
    },
    start: () => runner.start(),
    nudge: () => runner.nudge(),
    ended: () => runner.ended(),
    async close() {
      await runner.stop();
      await dhcp.close();
    },
  };
}

function loaderOf({ architectures, ipxe, tftpServer, tftpFile, url4, url6 }: BootConfig): BootLoader {
  const server = parseIpv4(tftpServer);
  return {
    architectures,
    ipxe,
    ...(server === undefined || tftpFile === undefined ? {} : { tftp: { server, file: tftpFile } }),
    ...(url4 === undefined ? {} : { url4 }),
    ...(url6 === undefined ? {} : { url6 }),
  };
}
