import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MacVendors, PackedBlocks } from '../../src/feed/mac-vendor.js';

describe('the vendor of a MAC', () => {
  const vendors = new MacVendors();

  it.each([
    ['00:1c:73:00:00:99', { kind: 'assigned', vendor: 'Arista Networks' }],
    ['08:00:27:12:34:56', { kind: 'assigned', vendor: 'PCS Systemtechnik GmbH' }],
    ['52:54:00:00:00:66', { kind: 'locally-administered' }],
    ['02:de:ad:be:ef:01', { kind: 'locally-administered' }],
    ['03:00:00:00:00:01', { kind: 'locally-administered' }],
    ['00:00:5e:00:01:10', { kind: 'assigned', vendor: expect.stringContaining('ICANN') as string }],
  ])('%s: %j', (mac, expected) => {
    expect(vendors.of(mac)).toEqual(expected);
  });

  it('says that a block was assigned to nobody', () => {
    const file = createRequire(import.meta.url).resolve('oui-data');
    const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const free = Array.from({ length: 255 }, (_, n) => `FC${n.toString(16).padStart(2, '0').toUpperCase()}FF`).find(
      (block) => !Object.keys(known).some((one) => one.startsWith(block)),
    );
    const mac = `${free?.toLowerCase().match(/../g)?.join(':')}:00:00:01`;
    expect(vendors.of(mac)).toEqual({ kind: 'unassigned' });
  });

  it('knows every block of the list by the first line of its entry, the smaller block before the one around it', () => {
    const file = createRequire(import.meta.url).resolve('oui-data');
    const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const packed = new PackedBlocks(known);
    const wrong = Object.entries(known).filter(
      ([block, text]) => packed.find(block) !== text.split('\n', 1)[0]?.slice(0, 80).trim(),
    );
    expect({ wrong, size: packed.size }).toEqual({ wrong: [], size: Object.keys(known).length });
    const inner =
      Object.keys(known).find((block) => block.length === 9 && known[block.slice(0, 6)] !== undefined) ?? '';
    const mac = `${inner}000`.match(/../g)?.join(':').toLowerCase() ?? '';
    expect(vendors.of(mac)).toEqual({ kind: 'assigned', vendor: packed.find(inner) });
  });
});
