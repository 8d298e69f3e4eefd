import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLayouts, readLayouts } from '../../../src/control/switches/layout-file.js';

const file = 'layouts.json';
const good = {
  layouts: [
    {
      name: '48 and 4',
      switches: ['leaf1', 'edge*'],
      blocks: [
        { label: 'servers', ports: ['Ethernet[1-4]'], group: 2 },
        { ports: ['Ethernet[5-6]/1', 'mgmt'], uplinks: true, rows: 1 },
      ],
    },
    { name: 'any other', switches: ['*'], blocks: [{ ports: ['swp1'] }] },
  ],
};

describe('the file of layouts', () => {
  it('says of each switch how its ports stand, the first layout that fits', () => {
    const layouts = parseLayouts(good, file);
    expect(layouts.of('leaf1')).toEqual({
      name: '48 and 4',
      blocks: [
        {
          label: 'servers',
          ports: ['Ethernet1', 'Ethernet2', 'Ethernet3', 'Ethernet4'],
          rows: 2,
          group: 2,
          uplinks: false,
        },
        { ports: ['Ethernet5/1', 'Ethernet6/1', 'mgmt'], rows: 1, group: 12, uplinks: true },
      ],
    });
    expect(layouts.of('edge7')?.name).toBe('48 and 4');
    expect(layouts.of('leaf12')?.name).toBe('any other');
  });

  it.each<[string, (block: Record<string, unknown>) => unknown, RegExp]>([
    [
      'a misspelt key',
      (block) => ({ ...block, row: 1 }),
      /\/layouts\/0\/blocks\/0\/row: found an unknown key, expected one of .*rows/,
    ],
    ['three rows', (block) => ({ ...block, rows: 3 }), /\/blocks\/0\/rows: found 3, expected 1 or 2/],
    [
      'a name that is no interface',
      (block) => ({ ...block, ports: ['Ether net'] }),
      /\/blocks\/0\/ports: .*expected a list of interfaces/,
    ],
    ['a range that runs back', (block) => ({ ...block, ports: ['e[4-1]'] }), /\/blocks\/0\/ports: /],
    [
      'a port named twice',
      (block) => ({ ...block, ports: ['e[1-4]', 'e3'] }),
      /\/blocks\/0\/ports\/1: found "e3", expected a port named once/,
    ],
    [
      'more ports than can be shown',
      (block) => ({ ...block, ports: ['e[1-1000]', 'f[1-1000]'] }),
      /found 2000 ports, expected at most 1024/,
    ],
    ['no ports', (block) => ({ ...block, ports: [] }), /\/blocks\/0\/ports: found \[\]/],
  ])('is refused for %s, with its place and what was expected', (_what, change, message) => {
    const layouts = [{ name: 'x', switches: ['*'], blocks: [change({ ports: ['e1'] })] }];
    expect(() => parseLayouts({ layouts }, file)).toThrow(message);
    expect(() => parseLayouts({ layouts }, file)).toThrow(/^layouts\.json: /);
  });

  it.each([[[]], [{}], [{ layouts: [{}] }], ['text'], [null]])('is refused where it is no such file: %j', (json) => {
    expect(() => parseLayouts(json, file)).toThrow(/^layouts\.json: .*expected/);
  });

  it('is read from its place, and an engine that names one that is not there says so', () => {
    const directory = mkdtempSync(join(tmpdir(), 'portledger-layouts-'));
    try {
      const place = join(directory, file);
      expect(() => readLayouts(place)).toThrow(/no file that can be read \(ENOENT\)/);
      writeFileSync(place, '{"layouts": [');
      expect(() => readLayouts(place)).toThrow(/text that is not JSON/);
      writeFileSync(place, JSON.stringify(good));
      expect(readLayouts(place).of('leaf1')?.name).toBe('48 and 4');
      expect(readLayouts(undefined).of('leaf1')).toBeUndefined();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
