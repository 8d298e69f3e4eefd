import { normalised, normalisedJson } from './normalised.js';
import { shortened } from './shortened.js';

describe('what a page shows of a run', () => {
  it.each([
    ['both 18.2 ms after', 'both 0.9 ms after'],
    ['#8 2026-11-23T15:10:13.400Z X', '#9 2027-01-01T00:00:00Z X'],
    ['log aeb0e4e3… (ordinal 272)', 'log 9456f232… (ordinal 1)'],
    ['recorded 2026-11-23T15:10:13.400Z, 357 d 50 min later]', 'recorded 2027-11-23T15:10:13.400Z, 1 h later]'],
    ['WHO     CUSTOMER', 'WHO  CUSTOMER'],
  ])('is the same in another run: %s', (one, other) => expect(normalised(one)).toBe(normalised(other)));

  it.each([
    ['3 stored, 0 refused', '2 stored, 1 refused'],
    ['198.51.100.16 vlan16 52:54:00:00:00:16', '198.51.100.17 vlan16 52:54:00:00:00:16'],
    ['refuses to write: other-log', 'refuses to write: log-behind'],
    ['5 of 5 answered', '4 of 5 answered'],
    ['   indented', 'not indented\n   indented'],
  ])('differs where the world does: %s', (one, other) => expect(normalised(one)).not.toBe(normalised(other)));

  it('leaves open how often a link was down, what ended it and whether a loss was looked at, and tells every other reason', () => {
    const stretch = '2026-01-01T00:00:00Z to 2026-01-01T00:00:01Z  the link of e1';
    const down = `  ${stretch} was down, where s1 is; began with #1 LinkDown 2026-01-01T00:00:00Z`;
    const again = `  ${stretch} was down, where s1 is; began with #7 LinkDown 2026-01-01T00:00:00Z; ended by #8 LinkUp 2026-01-01T00:00:01Z`;
    const unknown = `  ${stretch}, where s1 is, had not been reported; ended by #9 LinkUp 2026-01-01T00:00:01Z`;
    const drift = '  until 2026-01-01T00:00:05Z  leaf1 had lost what it had for s1 (drift), since when is not known';
    const suspended =
      '  2026-01-01T00:00:00Z to now  s1 was suspended; began with #3 ServerSuspended 2026-01-01T00:00:00Z';
    const dark = (...lines: string[]): string => normalised(['Dark, and why', ...lines, '', 'end'].join('\n'));
    expect(dark(down, again, drift, unknown)).toBe(dark(again));
    expect(dark(down)).not.toBe(dark());
    expect(dark(down)).not.toBe(dark(down, suspended));
    expect(dark(down)).not.toBe(dark(down.replace('s1', 's2')));
  });

  it('leaves only the ordinal and position of an answer open', () => {
    const answer = (ordinal: number, effect: string): string => JSON.stringify({ ordinal, position: '7', effect });
    expect(normalisedJson(answer(1, 'applied'))).toEqual(normalisedJson(answer(2, 'applied')));
    expect(normalisedJson(answer(1, 'applied'))).not.toEqual(normalisedJson(answer(1, 'conflicted')));
  });

  it('cuts an explain, and nothing else, at a visible mark', () => {
    const lines = Array.from({ length: 12 }, (_, index) => `       line ${index}`);
    const output = [
      '   $ portledger audit explain x',
      ...lines,
      '   $ portledger audit who-had x',
      ...lines,
      '',
      'end',
    ];
    const kept = shortened(output.join('\n')).split('\n');
    expect(kept).toEqual([
      output[0],
      ...lines.slice(0, 10),
      '       ...',
      '   $ portledger audit who-had x',
      ...lines,
      '',
      'end',
    ]);
  });

  it('counts no dark stretch of an explain, of which each run has its own number', () => {
    const dark = Array.from({ length: 5 }, () => '         2026-01-01T00:00:00.000Z dark');
    const lines = Array.from({ length: 10 }, (_, index) => `       line ${index}`);
    const output = ['   $ portledger audit explain x', ...dark, ...lines, '       line 10', dark[0], '       line 11'];
    expect(shortened(output.join('\n')).split('\n')).toEqual([...output.slice(0, 16), '       ...']);
  });
});
