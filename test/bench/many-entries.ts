import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventType } from '../../events/index.js';
import { createLinuxSwitch } from '../../src/drivers/switch/linux.switch.js';
import type { BgpDriver } from '../../src/drivers/bgp/bgp.port.js';
import type { SwitchDriver } from '../../src/drivers/switch/switch.port.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { AppendRequest, EventStore } from '../../src/event-store/event-store.port.js';
import { Projector } from '../../src/projector/projector.js';
import { GatewayReactor } from '../../src/reactors/gateway.reactor.js';
import { Journal } from '../../src/reactors/journal.js';
import { requestOf } from './generated-log.js';

export interface Size {
  /** One VLAN interface each. */
  readonly servers: number;
  /** IPv4 addresses of each server: with its link-local that many entries and one. */
  readonly addresses: number;
}

export const vlanOf = (server: number): number => 100 + server;
export const interfaceName = (server: number): string => `vlan${vlanOf(server)}`;
export const macOf = (server: number): string => `52:54:00:00:${hex(server >>> 8)}:${hex(server & 255)}`;
export const addressOf = (server: number, index: number): string => `10.${server >>> 8}.${server & 255}.${index + 1}`;
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

function* facts({ servers, addresses }: Size): Generator<{ type: EventType; data: Record<string, unknown> }> {
  yield { type: 'GatewayDeclared', data: { switch: 'leaf0', addresses: ['fe80::1'], macs: ['02:00:5e:00:00:01'] } };
  for (let server = 0; server < servers; server++) {
    const serverId = `srv-${server}`;
    const place = { port: `leaf0:Ethernet${server}`, vlan: vlanOf(server) };
    yield { type: 'ServerAdded', data: { serverId, customerId: 'cust-1', ...place, mac: macOf(server) } };
    for (let index = 0; index < addresses; index++) {
      yield { type: 'Ipv4AddOnBought', data: { serverId, addOnId: `ip-${index}`, address: addressOf(server, index) } };
    }
    yield { type: 'LinkUp', data: { port: place.port } };
  }
}

/** The part of an engine that drives one device, without its HTTP side: real log, real map, real reactor. */
export interface Heart {
  readonly store: EventStore;
  readonly reactor: GatewayReactor;
  /** Stores one fact and waits until the map has it. */
  fact(type: EventType, data: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}

/** Fills a new log with a switch of that many servers, and opens a reactor on it. */
export async function heartOf(size: Size, device: SwitchDriver, bgp?: BgpDriver): Promise<Heart> {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-bench-'));
  const store = await openEmbeddedStore({ directory, create: true });
  let written = 0;
  let page: AppendRequest[] = [];
  for (const one of facts(size)) {
    page.push(requestOf(one, written++));
    if (page.length === 1_000) await store.appendMany(page.splice(0));
  }
  page = page.splice(0);
  if (page.length > 0) await store.appendMany(page);
  const projector = new Projector(store);
  projector.start();
  const { liveMap } = projector;
  await liveMap.reached(written - 1, 600_000);
  await device.writeStamp({ logId: store.logId, ordinal: -1 }); // its first plan was approved
  const reactor = new GatewayReactor({
    device: 'leaf0',
    mode: 'enforce',
    view: { switch: 'leaf0', interfacePattern: 'vlan{vlan}', med: 0 },
    switch: device,
    bgp,
    liveMap,
    journal: new Journal(store, 'leaf0', Date.now),
    alerts: { raise: () => undefined, clear: () => undefined },
    now: () => performance.now(),
  });
  return {
    store,
    reactor,
    async fact(type, data) {
      await store.appendMany([requestOf({ type, data }, written)]);
      await liveMap.reached(written++, 60_000);
    },
    async close() {
      await projector.close();
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The real driver on a namespace that has the VLAN interfaces. */
export function switchIn(netns: string, { servers }: Size, stateFile: string): SwitchDriver {
  const interfaces = Array.from({ length: servers }, (_, server) => interfaceName(server));
  return createLinuxSwitch({ device: 'leaf0', netns, interfaces, stateFile, deadline: 120_000 });
}
