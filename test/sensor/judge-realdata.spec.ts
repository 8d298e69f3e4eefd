import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type MacAddress,
  parseIp,
  parseMac,
  type PortId,
  type ServerId,
  type SwitchName,
  type Vlan,
} from '../../events/index.js';
import { allFindings, type Expected, type Grants, type Observation, ruleMemories } from '../../projections/index.js';
import { addressSpoof } from '../../projections/rules/address-spoof.rule.js';
import { unknownMac } from '../../projections/rules/unknown-mac.rule.js';
import { observe } from '../../src/sensor/capture/claims.js';
import { decodeFile } from '../../src/sensor/capture/decode-file.js';
import { grantsOf, noMemory, type Told } from '../projections/rules/rack.js';
import { realdata } from './capture/capture-files.js';
import { claimsInTruth, type TruthClaim } from './truth-claims.js';

const real = realdata();

interface Heard {
  readonly frame: number;
  readonly observation: Observation;
}

interface Capture {
  readonly claims: readonly TruthClaim[];
  readonly heard: readonly Heard[];
  readonly grants: Grants;
}

/** Why a capture breaks the rules by a map of its own claims. */
const explained: Readonly<Record<string, readonly string[]>> = {
  // Its Ethernet headers were rewritten, the ARP inside was not: both ends claim for one third MAC.
  'arkime__arkime_synthetic.pcap': [
    'address-spoof 10.0.8.1 by 00:11:22:33:44:09',
    'address-spoof 10.0.8.100 by 00:11:22:33:44:08',
  ],
  // Made by a tool with MACs of zeros only, which nobody can be sold; its router is therefore no gateway.
  'zeek__icmp__icmp6-neighbor-solicit.pcap': ['unknown-mac fe80::dead by 00:00:00:00:00:00'],
  'zeek__icmp__icmp6-redirect.pcap': ['rogue-redirect fe80::dead by 00:00:00:00:00:00'],
  'zeek__icmp__icmp6-router-advert.pcap': ['rogue-router-advertisement fe80::dead by 00:00:00:00:00:00'],
};

/**
 * A fuzzer changed bytes of real ARP: other MACs for the same address, headers that differ, addresses that are never sold.
 * Which of its frames are too broken to be believed is compared in realdata.spec.ts, so its bindings are not changed in turn.
 */
const fuzzed: Readonly<Record<string, readonly string[]>> = {
  'tcpdump__arp-oobr.pcap': ['address-spoof', 'source-inconsistent', 'unassigned-address'],
};

/** A server elsewhere, with a MAC that no capture shows. */
const somebodyElse: Expected = {
  serverId: 'srv-other' as ServerId,
  customerId: undefined,
  switch: undefined,
  port: undefined,
  vlan: undefined,
  mac: '02:00:00:00:00:99' as MacAddress,
  otherMacs: [],
  suspended: false,
};

const framesOf = (those: readonly { readonly frame: number }[]): number[] => those.map((one) => one.frame);

/** What a sensor on a mirror, which proves no port, hears of a capture, as far as the capture can be read. */
async function heardIn(path: string): Promise<Heard[]> {
  const heard: Heard[] = [];
  const source = {
    name: 'mirror',
    site: 'default',
    switch: 'leaf1' as SwitchName,
    interface: 'mirror0',
    port: 'leaf1:mirror' as never,
    vlan: undefined as unknown as Vlan,
    attribution: 'interface' as const,
  };
  try {
    for await (const frame of decodeFile(path)) {
      const observation = observe(frame, source);
      if (observation === undefined) continue;
      const anywhere = { ...observation, attribution: 'unknown' as const };
      delete (anywhere as { port?: PortId }).port;
      heard.push({ frame: frame.frame, observation: anywhere });
    }
  } catch {
    // Captures that are damaged on purpose end early; that is said elsewhere.
  }
  return heard;
}

/** Billing as the first claims of a truth file have it: each MAC a server, each address sold to who claimed it first. */
function toldBy(claims: readonly TruthClaim[]): Told[] {
  const told: Told[] = [];
  const servers = new Map<string, string>();
  const sold = new Set<string>();
  const gateways = new Set(claims.filter((one) => one.isRouter).map((one) => one.etherSource));
  if (gateways.size > 0) told.push(['GatewayDeclared', { switch: 'leaf1', addresses: [], macs: [...gateways] }]);
  for (const { etherSource, mac, address, vlan } of claims) {
    for (const one of [etherSource, mac]) {
      if (servers.has(one) || parseMac(one) === undefined || gateways.has(one)) continue;
      const number = servers.size + 1;
      servers.set(one, `srv-${number}`);
      told.push([
        'ServerAdded',
        {
          serverId: `srv-${number}`,
          customerId: `c-${number}`,
          port: `leaf1:Ethernet${number}`,
          vlan: vlan ?? number,
          mac: one,
        },
      ]);
    }
    const serverId = servers.get(mac);
    if (serverId === undefined || address === undefined || sold.has(address) || parseIp(address) === undefined)
      continue;
    sold.add(address);
    if (address.includes(':')) told.push(['Ipv6PrefixAssigned', { serverId, prefix: `${address}/128` }]);
    else told.push(['Ipv4AddOnBought', { serverId, addOnId: `v4-${address}`, address }]);
  }
  return told;
}

if ('missing' in real) {
  it.skip(real.missing, () => {});
} else {
  const { folder } = real;
  const names = readdirSync(join(folder, 'truth')).map((name) => name.replace(/\.tsv$/, ''));

  describe('real captures, judged by a map of their own first claims', () => {
    const read = new Map<string, Capture>();

    beforeAll(async () => {
      for (const name of names) {
        const claims = claimsInTruth(join(folder, 'truth', `${name}.tsv`));
        const heard = claims.length === 0 ? [] : await heardIn(join(folder, 'pcap', name));
        if (heard.length > 0) read.set(name, { claims, heard, grants: grantsOf(toldBy(claims)) });
      }
    });

    it('give findings that are explained one by one', () => {
      const said: Record<string, string[]> = {};
      for (const [name, { heard, grants }] of read) {
        const memories = ruleMemories();
        for (const { observation } of heard) {
          const [primary] = allFindings(observation, grants, memories).found;
          if (primary === undefined) continue;
          const lines = (said[name] ??= []);
          const { rule, finding } = primary;
          const what =
            name in fuzzed ? rule.name : `${rule.name} ${observation.claimedAddress} by ${finding.offendingMac}`;
          if (!lines.includes(what)) lines.push(what);
        }
      }
      for (const name of Object.keys(said)) said[name]?.sort();
      const present = Object.entries({ ...explained, ...fuzzed }).filter(([name]) => read.has(name));
      expect(said).toEqual(Object.fromEntries(present));
    });

    it('give address-spoof on exactly the frames that claim an address, for each address sold to another in turn', () => {
      let tried = 0;
      for (const [name, { claims, heard, grants }] of read) {
        if (name in fuzzed) continue;
        const isGateway = (mac: string): boolean => grants.isGatewayMac('leaf1', undefined, mac);
        for (const address of new Set(claims.flatMap((one) => one.address ?? []))) {
          if (grants.ownerOfAddress(address) === undefined) continue;
          const other: Grants = {
            ...grants,
            ownerOfAddress: (asked) => (asked === address ? somebodyElse : grants.ownerOfAddress(asked)),
          };
          const found = heard.filter(
            ({ observation }) =>
              observation.claimedAddress === address && addressSpoof.judge(observation, other, noMemory) !== undefined,
          );
          const listed = claims.filter(
            (one) => one.address === address && !(isGateway(one.etherSource) && isGateway(one.mac)),
          );
          expect([name, address, ...framesOf(found)]).toEqual([name, address, ...framesOf(listed)]);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(0);
    });

    it('give unknown-mac on exactly the frames of a MAC, for each MAC that billing forgets in turn', () => {
      let tried = 0;
      for (const [name, { claims, heard, grants }] of read) {
        if (name in fuzzed) continue;
        const isKnown = (mac: string): boolean =>
          grants.ownersOfMac(mac).length > 0 || grants.isGatewayMac('leaf1', undefined, mac);
        for (const mac of new Set(claims.flatMap((one) => [one.etherSource, one.mac]))) {
          if (grants.ownersOfMac(mac).length === 0) continue;
          const other: Grants = {
            ...grants,
            ownersOfMac: (asked) => (asked === mac ? [] : grants.ownersOfMac(asked)),
          };
          const found = heard.filter(
            ({ observation }) => unknownMac.judge(observation, other, noMemory)?.offendingMac === mac,
          );
          const listed = claims.filter(
            (one) => one.etherSource === mac || (one.mac === mac && isKnown(one.etherSource)),
          );
          expect([name, mac, ...framesOf(found)]).toEqual([name, mac, ...framesOf(listed)]);
          tried++;
        }
      }
      expect(tried).toBeGreaterThan(0);
    });
  });
}
