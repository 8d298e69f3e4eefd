import fc from '../support/property.js';
import {
  formatIpv6,
  type Ipv6Words,
  parseIpv6Prefix,
  prefixBits,
  prefixContains,
  wordsOf,
} from '../../events/index.js';

const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));
const words: fc.Arbitrary<Ipv6Words> = fc.tuple(word, word, word, word);

describe('an IPv6 prefix', () => {
  it.each([
    ['2001:DB8:16:0::/48', '2001:db8:16::/48'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['2000::/3', '2000::/3'],
    ['fc00::/7', 'fc00::/7'],
    ['fd12:3456:789a::/48', 'fd12:3456:789a::/48'],
  ])('%s is spelt %s', (text, canonical) => expect(parseIpv6Prefix(text)).toBe(canonical));

  it.each([
    '2001:db8::1/64',
    '2001:db8:1::/47',
    '2001:db8::',
    '2001:db8::/',
    '2001:db8::/129',
    '2001:db8::/048',
    '2001:db8::/+48',
    '2001:db8::/4e1',
    '2001:db8::%eth0/64',
    '::/0',
    '::/3',
    '2000::/2',
    '3000::/3',
    'fc00::/6',
    'fe80::/10',
    'fe80::/64',
    'ff00::/8',
    '::ffff:198.51.100.0/120',
    '64:ff9b::/96',
    '198.51.100.0/24',
    '0x2001::/16',
    ' 2001:db8::/32',
  ])('%j is refused', (text) => expect(parseIpv6Prefix(text)).toBeUndefined());

  it('is one exactly when its address can be sold and has no bit beyond its length', () => {
    const sellable = fc.tuple(
      fc.constantFrom(0x20010db8, 0x2a000000, 0xfd000000, 0xfc000000, 0x20000000),
      word,
      word,
      word,
    ) as fc.Arbitrary<Ipv6Words>;
    const cut = fc.tuple(sellable, fc.integer({ min: 0, max: 130 }), fc.boolean());
    fc.assert(
      fc.property(cut, ([one, length, clear]) => {
        const bits = one.map((part) => part.toString(2).padStart(32, '0')).join('');
        const kept = clear ? bits.slice(0, length).padEnd(128, '0') : bits;
        const part = (index: number): number => Number.parseInt(kept.slice(index * 32, index * 32 + 32), 2);
        const address = formatIpv6([part(0), part(1), part(2), part(3)]);
        const text = `${address}/${length}`;
        const shortest = kept.startsWith('001') ? 3 : kept.startsWith('1111110') ? 7 : Number.POSITIVE_INFINITY;
        const valid = length >= shortest && length <= 128 && !kept.slice(length).includes('1');
        const prefix = parseIpv6Prefix(text);
        expect(prefix).toBe(valid ? text : undefined);
        if (prefix === undefined) return;
        expect(prefixBits(prefix)).toEqual({ words: wordsOf(address), length });
        expect(prefixContains(prefix, address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('contains exactly the addresses that share its bits', () => {
    const bitsOf = (one: Ipv6Words): string => one.map((part) => part.toString(2).padStart(32, '0')).join('');
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 128 }), words, words, (length, one, other) => {
        const bits = `001${bitsOf(one).slice(3)}`.slice(0, length);
        const of = (text: string, index: number): number =>
          Number.parseInt(text.padEnd(128, '0').slice(index * 32, index * 32 + 32), 2);
        const prefix = parseIpv6Prefix(`${formatIpv6([of(bits, 0), of(bits, 1), of(bits, 2), of(bits, 3)])}/${length}`);
        const near = bits + bitsOf(other).slice(length);
        if (prefix === undefined) throw new Error('made a prefix that is none');
        expect(prefixContains(prefix, formatIpv6([of(near, 0), of(near, 1), of(near, 2), of(near, 3)]))).toBe(true);
        expect(prefixContains(prefix, formatIpv6(other))).toBe(bitsOf(other).startsWith(bits));
      }),
      { numRuns: 500 },
    );
    const prefix = parseIpv6Prefix('2001:db8::/32');
    expect(prefix && ['198.51.100.1', 'x', ''].map((text) => prefixContains(prefix, text))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
