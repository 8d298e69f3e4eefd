import type { Ipv6Prefix, ServerId } from '../../events/index.js';
import {
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
const some = fc.record({
  serverId: fc.constantFrom('srv-1', 'srv-2') as fc.Arbitrary<ServerId>,
  from: fc.constantFrom(...prefixes) as fc.Arbitrary<Ipv6Prefix>,
  to: fc.constantFrom(...prefixes) as fc.Arbitrary<Ipv6Prefix>,
  order: fc.constantFrom(...orders),
});

/** Every renumbering looked at: of what explains the address, the server's own before others, the newest first. */
function byHand(rows: readonly RenumberingRow[], address: string, serverId: string): RenumberedPrefix | undefined {
  const settled = { finished: 'new', 'rolled-back': 'old' } as Partial<Record<RenumberingOrder, string>>;
  const explaining = rows.flatMap((one): RenumberedPrefix[] => {
    const which = prefixWith(one, address);
    if (which === undefined || one.order === 'void' || settled[one.order] === which) return [];
    return [{ row: one, which }];
  });
  const newestFirst = explaining.sort((a, b) => b.row.orderedAt - a.row.orderedAt);
  return newestFirst.find((one) => one.row.serverId === serverId) ?? newestFirst[0];
}

describe('the renumbering that explains an address', () => {
  it('is the one that a look at every renumbering finds, whatever became of them', () => {
    fc.assert(
      fc.property(
        fc.array(some, { maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...orders))),
        (all, later) => {
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
            for (const serverId of ['srv-1', 'srv-2', 'srv-3'])
              expect(index.explaining(address, serverId)).toEqual(byHand(rows, address, serverId));
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
    expect(index.explaining(address)?.which).toBe(which);
  });

  it('calls an address of both prefixes old: it was used before', () => {
    expect(
      prefixWith({ from: '2001:db8:1:2::/64' as Ipv6Prefix, to: '2001:db8:1::/48' as Ipv6Prefix }, '2001:db8:1:2::1'),
    ).toBe('old');
  });
});
