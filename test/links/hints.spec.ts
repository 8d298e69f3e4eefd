import { jest } from '@jest/globals';
import { HintGate, readsPerSecond } from '../../src/links/hint-gate.js';
import { type HintedDevice, Hints } from '../../src/links/hints.js';

describe('hints', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function device(name: string, sender: string): HintedDevice & { reads: (string | undefined)[]; believed: string[] } {
    const reads: (string | undefined)[] = [];
    const believed: string[] = [];
    return {
      name,
      senders: [sender],
      interfaces: new Set(['Ethernet12', 'Ethernet13']),
      read: (interfaceName) => reads.push(interfaceName),
      believe: (interfaceName, up) => believed.push(`${interfaceName} ${up}`),
      reads,
      believed,
    };
  }
  const down12 = { interface: 'Ethernet12', up: false };

  it('are for the device that owns the sender address, whatever the text says', () => {
    const [leaf1, leaf2] = [device('leaf1', '192.0.2.1'), device('leaf2', '192.0.2.2')];
    const hints = new Hints([leaf1, leaf2]);
    hints.heard('192.0.2.1', down12, false);
    hints.heard('192.0.2.2', { interface: undefined, up: false }, false);
    expect([leaf1.reads, leaf2.reads]).toEqual([['Ethernet12'], [undefined]]);
    expect([leaf1.believed, leaf2.believed]).toEqual([[], []]);
    hints.close();
  });

  it('are counted, not followed, from unknown senders, about other interfaces, and about other things', () => {
    const leaf1 = device('leaf1', '192.0.2.1');
    const hints = new Hints([leaf1]);
    expect(hints.knows('192.0.2.1')).toBe(true);
    expect(hints.knows('192.0.2.9')).toBe(false);
    hints.heard('192.0.2.9', down12, true);
    hints.heard('192.0.2.1', { interface: 'Ethernet99', up: true }, true);
    hints.heard('192.0.2.1', undefined, true);
    hints.refused();
    expect(leaf1.reads).toEqual([]);
    expect(leaf1.believed).toEqual([]);
    expect(hints.counts).toEqual({
      hints: 0,
      otherInterfaces: 1,
      otherMessages: 1,
      refused: 1,
      unknownSenders: 1,
      lastUnknownSender: '192.0.2.9',
    });
    hints.close();
  });

  it('are believed only from a trusted listener, and then still followed by a reading', () => {
    const leaf1 = device('leaf1', '192.0.2.1');
    const hints = new Hints([leaf1]);
    hints.heard('192.0.2.1', down12, true);
    hints.heard('192.0.2.1', { interface: 'Ethernet13', up: undefined }, true);
    expect(leaf1.believed).toEqual(['Ethernet12 false']);
    expect(leaf1.reads).toEqual(['Ethernet13']);
    jest.advanceTimersByTime(4_000);
    expect(new Set(leaf1.reads)).toEqual(new Set(['Ethernet12', 'Ethernet13']));
    hints.close();
  });

  it('lead to one reading at once, to at most five a second in a flood, and once more 2 to 4 s after the last', () => {
    const reads: (string | undefined)[][] = [];
    const gate = new HintGate((interfaces) => reads.push([...interfaces]));
    gate.hint('a');
    expect(reads).toEqual([['a']]);
    for (let ms = 0; ms < 10_000; ms++) {
      gate.hint(ms % 2 === 0 ? 'a' : 'b');
      jest.advanceTimersByTime(1);
    }
    expect(reads.length).toBeLessThanOrEqual(10 * readsPerSecond + 1 + 5);
    expect(reads.length).toBeGreaterThan(9 * readsPerSecond);
    reads.length = 0;
    jest.advanceTimersByTime(60_000);
    expect(reads.length).toBeLessThanOrEqual(3); // what still waited, and the looks after the last
    const ended = reads.length;
    expect(new Set(reads.flat())).toEqual(new Set(['a', 'b']));
    gate.close();
    gate.hint('a');
    jest.advanceTimersByTime(60_000);
    expect(reads).toHaveLength(ended);
  });
});
