import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import fc from '../support/property.js';
import { formatIpv6, type Ipv6Words, isLinkLocal, parseIp, parseIpv4, parseIpv6, wordsOf } from '../../events/index.js';
import { field } from '../../events/vocabulary/fields.js';

const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));
const words: fc.Arbitrary<Ipv6Words> = fc.tuple(word, word, word, word);
const mapped = ([a, b, c]: Ipv6Words): boolean => a === 0 && b === 0 && c === 0xffff;
/** Texts made of the pieces addresses are made of: right, nearly right, wrong. */
const addressLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(':', '::', '.', '%', '0', '00', 'ffff', '1', '255', '256', 'db8', '/', ' ', 'x', '0x1'),
      fc.nat(300).map(String),
    ),
    { maxLength: 16 },
  )
  .map((pieces) => pieces.join(''));

describe('an IPv6 address', () => {
  it.each([
    // RFC 5952 sections 1, 2.1 to 2.3 and 4: many spellings of one address, and the one to use.
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['2001:db8:0:0:0::1', '2001:db8::1'],
    ['2001:db8::aaaa:0:0:1', '2001:db8::aaaa:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8::abcd:0:0:1', '2001:db8::abcd:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('%s is spelt %s', (text, canonical) => expect(parseIpv6(text)).toBe(canonical));

  it.each([
    '',
    '1',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::',
    '::1%eth0',
    'fe80::1%1',
    ' ::1',
    '::1 ',
    '::1\n',
    '[::1]',
    '::1/128',
    '::ffff:1.2.3.4',
    '::FFFF:0102:0304',
    '0:0:0:0:0:ffff:c633:6410',
    '::1.2.3.04',
    '::1.2.3',
  ])('%j is refused', (text) => expect(parseIpv6(text)).toBeUndefined());

  it('survives spelling and reading, for all 128 bits', () => {
    fc.assert(
      fc.property(words, (one) => {
        const text = formatIpv6(one);
        expect(wordsOf(text)).toEqual(one);
        expect(parseIpv6(text)).toBe(mapped(one) ? undefined : text);
      }),
      { numRuns: 2000 },
    );
  });

  it('is spelt as the platform spells it', () => {
    fc.assert(
      fc.property(words, (one) => {
        // The platform writes the last 32 bits of addresses that start with 96 zero bits in dotted decimal.
        fc.pre(!mapped(one) && !(one[0] === 0 && one[1] === 0 && one[2] === 0));
        const address = formatIpv6(one);
        expect(new SocketAddress({ address, family: 'ipv6' }).address).toBe(address);
      }),
      { numRuns: 2000 },
    );
  });

  it('is one whenever the platform says so and it has no zone and is not IPv4-mapped', () => {
    fc.assert(
      fc.property(fc.oneof(addressLike, fc.ipV6(), fc.string()), (text) => {
        const expected = isIPv6(text) && !text.includes('%') && !mapped(wordsOf(text));
        expect(parseIpv6(text) !== undefined).toBe(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it('is link-local in fe80::/64 only', () => {
    expect(['fe80::1', 'fe80::ffff:ffff:ffff:ffff'].map(isLinkLocal)).toEqual([true, true]);
    expect(['fe80:0:0:1::1', 'fe81::1', 'febf::1', '2001:db8::1', 'fe8::1'].map(isLinkLocal)).toEqual(
      Array(5).fill(false),
    );
    expect(field.linkLocal.parse('fe80::')).toBeUndefined();
  });

  it('of a gateway is one that a host can own', () => {
    const parse = (text: string) => field.gatewayAddress.parse(text);
    expect(['::', '::1', 'ff02::1', '0.0.0.0', '127.0.0.1', '224.0.0.1', '255.255.255.255'].map(parse)).toEqual(
      Array(7).fill(undefined),
    );
    expect(['FE80::1', 'ff::1', '198.51.100.1'].map(parse)).toEqual(['fe80::1', 'ff::1', '198.51.100.1']);
  });
});

describe('an IPv4 address', () => {
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.04',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '256.1.1.1',
    '127.1',
    '2130706433',
    '1.2.3.4 ',
    '1.2.3.4/32',
    '1.2.3.-4',
    '１.2.3.4',
    '',
  ])('%j is refused', (text) => expect(parseIpv4(text)).toBeUndefined());

  it('is one whenever the platform says so, and spelt as it was', () => {
    fc.assert(
      fc.property(fc.oneof(addressLike, fc.ipV4(), fc.ipV4Extended(), fc.string()), (text) => {
        expect(parseIpv4(text)).toBe(isIPv4(text) ? text : undefined);
        expect(parseIp(text) !== undefined).toBe(isIP(text) === 4 || parseIpv6(text) !== undefined);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['0.0.0.0', '0.1.2.3', '127.0.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'])(
    '%s cannot be sold',
    (text) => expect(field.ipv4.parse(text)).toBeUndefined(),
  );
});
