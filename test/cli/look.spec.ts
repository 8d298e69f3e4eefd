import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { localTime, looking, lookOf, paint } from '../../src/cli/look.js';

const here = { noColor: false, local: false, outIsTerminal: true, env: {} };
const piped = { ...here, outIsTerminal: false };

describe('the look of an answer', () => {
  it.each([
    ['a terminal', here, true],
    ['a pipe', piped, false],
    ['a terminal without colours', { ...here, env: { TERM: 'dumb' } }, false],
    ['NO_COLOR', { ...here, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR, which says nothing', { ...here, env: { NO_COLOR: '' } }, true],
    ['FORCE_COLOR into a pipe', { ...piped, env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { ...here, env: { FORCE_COLOR: '0' } }, false],
    ['NO_COLOR with FORCE_COLOR', { ...here, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
    ['--no-color with FORCE_COLOR', { ...here, noColor: true, env: { FORCE_COLOR: '1' } }, false],
  ])('has colour or none for %s', (_what, wish, colour) => {
    expect(lookOf(wish).colour).toBe(colour);
    expect(looking(lookOf(wish), () => paint('x', 'added'))).toBe(colour ? '\u001b[32mx\u001b[0m' : 'x');
  });

  it('tells local time on a terminal and where it is asked for, and never in a pipe', () => {
    expect([lookOf(here).local, lookOf(piped).local, lookOf({ ...piped, local: true }).local]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    ['2026-01-31T03:14:07.000Z', 60, ' (04:14:07+01:00)'],
    ['2026-01-31T23:14:00.250Z', 330, ' (2026-02-01 04:44:00.250+05:30)'],
    ['2026-01-31T03:14:00.000Z', -210, ' (2026-01-30 23:44:00-03:30)'],
    ['2026-01-31T03:14:00.000Z', 0, ''],
  ])('writes %s in a zone %d minutes ahead as%s', (instant, ahead, text) => {
    expect(localTime(Date.parse(instant), ahead)).toBe(text);
  });

  it('puts it behind every instant of an answer, by the zone that holds at that instant', () => {
    const script = `
      const [{ looking }, { shortInstant }] = await Promise.all([import('./look.js'), import('./text-table.js')]);
      const instants = ['2026-01-31T03:14:00.000Z', '2026-07-31T03:14:00.000Z', 'now'];
      const told = (local) => looking({ colour: false, local }, () => instants.map(shortInstant));
      console.log(JSON.stringify([told(true), told(false)]));`;
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      ...{ cwd: resolve('dist/src/cli'), encoding: 'utf8', env: { ...process.env, TZ: 'Europe/Berlin' } },
    });
    expect(JSON.parse(told)).toEqual([
      ['2026-01-31T03:14:00Z (04:14:00+01:00)', '2026-07-31T03:14:00Z (05:14:00+02:00)', 'now'],
      ['2026-01-31T03:14:00Z', '2026-07-31T03:14:00Z', 'now'],
    ]);
  });
});
