import { type Ipv6Prefix, prefixContains, type ServerId } from '../../events/index.js';
import {
  type Claim,
  prefixWith,
  type RenumberedPrefix,
  RenumberedPrefixes,
  type RenumberingOrder,
  type RenumberingRow,
} from '../../projections/index.js';
import fc from '../support/property.js';

/** Prefixes that are alike, nest, and lie apart. */
const prefixes = ['2001:db8::/48', '2001:db8::/64', '2001:db8:0:1::/64', '2001:db8:1::/48', '2001:db8:1:2::/64'];
const addresses = ['2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:1::1', '2001:db8:1:2::1'];
const elsewhere = ['2001:db8:9::1', 'fe80::1', '198.51.100.16'];
const orders: RenumberingOrder[] = ['planned', 'granting', 'releasing', 'reverting', 'finished', 'rolled-back', 'void'];

const row = (n: number, more: Partial<RenumberingRow>): RenumberingRow => ({
  ...{ renumberingId: `rn-${n}`, serverId: 'srv-1' as ServerId, orderedAt: n, quietSeconds: 60, by: 'token:a' },
  ...{ from: '2001:db8::/64' as Ipv6Prefix, to: '2001:db8:1::/48' as Ipv6Prefix, heard: 0 },
  ...{ order: 'granting', noted: 'waiting-for-grant', startedAt: 0, notedAt: 0, ...more },
});
const day = 86_400_000;
const some = fc.record({
  serverId: fc.constantFrom('srv-1', 'srv-2') as fc.Arbitrary<ServerId>,
  from: fc.constantFrom(...prefixes) as fc.Arbitrary<Ipv6Prefix>,
  to: fc.constantFrom(...prefixes) as fc.Arbitrary<Ipv6Prefix>,
  order: fc.constantFrom(...orders),
  startedAt: fc.constantFrom(10 * day, 20 * day),
  notedAt: fc.constantFrom(20 * day, 30 * day),
});
const heard = fc.constantFrom<readonly [number, number]>([5, 9], [5, 15], [25, 99], [55, 56], [61, 61]);
const claimOf = (claimedAddress: string, serverId: string, [first, last]: readonly [number, number]): Claim =>
  ({ claimedAddress, offenderServerId: serverId, firstSeen: first * day, lastSeen: last * day }) as Claim;

/** Every renumbering looked at: of what explains the address, the server's own first, then the longest, then the newest. */
function byHand(rows: readonly RenumberingRow[], claim: Claim): RenumberedPrefix[] {
  const { claimedAddress = '', offenderServerId, firstSeen, lastSeen } = claim;
  const lengthOf = (prefix: Ipv6Prefix): number =>
    prefixContains(prefix, claimedAddress) ? Number(prefix.split('/')[1]) : 0;
  const near = ({ row: { serverId, from, to, orderedAt } }: RenumberedPrefix): readonly number[] => [
    Number(serverId === offenderServerId),
    Math.max(lengthOf(from), lengthOf(to)),
    orderedAt,
  ];
  return rows
    .flatMap((row): RenumberedPrefix[] => {
      const which = lengthOf(row.from) > 0 ? 'old' : lengthOf(row.to) > 0 ? 'new' : undefined;
      const isOver = ['finished', 'rolled-back', 'void'].includes(row.order);
      const isSettled =
        row.order === 'void' || which === { finished: 'new', 'rolled-back': 'old' }[row.order as string];
      const isInTime = lastSeen >= row.startedAt && (!isOver || firstSeen <= row.notedAt + 30 * day);
      return which === undefined || isSettled || !isInTime ? [] : [{ row, which }];
    })
    .sort((a, b) => {
      const [one, other] = [near(a), near(b)];
      const at = one.findIndex((rank, n) => rank !== other[n]);
      return (other[at] ?? 0) - (one[at] ?? 0);
    });
}

describe('the renumbering that explains an address', () => {
  it('is the one that a look at every renumbering finds, whatever became of them', () => {
    fc.assert(
      fc.property(
        fc.array(some, { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...orders))),
        heard,
        (all, later, when) => {
          const index = new RenumberedPrefixes();
          const rows = all.map((one, n) => row(n, one));
          for (const one of rows) index.put(one);
          later.forEach(([n, order], at) => {
            const before = rows[n];
            if (before === undefined) return;
            rows[n] = { ...before, order, orderedAt: 100 + at };
            index.put(rows[n]);
          });
          for (const address of [...addresses, ...elsewhere])
            for (const serverId of ['srv-1', 'srv-2', 'srv-3']) {
              const claim = claimOf(address, serverId, when);
              const expected = byHand(rows, claim);
              expect(index.explaining(claim)).toEqual(expected[0]);
              expect(rows.filter(({ renumberingId }) => index.explains(renumberingId, claim))).toEqual(
                rows.filter((one) => expected.some(({ row: explaining }) => explaining === one)),
              );
            }
        },
      ),
    );
  });

  it.each([
    ['granting', '2001:db8::1', 'old'],
    ['granting', '2001:db8:1::1', 'new'],
    ['finished', '2001:db8::1', 'old'],
    ['finished', '2001:db8:1::1', undefined],
    ['rolled-back', '2001:db8::1', undefined],
    ['rolled-back', '2001:db8:1::1', 'new'],
    ['void', '2001:db8::1', undefined],
    ['granting', '2001:db8:9::1', undefined],
    ['granting', '198.51.100.16', undefined],
  ] as const)('of one that is %s says of %s that it lies in the prefix: %s', (order, address, which) => {
    const index = new RenumberedPrefixes();
    index.put(row(1, { order }));
    expect(index.explaining(claimOf(address, 'srv-1', [0, 0]))?.which).toBe(which);
  });

  it('calls an address of both prefixes old: it was used before', () => {
    expect(
      prefixWith({ from: '2001:db8:1:2::/64' as Ipv6Prefix, to: '2001:db8:1::/48' as Ipv6Prefix }, '2001:db8:1:2::1'),
    ).toBe('old');
  });
});
