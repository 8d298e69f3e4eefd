import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import fc from 'fast-check';
import {
  formatInstant,
  formatIpv6,
  interfaceOf,
  type Ipv6Address,
  type Ipv6Words,
  isLinkLocal,
  linkLocalOf,
  macBytes,
  parseAnyMac,
  parseCustomerId,
  parseInstant,
  parseIp,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  parseMac,
  parsePort,
  parseServerId,
  parseSwitchName,
  parseVlan,
  type PortId,
  prefixBits,
  prefixContains,
  switchOf,
  wordsOf,
} from '../../events/index.js';
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

describe('a MAC address', () => {
  it.each(['52:54:00:AB:CD:EF', '52-54-00-ab-cd-ef', '5254.00AB.cdef', '52:54:00:ab:cd:ef'])(
    '%s has one spelling',
    (text) => expect(parseMac(text)).toBe('52:54:00:ab:cd:ef'),
  );
  it.each([
    '',
    '52:54:00:ab:cd',
    '52:54:00:ab:cd:ef:01',
    '52:54-00:ab:cd:ef',
    '525400abcdef',
    '52:54:0:ab:cd:ef',
    '52:54:00:ab:cd:eg',
    '5254.00ab.cdef ',
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '01:00:5e:00:00:01',
    '33:33:00:00:00:01',
  ])('%j cannot be sold', (text) => expect(parseMac(text)).toBeUndefined());

  it('survives spelling and reading, in every notation', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.boolean(), (bytes, upper) => {
        const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
        const canonical = pairs.join(':');
        const dotted = [pairs.slice(0, 2), pairs.slice(2, 4), pairs.slice(4)].map((two) => two.join('')).join('.');
        for (const text of [canonical, pairs.join('-'), dotted])
          expect(parseAnyMac(upper ? text.toUpperCase() : text)).toBe(canonical);
        const group = ((bytes[0] ?? 0) & 1) === 1;
        const mac = parseMac(canonical);
        expect(mac).toBe(group || bytes.every((byte) => byte === 0) ? undefined : canonical);
        if (mac !== undefined) expect(macBytes(mac)).toEqual([...bytes]);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the link-local of RFC 4291 appendix A', () => {
    const mac = parseMac('34-56-78-9A-BC-DE');
    expect(mac && linkLocalOf(mac)).toBe('fe80::3656:78ff:fe9a:bcde');
    const low = parseMac('02:00:00:00:00:01');
    expect(low && linkLocalOf(low)).toBe('fe80::ff:fe00:1');
  });
});

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

describe('an instant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1985-04-12T23:20:50.52Z', 482196050520],
    ['1996-12-19T16:39:57-08:00', Date.UTC(1996, 11, 20, 0, 39, 57)],
    ['1990-12-31T23:59:60Z', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-12-31T15:59:60-08:00', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-12-31T23:59:60.5Z', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-06-30t23:59:60z', Date.UTC(1990, 5, 30, 23, 59, 59, 999)],
    ['1937-01-01T12:00:27.87+00:20', Date.UTC(1937, 0, 1, 11, 40, 27, 870)],
    ['2026-01-01T00:00:00.123456789012Z', Date.UTC(2026, 0, 1, 0, 0, 0, 123)],
    ['2026-01-01T00:00:00-00:00', Date.UTC(2026, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
  ])('%s is read (RFC 3339 section 5.8 and around it)', (text, millis) => expect(parseInstant(text)).toBe(millis));

  it.each([
    '',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00.Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T12:30:60Z',
    '1990-12-30T23:59:60Z',
    '1990-12-31T23:59:60-08:00',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00:00+0100',
    '2026-01-01T00:00:00Z\n',
    '+002026-01-01T00:00:00Z',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '２026-01-01T00:00:00Z',
  ])('%j is refused', (text) => expect(parseInstant(text)).toBeUndefined());

  it('survives spelling and reading, in every zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: -1439, max: 1439 }),
        (date, offset) => {
          const millis = date.getTime();
          expect(parseInstant(formatInstant(millis))).toBe(millis);
          const local = new Date(millis + offset * 60_000).toISOString().replace('Z', '');
          const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
            String(part).padStart(2, '0'),
          );
          expect(parseInstant(`${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`)).toBe(millis);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('that can be read can be stored: its spelling in UTC is read again', () => {
    const edges = [
      '0000-01-01T00:00:00+23:59',
      '0000-01-01T23:59:00+23:59',
      '9999-12-31T23:59:59.999-23:59',
      '9999-12-31T00:00:00-23:59',
    ];
    for (const text of edges) {
      const millis = parseInstant(text);
      if (millis !== undefined) expect(parseInstant(formatInstant(millis))).toBe(millis);
    }
  });
});

describe('names and numbers', () => {
  it('a port is a switch and an interface, spelt as billing spells it', () => {
    const good = [
      'leaf1:Ethernet16',
      'leaf1:Ethernet1/1',
      'leaf-1.rack_2:xe-0/0/1:0.100',
      'leaf1:Port-Channel3',
      '1:1',
    ];
    for (const text of good) {
      const port = parsePort(text) as PortId;
      expect(port).toBe(text);
      expect(`${switchOf(port)}:${interfaceOf(port)}`).toBe(text);
    }
    const bad = [
      'leaf1',
      'leaf1:',
      ':Ethernet1',
      'Leaf1:Ethernet1',
      'leaf1:Ethernet 1',
      'leaf1:;reboot',
      'leaf1:../x',
      'leaf1:é',
      `leaf1:${'a'.repeat(64)}`,
      'leaf1:Ethernet1\n',
      5,
      null,
    ];
    expect(bad.map(parsePort)).toEqual(bad.map(() => undefined));
  });

  it('a VLAN is a whole number from 1 to 4094', () => {
    expect([1, 16, 4094].map(parseVlan)).toEqual([1, 16, 4094]);
    expect([0, 4095, -1, 1.5, '16', Number.NaN, null, undefined, true, [16]].map(parseVlan)).toEqual(
      Array(10).fill(undefined),
    );
  });

  it('an opaque id has no room for a name with blanks or for an e-mail address', () => {
    expect(['srv-1', 'A', '9f.b:c_d-e', 'a'.repeat(64)].map(parseServerId)).toEqual([
      'srv-1',
      'A',
      '9f.b:c_d-e',
      'a'.repeat(64),
    ]);
    expect(['', '-a', 'a b', 'a@b.example', 'a'.repeat(65), 'ä', 'a\n', 1].map(parseCustomerId)).toEqual(
      Array(8).fill(undefined),
    );
    expect(['leaf1', 'Leaf1', 'leaf 1', '-leaf'].map(parseSwitchName)).toEqual([
      'leaf1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a text has no controls, no turned reading direction and no half characters', () => {
    expect(['a', 'grün, 漢字 🙂', 'x'.repeat(500)].map(field.reason.parse)).toEqual([
      'a',
      'grün, 漢字 🙂',
      'x'.repeat(500),
    ]);
    const bad = [
      '',
      'a\nb',
      '\u0000',
      '\u007f',
      '\u0085',
      '\u009b31m',
      '\u2028',
      '\u202e',
      '\u2066',
      '\ud83d',
      'x'.repeat(501),
      5,
      null,
    ];
    expect(bad.map(field.reason.parse)).toEqual(bad.map(() => undefined));
  });

  it('what a frame carried is kept as heard, also where it could never be sold', () => {
    expect(field.frameAddress.parse('::FFFF:1.2.3.4')).toBe('::ffff:102:304' as Ipv6Address);
    expect(field.frameAddress.parse('0.0.0.0')).toBe('0.0.0.0');
    expect(field.frameMac.parse('FF:FF:FF:FF:FF:FF')).toBe('ff:ff:ff:ff:ff:ff');
    expect(field.frameAddress.parse('fe80::1%eth0')).toBeUndefined();
  });
});
