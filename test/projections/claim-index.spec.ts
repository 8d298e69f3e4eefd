import fc from '../support/property.js';
import { expectSame } from '../support/told.js';
import {
  type CustomerId,
  type Ipv4Address,
  type MacAddress,
  parseIpv6Prefix,
  prefixBits,
  type ServerId,
  type SwitchName,
  type Vlan,
  wordsOf,
} from '../../events/index.js';
import { ClaimIndex } from '../../projections/claim-index.js';
import { type Claim, Ipv4Claim, MacClaim, PrefixClaim, VlanClaim } from '../../projections/claims.js';
import type { ExactThing } from '../../projections/exact-lines.js';

const servers = ['s1', 's2', 's3', 's4', 's5'] as ServerId[];
const texts = [
  '2000::/3',
  '2001:db8::/32',
  '2001:db8::/33',
  '2001:db8:8000::/33',
  '2001:db8:1::/48',
  '2001:db8:1::/47',
  '2001:db8:1:1::/64',
  '2001:db8:1:1::/63',
  '2001:db8:1:1::1/128',
  '2001:db8:ffff::/48',
  'fd00::/8',
  'fd00:1::/32',
].flatMap((text) => parseIpv6Prefix(text) ?? []);
const [leaf, vlan, mac] = ['leaf1' as SwitchName, 11 as Vlan, '52:54:00:00:00:01' as MacAddress];
const addresses = ['198.51.100.1', '198.51.100.2'] as Ipv4Address[];
const things: readonly ExactThing[] = [
  { kind: 'vlan', switchName: leaf, vlan },
  { kind: 'mac', switchName: leaf, vlan, mac },
  ...addresses.map((address) => ({ kind: 'ipv4', address }) as const),
];

type Unplaced = ExactThing | { readonly prefix: (typeof texts)[number]; readonly customer: CustomerId };
const customer = fc.constantFrom('c1', 'c2') as unknown as fc.Arbitrary<CustomerId>;
const unplaced: fc.Arbitrary<Unplaced> = fc.oneof(fc.constantFrom(...things), {
  weight: 3,
  arbitrary: fc.record({ prefix: fc.constantFrom(...texts), customer }),
});
const histories = fc.array(
  fc.record({ server: fc.constantFrom(...servers), claims: fc.array(unplaced, { maxLength: 5 }) }),
  {
    maxLength: 30,
    size: 'max',
  },
);

function claimOf(one: Unplaced, since: number): Claim {
  if ('prefix' in one) return new PrefixClaim(one.prefix, one.customer, since);
  if (one.kind === 'vlan') return new VlanClaim(one.switchName, one.vlan, since);
  if (one.kind === 'mac') return new MacClaim(one.switchName, one.vlan, one.mac, since);
  return new Ipv4Claim(one.address, since);
}

/** What a server claims after a step: its own earlier claims keep their place, new ones get the step's. */
function placed(before: readonly Claim[], wanted: readonly Unplaced[], now: number): Claim[] {
  const claims = new Map<string, Claim>();
  for (const one of wanted) {
    const fresh = claimOf(one, now);
    const since = before.find((claim) => claim.key === fresh.key)?.since;
    claims.set(fresh.key, since === undefined ? fresh : claimOf(one, since));
  }
  return [...claims.values()];
}

const bits = (prefix: (typeof texts)[number]): string => {
  const { words, length } = prefixBits(prefix);
  return words
    .map((word) => word.toString(2).padStart(32, '0'))
    .join('')
    .slice(0, length);
};
function conflicting(a: Claim, b: Claim): boolean {
  if (a.kind !== 'prefix' || b.kind !== 'prefix') return a.key === b.key;
  if (a.prefix === b.prefix) return true;
  const [first, second] = [bits(a.prefix), bits(b.prefix)];
  return a.customer !== b.customer && (first.startsWith(second) || second.startsWith(first));
}

/** An index fed step by step, and beside it what each server claims now: all that a look at every pair needs. */
function indexed(history: readonly { readonly server: ServerId; readonly claims: readonly Unplaced[] }[]) {
  const naive = new Map<ServerId, readonly Claim[]>();
  const index = new ClaimIndex({
    slotOf: (serverId) => servers.indexOf(serverId as ServerId),
    serverIdAt: (slot) => servers[slot] as ServerId,
    claimsAt: (slot) => naive.get(servers[slot] as ServerId) ?? [],
  });
  const claim = (server: ServerId, after: readonly Claim[], step: number): void => {
    const before = naive.get(server) ?? [];
    naive.set(server, after);
    index.replace(servers.indexOf(server), before, after, step);
  };
  history.forEach(({ server, claims }, step) => claim(server, placed(naive.get(server) ?? [], claims, step), step));
  return { index, naive, claim };
}

describe('the claim index', () => {
  it('answers as a look at every pair of claims does, after any adding and removing', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { index, naive } = indexed(history);
        const all = [...naive].flatMap(([serverId, claims]) => claims.map((claim) => ({ serverId, claim })));
        const rivalsOf = (serverId: ServerId, claim: Claim) =>
          all.filter((other) => other.serverId !== serverId && conflicting(claim, other.claim));
        for (const { serverId, claim } of all) {
          const earlier = rivalsOf(serverId, claim)
            .filter((other) => other.claim.since < claim.since)
            .sort((a, b) => a.claim.since - b.claim.since);
          // Two prefixes a server claimed in one step stand at the same place: either may be named.
          const first = earlier.filter((one) => one.claim.since === earlier[0]?.claim.since);
          const blocker = index.blockerOf(serverId, claim);
          if (blocker === undefined) expect(first).toEqual([]);
          else expect(first).toContainEqual(blocker);
          const later = rivalsOf(serverId, claim).filter((other) => other.claim.since > claim.since);
          const said = (list: typeof all) => list.map((one) => `${one.serverId} ${one.claim.key}`).sort();
          expectSame(said(index.waitingBehind(serverId, claim)), said(later));
        }
        for (const thing of things) {
          const { key } = claimOf(thing, 0);
          const line = all.filter(({ claim }) => claim.key === key).sort((a, b) => a.claim.since - b.claim.since);
          expect(index.holderOf(thing)).toBe(line[0]?.serverId);
        }
        for (const address of ['2001:db8:1:1::1', '2001:db8:1::9', '2001:db8:ffff::1', 'fd00:1::1', '3fff::1']) {
          const holders = all
            .filter(({ claim }) => claim.kind === 'prefix' && addressBits(address).startsWith(bits(claim.prefix)))
            .filter(
              ({ serverId, claim }) => !rivalsOf(serverId, claim).some((other) => other.claim.since < claim.since),
            )
            .sort((a, b) => lengthOf(b.claim) - lengthOf(a.claim));
          expectSame(index.holdersOfAddress(wordsOf(address)), holders);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is empty again when every claim is gone', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const { index, naive, claim } = indexed(history);
        for (const server of naive.keys()) claim(server, [], 99);
        expect(index.size).toBe(0);
        for (const thing of things) expect(index.holderOf(thing)).toBeUndefined();
        for (const prefix of texts) expect(index.holdersOfAddress(prefixBits(prefix).words)).toEqual([]);
        expect(index.freedPlaces()).toEqual(new Map());
      }),
    );
  });
});

function addressBits(address: string): string {
  return wordsOf(address)
    .map((word) => word.toString(2).padStart(32, '0'))
    .join('');
}

function lengthOf(claim: Claim): number {
  return claim.kind === 'prefix' ? prefixBits(claim.prefix).length : 0;
}
