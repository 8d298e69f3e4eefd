import { parsePort, type PortId } from '../events/index.js';
import type { DeviceConfig, GatewayConfig } from './config/app-config.js';
import type { SwitchDriver } from './drivers/switch/switch.port.js';
import type { EngineParts } from './engine-parts.js';
import type { HintedDevice } from './links/hints.js';
import { type LinkReader, LinkSource } from './links/link-source.js';
import { polledLinks } from './links/polled-links.js';
import { PortLinks, type ShownLink } from './links/port-links.js';
import { linksOfEos } from './links/show-links.js';
import { type Drivers, namespaceOf } from './open-drivers.js';
import { openEapi } from './open-eos.js';
import { openIosLinks } from './open-ios.js';
import { sshOf } from './open-linux.js';
import { createLinuxLinkReader } from './transports/linux-link-reader.js';
import { remoteIp } from './transports/remote-ip.js';
import { SshConnection } from './transports/ssh-connection.js';
import { whenLive } from './when-live.js';

/** The links of one device, once its source is wired. */
export interface DeviceLinks {
  readonly hinted: HintedDevice;
  shown(): ShownLink[];
  ofPort(port: string): ShownLink | undefined;
  /** While links of more than one port are on their way into the log: resolves when they are there. */
  readonly gathering: Promise<void> | undefined;
  close(): Promise<void>;
}

/** The ports of one logical switch, whose devices may share them. */
export function portLinksOf({ config, store, projector }: EngineParts, gateway: GatewayConfig): PortLinks {
  return new PortLinks({
    members: new Map(gateway.devices.map((device) => [device.name, portsOf(device).keys()])),
    store,
    liveMap: projector.liveMap,
    upsPerMinute: config.linkUpsPerMinute,
  });
}

/** Starts to read the links of a device when the map is live. */
export function startLinks(parts: EngineParts, links: PortLinks, device: DeviceConfig, drivers: Drivers): DeviceLinks {
  const ports = portsOf(device);
  const reader = readerOf(device, [...ports.values()], drivers.switchDriver);
  const source = new LinkSource({
    name: device.name,
    ports,
    reader,
    links,
    resyncMs: resyncMsOf(parts, device),
    onProblem: (problem) => tellOf(parts, device.name, problem),
  });
  const waiting = ports.size === 0 ? undefined : whenLive(parts.projector.liveMap, () => source.start());
  return {
    hinted: {
      name: device.name,
      senders: device.senders,
      interfaces: new Set(ports.values()),
      read: (interfaceName) => source.wake(interfaceName),
      believe: (interfaceName, up) => {
        if (!parts.projector.liveMap.live) return;
        const seen = [...ports].filter(([, name]) => name === interfaceName).map(([port]) => [port, up] as const);
        links
          .saw(device.name, new Map(seen), 'trusted-message')
          .catch((error: unknown) => tellOf(parts, device.name, `${device.name}: ${String(error)}`));
      },
    },
    shown: () => links.shown(device.name),
    ofPort: (port) => links.shownPort(device.name, port),
    get gathering() {
      return source.gathering;
    },
    async close() {
      waiting?.unsubscribe();
      await source.close();
    },
  };
}

/** A file says nothing of links: whoever sees them publishes them. */
function portsOf(device: DeviceConfig): Map<PortId, string> {
  const ports = new Map<PortId, string>();
  if (device.driver.kind === 'file') return ports;
  for (const [name, interfaceName] of Object.entries(device.ports)) {
    const port = parsePort(name);
    if (port !== undefined) ports.set(port, interfaceName);
  }
  return ports;
}

/** A kernel tells of every change and is only asked again in case one got lost; any other device is asked. */
function resyncMsOf({ config }: EngineParts, { driver, linkPollSeconds }: DeviceConfig): number {
  return (driver.kind === 'linux' || driver.kind === 'simulated' ? config.resyncSeconds : linkPollSeconds) * 1000;
}

function readerOf(device: DeviceConfig, interfaces: readonly string[], switchDriver: SwitchDriver): LinkReader {
  const { kind, host } = device.driver;
  if (kind === 'linux' && host === undefined) return createLinuxLinkReader({ interfaces, ...namespaceOf(device) });
  if (kind === 'linux') return linksOverSsh(device, interfaces);
  if (kind === 'ios') return openIosLinks(device);
  if (kind !== 'eos') return linksOfDriver(switchDriver);
  const eapi = openEapi(device);
  const ask = async (): Promise<unknown> => (await eapi.run(['show interfaces']))[0];
  return polledLinks(ask, linksOfEos, () => eapi.close());
}

function tellOf({ alerts }: EngineParts, device: string, problem: string | undefined): void {
  if (problem === undefined) alerts.clear('links-unreadable', device);
  else alerts.raise('links-unreadable', { key: device, detail: `${problem}; the last known link states stay.` });
}

/** A connection of its own: a large table that is read or written must not hold up what a link does. */
function linksOverSsh({ name, driver }: DeviceConfig, interfaces: readonly string[]): LinkReader {
  const { netns, sudo } = driver;
  const connection = new SshConnection(sshOf(name, driver));
  const place = remoteIp(connection, {
    ...(netns === undefined ? {} : { netns }),
    ...(sudo === undefined ? {} : { sudo }),
  });
  const links = createLinuxLinkReader({ interfaces, place });
  return {
    read: (only) => links.read(only),
    watch: (onHint) => links.watch(onHint),
    close: async () => {
      await links.close();
      await connection.close();
    },
  };
}

/** A simulated switch shows its links through its own reading. */
function linksOfDriver(device: SwitchDriver): LinkReader {
  return {
    read: async () => new Map((await device.read()).interfaces),
    watch: (onHint) => device.watch(onHint),
    close: () => Promise.resolve(),
  };
}
