// Frames of honest servers on the rack of rack.ts: every one must pass every rule.
import type { PortId, Vlan } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { gatewayMac, gatewayPhysicalMac, heardOn, heardSomewhere, mac16, mac66, shownBySwitch } from './rack.js';

/** MACs that billing named beside the bound one of the server on Ethernet16 (ServerMacAdded). */
export const bmcMac = '52:54:00:00:b6:16';
export const bondMac = '52:54:00:00:b0:16';
export const vrrpMac = '00:00:5e:00:01:10';

const nd = 'neighbour-advertisement';
const ns = 'neighbour-solicitation';

export const normalTraffic: Readonly<Record<string, Observation>> = {
  'ARP for its own IPv4 address': heardOn(16, { claimedAddress: '198.51.100.16' }),
  'gratuitous ARP for its own address': heardOn(16, { kind: 'arp-request', claimedAddress: '198.51.100.16' }),
  'an ARP probe': heardOn(16, { kind: 'arp-request' }),
  'ARP from docker0 (172.17.0.1)': heardOn(16, { kind: 'arp-request', claimedAddress: '172.17.0.1' }),
  'ARP from the last private address of 172.16/12': heardOn(16, { claimedAddress: '172.31.255.255' }),
  'ARP from 10/8': heardOn(16, { kind: 'arp-request', claimedAddress: '10.88.0.1' }),
  'ARP from 192.168/16': heardOn(16, { kind: 'arp-request', claimedAddress: '192.168.122.1' }),
  'ARP from 169.254/16': heardOn(16, { kind: 'arp-request', claimedAddress: '169.254.7.9' }),
  'its EUI-64 link-local': heardOn(16, { kind: nd, claimedAddress: 'fe80::5054:ff:fe00:16' }),
  'a random link-local (RFC 7217)': heardOn(16, { kind: ns, claimedAddress: 'fe80::d0c1:9b1:77aa:1f2e' }),
  'the same link-local on another VLAN': heardOn(66, { kind: ns, claimedAddress: 'fe80::d0c1:9b1:77aa:1f2e' }),
  "the EUI-64 link-local of another VLAN's server": heardOn(66, { kind: nd, claimedAddress: 'fe80::5054:ff:fe00:16' }),
  'its first global address': heardOn(16, { kind: nd, claimedAddress: '2001:db8:16::1' }),
  'a temporary address inside its prefix': heardOn(16, { kind: ns, claimedAddress: '2001:db8:16:7:49b2:1:9c3:f00d' }),
  'duplicate address detection of a link-local': heardOn(16, {
    kind: ns,
    claimedAddress: 'fe80::aaaa:1',
    tentative: true,
  }),
  'duplicate address detection of its own address': heardOn(16, {
    kind: ns,
    claimedAddress: '2001:db8:16::1',
    tentative: true,
  }),
  'duplicate address detection of an address nobody was sold': heardOn(16, {
    kind: ns,
    claimedAddress: '2001:db8:dead::1',
    tentative: true,
  }),
  'a router solicitation': heardOn(16, { kind: 'router-solicitation', claimedAddress: 'fe80::5054:ff:fe00:16' }),
  'a router solicitation from the unspecified address': heardOn(16, { kind: 'router-solicitation' }),
  'a frame whose VLAN the capture does not tell': heardOn(16, { vlan: undefined, claimedAddress: '198.51.100.16' }),
  "the gateway's ARP on an uplink": heardSomewhere(16, { etherSource: gatewayMac, claimedAddress: '198.51.100.1' }),
  "the gateway's physical MAC on an uplink": heardSomewhere(16, {
    etherSource: gatewayPhysicalMac,
    claimedMac: gatewayMac,
    claimedAddress: 'fe80::1',
    kind: nd,
  }),
  'proxy ARP of the gateway on an uplink': heardSomewhere(16, {
    etherSource: gatewayMac,
    claimedAddress: '198.51.100.66',
  }),
  "the gateway's router advertisement on an uplink": heardSomewhere(16, {
    kind: 'router-advertisement',
    etherSource: gatewayMac,
    claimedAddress: 'fe80::1',
  }),
  'a server on an uplink': heardSomewhere(16, { etherSource: mac16, claimedAddress: '2001:db8:16::1', kind: nd }),
  'a link-local of a server on an uplink': heardSomewhere(66, {
    etherSource: mac66,
    claimedAddress: 'fe80::9',
    kind: nd,
  }),
  'docker0 of a server on an uplink': heardSomewhere(16, { etherSource: mac16, claimedAddress: '172.17.0.1' }),
  'a priority-tagged frame': heardOn(16, { tags: [0], claimedAddress: '198.51.100.16' }),
  'a frame with its own tag': heardOn(16, { tags: [16], claimedAddress: '198.51.100.16' }),
  'a host masked /24 that asks for its neighbour': heardOn(16, {
    kind: 'arp-request',
    claimedAddress: '198.51.100.16',
    askedAddress: '198.51.100.66',
  }),
  'a retry of duplicate address detection': heardOn(16, {
    kind: ns,
    claimedAddress: '2001:db8:16::1',
    tentative: true,
    frameTime: heardOn(16, {}).frameTime + 1_000,
  }),
  'RARP after a migration': heardOn(16, { kind: 'arp-other' }),
  'a router VM that answers for an address inside its prefix': heardOn(16, {
    kind: nd,
    claimedAddress: '2001:db8:16:4::9',
  }),
  'a row of a MAC table': shownBySwitch('mac-table', {
    etherSource: mac16,
    port: 'leaf1:Ethernet16' as PortId,
    vlan: 16 as Vlan,
  }),
  'a row of a MAC table at an uplink': shownBySwitch('mac-table', {
    etherSource: mac16,
    port: 'leaf1:Ethernet49' as PortId,
    vlan: 16 as Vlan,
  }),
  'a row of an ARP table': shownBySwitch('arp-table', {
    etherSource: mac16,
    claimedAddress: '198.51.100.16',
    vlan: 16 as Vlan,
  }),
  'a row of a transit VLAN': shownBySwitch('arp-table', {
    etherSource: '02:00:00:00:07:07',
    claimedAddress: '203.0.113.7',
    vlan: 4000 as Vlan,
  }),
  'ARP inspection that knows no fixed addresses': shownBySwitch('switch-message', {
    etherSource: mac16,
    claimedAddress: '198.51.100.16',
    port: 'leaf1:Ethernet16' as PortId,
    vlan: 16 as Vlan,
    said: 'arp-not-bound',
  }),
};

/** The same from MACs that billing named beside the bound one. */
export const normalTrafficOfNamedMacs: Readonly<Record<string, Observation>> = {
  'the address of a management controller': heardOn(16, { etherSource: bmcMac, claimedAddress: '10.0.0.16' }),
  'the link-local of a management controller': heardOn(16, {
    kind: ns,
    etherSource: bmcMac,
    claimedAddress: 'fe80::b6',
  }),
  'a management controller without an address': heardOn(16, { kind: 'arp-request', etherSource: bmcMac }),
  'network boot with a bond member (iPXE)': heardOn(16, {
    kind: 'arp-request',
    etherSource: bondMac,
    askedAddress: '198.51.100.1',
  }),
  'a bond member that sends for the bond': heardOn(16, {
    etherSource: bondMac,
    claimedMac: mac16,
    claimedAddress: '198.51.100.16',
  }),
  'VRRP: the virtual MAC announced from the physical one': heardOn(16, {
    claimedMac: vrrpMac,
    claimedAddress: 'fe80::200:5eff:fe00:110',
    kind: nd,
  }),
};
