import fc from '../../support/property.js';
import {
  compareNames,
  frontPanel,
  type PanelBlock,
  type PanelLayout,
} from '../../../src/control/switches/front-panel.js';

const range = (from: number, to: number, name: (number: number) => string): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => name(from + index));
const portsOf = (blocks: readonly PanelBlock[]): string[] => blocks.flatMap(({ ports }) => ports);

describe('the front of a switch, by the names of its ports', () => {
  it('puts 48 ports into one block of two rows, in groups of twelve', () => {
    const names = range(1, 48, (number) => `Ethernet${number}`);
    const { from, blocks } = frontPanel(names.toReversed());
    expect(from).toBe('names');
    expect(blocks).toEqual([{ uplinks: false, rows: 2, group: 12, ports: names }]);
  });

  it.each([
    ['what comes after port 48', range(1, 54, (number) => `Ethernet${number}`), range(49, 54, (n) => `Ethernet${n}`)],
    [
      'the parts of a fast port',
      [...range(1, 48, (number) => `Ethernet${number}`), 'Ethernet49/1', 'Ethernet49/2', 'Ethernet50/1'],
      ['Ethernet49/1', 'Ethernet49/2', 'Ethernet50/1'],
    ],
    [
      'ports of a faster kind',
      [...range(0, 23, (number) => `ge-0/0/${number}`), 'xe-0/1/0', 'xe-0/1/1'],
      ['xe-0/1/0', 'xe-0/1/1'],
    ],
    [
      'ports of a faster kind, of which there are many',
      [...range(1, 12, (number) => `Gi1/0/${number}`), ...range(1, 8, (number) => `Te1/1/${number}`)],
      range(1, 8, (number) => `Te1/1/${number}`),
    ],
  ])('puts %s at the right', (_what, names, uplinks) => {
    const { blocks } = frontPanel(names);
    expect(blocks.at(-1)).toMatchObject({ uplinks: true, ports: uplinks });
    expect(portsOf(blocks.filter((block) => !block.uplinks))).toEqual(names.filter((name) => !uplinks.includes(name)));
  });

  it('gives each member of a stack a block of its own, with its name', () => {
    const members = [1, 2].map((member) => range(1, 24, (number) => `Gi${member}/0/${number}`));
    const { blocks } = frontPanel(members.flat());
    expect(blocks.map(({ label, ports }) => [label, ports])).toEqual([
      ['Gi1/0/', members[0]],
      ['Gi2/0/', members[1]],
    ]);
  });

  it('draws the ports between those that are known, so that each stands where it does on the metal', () => {
    expect(portsOf(frontPanel(['Ethernet4', 'Ethernet2']).blocks)).toEqual(range(1, 4, (n) => `Ethernet${n}`));
    expect(portsOf(frontPanel(['ge-0/0/2']).blocks)).toEqual(range(0, 2, (n) => `ge-0/0/${n}`));
    expect(portsOf(frontPanel(['tap900017', 'tap900003']).blocks)).toEqual(['tap900003', 'tap900017']);
  });

  it('keeps apart what is no socket', () => {
    const { blocks } = frontPanel(['Ethernet1', 'Ethernet2', 'Port-Channel7', 'Management1']);
    expect(blocks.map(({ label, ports }) => [label, ports])).toEqual([
      [undefined, ['Ethernet1', 'Ethernet2']],
      ['not on the front', ['Management1', 'Port-Channel7']],
    ]);
  });

  it('is empty where no port is known', () => {
    expect(frontPanel([])).toEqual({ from: 'names', blocks: [] });
  });

  it('sorts as people count', () => {
    const names = ['Gi1/0/10', 'Gi1/0/9', 'Ethernet10', 'Ethernet2', 'Ethernet2/1', 'ge-0/1/0', 'ge-0/0/11'];
    expect(names.sort(compareNames)).toEqual([
      'Ethernet2',
      'Ethernet2/1',
      'Ethernet10',
      'ge-0/0/11',
      'ge-0/1/0',
      'Gi1/0/9',
      'Gi1/0/10',
    ]);
  });
});

const someName = fc
  .tuple(
    fc.constantFrom('Ethernet', 'Ethernet49/', 'ge-0/0/', 'Gi1/0/', 'Te1/1/', 'Po', 'uplink', 'x'),
    fc.option(fc.nat(300)),
    fc.boolean(),
  )
  .map(([stem, number, padded]) => `${stem}${number === null ? '' : padded ? `0${number}` : number}`);
const layout: PanelLayout = {
  name: 'small',
  blocks: [{ uplinks: false, rows: 2, group: 12, ports: ['Ethernet1', 'Ethernet2'] }],
};

describe('any front of a switch', () => {
  it('shows every port that is known, and no port twice, with a layout and without', () => {
    fc.assert(
      fc.property(fc.array(someName, { maxLength: 60 }), fc.boolean(), (names, isLaidOut) => {
        const shown = portsOf(frontPanel(names, isLaidOut ? layout : undefined).blocks);
        expect(new Set(shown).size).toBe(shown.length);
        expect(names.filter((name) => !shown.includes(name))).toEqual([]);
      }),
    );
  });

  it('does not depend on the order in which the ports are told', () => {
    fc.assert(
      fc.property(fc.array(someName, { maxLength: 40 }), (names) => {
        expect(frontPanel(names.toReversed())).toEqual(frontPanel(names));
      }),
    );
  });

  it('shows beside a layout what the layout leaves out', () => {
    const { from, layout: name, blocks } = frontPanel(['Ethernet2', 'Ethernet9'], layout);
    expect([from, name]).toEqual(['file', 'small']);
    expect(blocks.map(({ label, ports }) => [label, ports])).toEqual([
      [undefined, ['Ethernet1', 'Ethernet2']],
      ['not in the layout', ['Ethernet9']],
    ]);
  });
});
