import fc from '../support/property.js';
import { type Group, groupings, keyOfGroup, narrowed, standing } from '../../src/console/grouped.js';
import { groupings as groupingsOfTheEngine } from '../../src/feed/group-numbers.js';
import { filterNames as filtersOfTheEngine } from '../../src/feed/violation-filter.js';
import { filterNames } from '../../src/console/filter.js';

const group = (port: string, violations = 1): Group => ({
  port,
  filter: { port },
  violations,
  open: 0,
  severity: 'low',
  frames: 1,
  firstSeen: '',
  lastSeen: '',
  newest: 'v1',
  day: { frames: [] },
});
const ports = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
const namesOf = (groups: readonly Group[]) => groups.map(({ port }) => port);

it('puts together by what the engine can, and asks by filters that it has', () => {
  expect([...groupings].sort()).toEqual([...groupingsOfTheEngine].sort());
  expect(filtersOfTheEngine).toEqual(expect.arrayContaining([...filterNames]));
});

describe('groups that are counted again', () => {
  it('stay where they stood, with their new numbers; what is new goes on top, or below while the reader is somewhere', () => {
    fc.assert(
      fc.property(ports, ports, fc.boolean(), (before, now, isHeld) => {
        const all = standing(
          before.map((port) => group(port)),
          now.map((port) => group(port, 7)),
          isHeld,
        );
        const kept = before.filter((port) => now.includes(port));
        const come = now.filter((port) => !before.includes(port));
        expect(namesOf(all)).toEqual(isHeld ? [...kept, ...come] : [...come, ...kept]);
        expect(all.every(({ violations }) => violations === 7)).toBe(true);
      }),
    );
  });

  it('are told apart by the filters that find them', () => {
    expect(keyOfGroup(group('a'))).not.toBe(keyOfGroup(group('b')));
  });
});

describe('the list of a group', () => {
  it('is asked for by all filters of the list and of the group, and by all that is not known', () => {
    const list = { state: 'new', unknown: 'port' };
    expect(narrowed(list, { switch: 'leaf1', unknown: 'port' })).toEqual({ ...list, switch: 'leaf1' });
    expect(narrowed(list, { unknown: 'victim-server' })).toEqual({ state: 'new', unknown: 'port,victim-server' });
    expect(narrowed({}, { port: 'a' })).toEqual({ port: 'a' });
  });
});
