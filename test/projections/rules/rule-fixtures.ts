// For every rule frames that break it, made by a tool or a kernel that nobody here wrote (test/sensor/captures/README.md).
import { join } from 'node:path';
import type { PortId, SwitchName, Vlan } from '../../../events/index.js';
import type { Grants, Observation } from '../../../projections/index.js';
import { observe } from '../../../src/sensor/capture/claims.js';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { ownCaptures } from '../../sensor/capture/capture-files.js';
import { besides, gateway, grantsOf, linked, rack, sold, type Told } from './rack.js';

/** Where a capture is taken to have been made: on a server's port, or on a mirror of one VLAN. */
export type Place = { readonly port: number; readonly vlan?: number } | { readonly mirrorOf: number };

export interface Fixture {
  readonly captures: readonly (readonly [file: string, place: Place])[];
  readonly grants: Grants;
  /** The primary findings, each told once, as they come up first. */
  readonly primaries: readonly string[];
}

const onPort = (port: number, vlan = port): Place => ({ port, vlan });
const without = (...types: string[]): Told[] => rack.filter(([type]) => !types.includes(type));
/** When the link of kernel-nic-swap.pcap came back (ms since 1970), weeks after what the rack was told. */
const swapLinkUpAt = 1_795_668_776_395;

export const ruleFixtures: Readonly<Record<string, Fixture>> = {
  'rogue-router-advertisement': {
    captures: [['thc-fake-router6.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['rogue-router-advertisement by 52:54:00:00:00:66'],
  },
  'rogue-redirect': {
    captures: [['scapy-redirect.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['rogue-redirect by 52:54:00:00:00:66'],
  },
  'gateway-impersonation': {
    captures: [['arpspoof-gateway.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['gateway-impersonation by 52:54:00:00:00:66', 'gateway-impersonation by 00:00:00:00:00:00'],
  },
  'dad-attack': {
    captures: [['thc-dos-new-ip6.pcap', { mirrorOf: 16 }]],
    grants: grantsOf(rack),
    primaries: ['dad-attack by 52:54:dc:82:09:b9', 'dad-attack by 52:54:82:89:ad:5e'],
  },
  'address-spoof': {
    captures: [['arping-gratuitous.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['address-spoof by 52:54:00:00:00:66'],
  },
  'neighbour-exhaustion': {
    captures: [['thc-flood-advertise6.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['unknown-mac by made-up MACs', 'neighbour-exhaustion by made-up MACs'],
  },
  'mac-flapping': {
    captures: [
      ['arping-flapping-16.pcap', onPort(16)],
      ['arping-flapping-66.pcap', onPort(66)],
    ],
    // Its address is left out: on another port it would be address-spoof first.
    grants: grantsOf(without('Ipv4AddOnBought')),
    primaries: [
      'unassigned-address by 52:54:00:00:00:66',
      'unassigned-address by 52:54:00:00:00:16',
      'mac-moved by 52:54:00:00:00:16',
      'mac-flapping by 52:54:00:00:00:16',
    ],
  },
  'mac-moved': {
    captures: [['arping-foreign-mac.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['mac-moved by 52:54:00:00:00:16'],
  },
  'cancelled-server-alive': {
    captures: [['normal-e2e.pcap', onPort(16)]],
    grants: grantsOf([...rack, ['ServerRemoved', { serverId: 'srv-16' }]]),
    primaries: ['cancelled-server-alive by 52:54:00:00:00:16'],
  },
  'vlan-mismatch': {
    captures: [['scapy-tags.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['vlan-mismatch by 52:54:00:00:00:66'],
  },
  'unsold-port-alive': {
    captures: [['normal-e2e.pcap', onPort(21)]],
    grants: grantsOf([gateway, ...sold(66)]),
    primaries: ['unsold-port-alive by 52:54:00:00:00:16'],
  },
  'source-inconsistent': {
    captures: [['na6-other-mac.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['source-inconsistent by 52:54:00:00:00:11'],
  },
  'duplicate-address': {
    captures: [['kernels-one-address.pcap', { mirrorOf: 16 }]],
    grants: grantsOf([gateway, ...sold(16)]),
    primaries: [
      'unknown-mac by 52:54:00:00:00:66',
      'unassigned-address by 52:54:00:00:00:16',
      'duplicate-address by 52:54:00:00:00:66',
      'duplicate-address by 52:54:00:00:00:16',
    ],
  },
  'probable-nic-swap': {
    captures: [['kernel-nic-swap.pcap', onPort(16)]],
    grants: linked(grantsOf(rack), 'leaf1:Ethernet16', { link: 'up', since: swapLinkUpAt }),
    primaries: ['probable-nic-swap by 52:54:00:00:ca:16'],
  },
  'unknown-mac': {
    captures: [['own-port-mac-swap.pcap', onPort(16)]],
    grants: grantsOf(rack),
    primaries: ['unknown-mac by 52:54:00:00:00:99'],
  },
  'mac-mismatch': {
    captures: [['arping-beside-mac.pcap', onPort(66)]],
    grants: grantsOf([...rack, ...besides(66, '52:54:00:00:b6:66')]),
    primaries: ['mac-mismatch by 52:54:00:00:b6:66'],
  },
  'unpaid-ipv4-in-use': {
    captures: [['kernel-nic-swap.pcap', onPort(16)]],
    grants: grantsOf([...rack, ['Ipv4AddOnCancelled', { serverId: 'srv-16', addOnId: 'v4-16' }]]),
    primaries: ['unpaid-ipv4-in-use by 52:54:00:00:00:16', 'unknown-mac by 52:54:00:00:ca:16'],
  },
  'unassigned-address': {
    captures: [['arping-unsold.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['unassigned-address by 52:54:00:00:00:66'],
  },
  'neighbour-scan': {
    captures: [['arp-scan-24.pcap', onPort(66)]],
    grants: grantsOf(rack),
    primaries: ['neighbour-scan by 52:54:00:00:00:66'],
  },
};

/** What the sensor would tell of the captures of a fixture, in the order of time. */
export async function heardIn({ captures }: Fixture): Promise<Observation[]> {
  const heard = await Promise.all(captures.map(([file, place]) => observationsOf(join(ownCaptures, file), place)));
  return heard.flat().sort((a, b) => a.frameTime - b.frameTime);
}

/** The gateway of the laboratory some captures come from: it does not come in on a server's port. */
const labGatewayMac = '52:54:00:ff:00:01';

export async function observationsOf(path: string, place: Place): Promise<Observation[]> {
  const heard: Observation[] = [];
  const isMirror = 'mirrorOf' in place;
  const [port, vlan] = isMirror ? [place.mirrorOf, place.mirrorOf] : [place.port, place.vlan ?? place.port];
  const source = {
    name: 'lab',
    site: 'default',
    switch: 'leaf1' as SwitchName,
    interface: 'lab0',
    port: `leaf1:Ethernet${port}` as PortId,
    vlan: vlan as Vlan,
    attribution: 'interface' as const,
  };
  for await (const frame of decodeFile(path)) {
    const observation = observe(frame, source);
    if (observation === undefined || frame.etherSource === labGatewayMac) continue;
    const { port: onPort, ...anywhere } = observation;
    heard.push(isMirror ? { ...anywhere, attribution: 'unknown' } : { ...anywhere, ...(onPort && { port: onPort }) });
  }
  return heard;
}
