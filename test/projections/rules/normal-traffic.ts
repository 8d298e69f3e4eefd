// Frames of honest servers on the rack of rack.ts: every one must pass every rule.
import type { Observation } from '../../../projections/index.js';
import { gatewayMac, gatewayPhysicalMac, heardOn, heardSomewhere, mac16, mac66 } from './rack.js';

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
};
