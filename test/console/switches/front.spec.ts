import fc from '../../support/property.js';
import { type Front, type FrontPort, keptSame } from '../../../src/console/switches/front.js';
import { arrowKeys, metalOf, portBeside } from '../../../src/console/switches/metal.js';
import { pictureOf } from '../../../src/console/switches/panel-picture.js';
import { portStates, statesIn, symbols, toggled } from '../../../src/console/switches/port-states.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index + 1}`);

function portOf(name: string, more: Partial<FrontPort> = {}): FrontPort {
  const base = { port: `leaf1:${name}`, interface: name, state: 'matched', why: 'as billing sold it' } as const;
  return { ...base, also: [], link: 'up', servers: [], ...more };
}

function frontOf(ports: readonly FrontPort[]): Front {
  const counts = Object.fromEntries(
    portStates.map((state) => [state, ports.filter((port) => port.state === state).length]),
  ) as Front['counts'];
  const block = { uplinks: false, rows: 2, group: 12, ports: ports.map((port) => port.interface) };
  const panel = { from: 'names', blocks: [block] };
  return { switch: 'leaf1', site: 'default', devices: [], counts, panel, ports };
}

/** The same again, as it comes over the wire. */
const again = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describe('what is read anew', () => {
  it('keeps every port that says the same, so that of 48 only the one that changed is drawn', () => {
    const before = frontOf(names(48).map((name) => portOf(name)));
    const now = again(
      frontOf(before.ports.map((port, at) => (at === 11 ? { ...port, state: 'drift', why: 'gone' } : port))),
    );
    const kept = keptSame(before, now);
    expect(kept).toEqual(now);
    expect(kept.ports.map((port, at) => port === before.ports[at])).toEqual(before.ports.map((_port, at) => at !== 11));
    expect(kept.panel).toBe(before.panel);
  });

  it('is the list of before where no port changed, and what came where nothing is known', () => {
    const before = frontOf(names(4).map((name) => portOf(name)));
    expect(keptSame(before, again(before)).ports).toBe(before.ports);
    const now = again(before);
    expect(keptSame(undefined, now)).toBe(now);
  });

  it('says what was read, whatever was known', () => {
    const some = fc
      .uniqueArray(fc.constantFrom(...names(8)), { maxLength: 8 })
      .chain((there) =>
        fc.tuple(...there.map((name) => fc.constantFrom(...portStates).map((state) => portOf(name, { state })))),
      );
    fc.assert(
      fc.property(some, some, (before, now) => {
        expect(keptSame(frontOf(before), frontOf(now))).toEqual(frontOf(now));
      }),
    );
  });
});

const block = (count: number, rows: 1 | 2 = 2, group = 12) => ({ uplinks: false, rows, group, ports: names(count) });

describe('the ports on the metal', () => {
  it('stand with odd ones on top and even ones below, in groups of twelve', () => {
    const groups = metalOf([block(26)]);
    expect(groups.map(({ rows }) => rows)).toEqual([
      [
        ['e1', 'e3', 'e5', 'e7', 'e9', 'e11'],
        ['e2', 'e4', 'e6', 'e8', 'e10', 'e12'],
      ],
      [
        ['e13', 'e15', 'e17', 'e19', 'e21', 'e23'],
        ['e14', 'e16', 'e18', 'e20', 'e22', 'e24'],
      ],
      [['e25'], ['e26']],
    ]);
  });

  it.each([
    ['e1', 'ArrowDown', 'e2'],
    ['e2', 'ArrowUp', 'e1'],
    ['e1', 'ArrowUp', 'e1'],
    ['e12', 'ArrowRight', 'e14'],
    ['e13', 'ArrowLeft', 'e11'],
    ['e1', 'ArrowLeft', 'e1'],
    ['e4', 'Home', 'e2'],
    ['e4', 'End', 'e25'],
    ['e25', 'ArrowDown', 'e25'],
  ] as const)('are gone through by keys as they stand: from %s %s leads to %s', (from, key, to) => {
    expect(portBeside(metalOf([block(25)]), from, key)).toBe(to);
  });

  it('are all drawn once, and all reached by keys', () => {
    const blocks = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom<1 | 2>(1, 2),
      fc.integer({ min: 1, max: 20 }),
    );
    fc.assert(
      fc.property(blocks, ([count, rows, group]) => {
        const groups = metalOf([block(count, rows, group)]);
        expect(groups.flatMap((one) => one.rows.flat()).sort()).toEqual(names(count).sort());
        const reached = new Set(['e1']);
        for (const name of reached) for (const key of arrowKeys) reached.add(portBeside(groups, name, key));
        expect(reached.size).toBe(count);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a state of a port', () => {
  it('has a symbol of its own', () => {
    expect(new Set(Object.values(symbols)).size).toBe(portStates.length);
  });

  it('is put into the filter and taken out of it', () => {
    expect(toggled(undefined, 'drift')).toBe('drift');
    expect(toggled('drift', 'violation')).toBe('violation,drift');
    expect(toggled('drift', 'drift')).toBeUndefined();
    expect(statesIn('drift,nonsense')).toEqual(['drift']);
  });
});

describe('the picture of a front', () => {
  it('has a box, the symbol of its state and a number for every port, and a line for every state', () => {
    const front = frontOf([...names(3).map((name) => portOf(name)), portOf('e4', { state: 'violation' })]);
    const of = Object.fromEntries(portStates.map((state) => [state, `colour of ${state}`])) as never;
    const { strokes, width, height } = pictureOf(front, 'now', { ground: 'white', text: 'black', soft: 'grey', of });
    expect(strokes.filter(({ kind }) => kind === 'box')).toHaveLength(4);
    const texts = strokes.flatMap((stroke) => (stroke.kind === 'text' ? [stroke.text] : []));
    for (const text of ['leaf1', 'now', '1', '4', '3 matched', '1 violation']) expect(texts).toContain(text);
    expect(texts.filter((text) => text === symbols.matched)).toHaveLength(4);
    for (const { x, y } of strokes) expect(x < width && y < height).toBe(true);
  });
});
