import fc from '../../support/property.js';
import { formatIpv6, type Ipv6Address } from '../../../events/index.js';
import { parseRadvd, renderRadvd } from '../../../src/drivers/ra/radvd-config.js';
import { radvdOnLink } from '../../../src/drivers/switch/radvd-config.js';
import { hostileString, numbersFrom } from '../hostile-strings.js';

const stamp = { logId: '3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11', ordinal: 12 };
const good = { interface: 'vlan16', router: 'fe80::1' as Ipv6Address };
const word = fc.nat(0xffffffff);
const advertised = fc.uniqueArray(
  fc.record({
    interface: fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,14}$/),
    router: fc.tuple(word, word).map(([high, low]) => formatIpv6([0xfe800000, 0, high, low])),
  }),
  { selector: (one) => one.interface, maxLength: 6 },
);

describe('the file of radvd', () => {
  it('says a default route, managed addresses, and nothing that is on-link', () => {
    expect(renderRadvd([good], stamp, false)).toBe(
      [
        '# portledger log=3f0e0f5c-7a53-4a43-9c5c-1f6f0a1f7f11 ordinal=12',
        '# Written by portledger and replaced whole: what is changed here by hand is put back.',
        '# Interfaces of your own belong into the file of a radvd of their own.',
        'interface vlan16',
        '{',
        '  AdvSendAdvert on;',
        '  IgnoreIfMissing on;',
        '  AdvManagedFlag on;',
        '  AdvOtherConfigFlag on;',
        '  AdvDefaultLifetime 1800;',
        '  MinRtrAdvInterval 200;',
        '  MaxRtrAdvInterval 600;',
        '  AdvRASolicitedUnicast off;',
        '  AdvRASrcAddress { fe80::1; };',
        '};',
        '',
      ].join('\n'),
    );
    expect(radvdOnLink(renderRadvd([good], stamp, false), 'vlan16')).toEqual([]);
  });

  it('is read back as it was written, whatever the order, with its stamp and whether it was proved', () => {
    fc.assert(
      fc.property(advertised, fc.boolean(), (all, pending) => {
        const text = renderRadvd(all, stamp, pending);
        expect(renderRadvd([...all].reverse(), stamp, pending)).toBe(text);
        const read = parseRadvd(text);
        expect(read).toEqual({
          advertised: new Map(all.map((one) => [one.interface, one])),
          intact: true,
          pending,
          stamp,
        });
      }),
    );
  });

  it.each([
    ['a flag', (text: string) => text.replace('AdvManagedFlag on', 'AdvManagedFlag off')],
    ['a prefix more', (text: string) => text.replace('  AdvRASrc', '  prefix 2001:db8::/64 { };\n  AdvRASrc')],
    ['an interface more', (text: string) => `${text}interface eth9 { AdvSendAdvert on; };\n`],
    ['a space', (text: string) => `${text} `],
  ])('is not intact where somebody changed %s in it', (_what, change) => {
    expect(parseRadvd(change(renderRadvd([good], stamp, false)))).toMatchObject({ intact: false, stamp });
  });

  it('says nothing that counts where it is not ours', () => {
    const theirs = 'interface vlan16\n{\n  AdvRASrcAddress { fe80::1; };\n};\n';
    expect(parseRadvd(theirs)).toEqual({ advertised: new Map(), intact: false, pending: false, stamp: undefined });
    expect(parseRadvd('')).toMatchObject({ intact: false, stamp: undefined });
  });

  it('carries no string from outside: a value that is not what its type says is refused, or written as it is', () => {
    let written = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const number = numbersFrom(seed);
        for (let round = 0; round < 500; round++) {
          const field = number(2) === 0 ? 'interface' : 'router';
          const forged = { ...good, [field]: hostileString(good[field], number) };
          let text: string;
          try {
            text = renderRadvd([forged], stamp, false);
          } catch (error) {
            if (error instanceof TypeError) continue;
            throw error;
          }
          written++;
          const blocks = text.split('\n').slice(3);
          const isPlain =
            /^interface [A-Za-z][A-Za-z0-9._-]{0,14}$/.test(blocks[0] ?? '') &&
            /^ {2}AdvRASrcAddress \{ fe80::[0-9a-f:]* ?; \};$/.test(blocks.at(-3) ?? '') &&
            blocks.length === 13;
          if (!isPlain) throw new Error(`${JSON.stringify(forged)} is rendered as ${JSON.stringify(text)}`);
        }
      }),
      { numRuns: 100 },
    );
    expect(written).toBeGreaterThan(100);
  });
});
