import { Leaners } from '../../src/reactors/leaners.js';

/** A gateway of which one word is known. */
function gateway(device: string) {
  const known = { word: 'announces' };
  return { device, known, standingOn: (destination: string) => `${destination} ${known.word}` };
}

describe('who leans on what another gateway does', () => {
  it('has to look again as soon as that changes, once', () => {
    const leaners = new Leaners();
    const leaf1 = gateway('leaf1');
    leaners.lean('leaf2', '2001:db8:16::/48');
    leaners.lean('leaf2', '198.51.100.16/32');
    expect(leaners.around(leaf1, () => (leaf1.known.word = 'is silent'))).toEqual(['leaf2']);
    expect(leaners.around(leaf1, () => (leaf1.known.word = 'announces'))).toEqual([]);
  });

  it('goes on leaning while nothing changes', () => {
    const leaners = new Leaners();
    const leaf1 = gateway('leaf1');
    leaners.lean('leaf2', '2001:db8:16::/48');
    expect(leaners.around(leaf1, () => undefined)).toEqual([]);
    expect(leaners.around(leaf1, () => (leaf1.known.word = 'is silent'))).toEqual(['leaf2']);
  });

  it('does not lean on itself', () => {
    const leaners = new Leaners();
    const leaf2 = gateway('leaf2');
    leaners.lean('leaf2', '2001:db8:16::/48');
    expect(leaners.around(leaf2, () => (leaf2.known.word = 'is silent'))).toEqual([]);
  });
});
