import fc from '../support/property.js';
import { linkLocalOf, macBytes, parseAnyMac, parseMac } from '../../events/index.js';

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
