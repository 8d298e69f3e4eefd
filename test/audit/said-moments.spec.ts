import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { clockIn } from '../cli/zone-clock.js';
import { nightLog } from './night-at-leaf1.js';
import { run as runAt } from './ran.js';

/** Tuesday, 6 January 2026, 12:00 in Berlin. */
const clock = clockIn('Europe/Berlin', Date.parse('2026-01-06T12:00:00+01:00'));
const offline = ['--offline', 'DIR'];
const run = (...words: string[]): ReturnType<typeof runAt> =>
  runAt([...words, ...offline], nightLog(), {}, undefined, clock);

describe('a question whose moment is said in words', () => {
  it.each([
    [
      ['audit', 'who-had', '198.51.100.16', '--at', 'last sunday at 19:00'],
      ['--at', '2026-01-04T18:00:00Z'],
    ],
    [
      ['audit', 'explain', '198.51.100.16', '--at', '2 days ago'],
      ['--at', '2026-01-04T11:00:00Z'],
    ],
    [
      ['audit', 'who-had', '198.51.100.16', '--known-at', 'sunday 19:00'],
      ['--known-at', '2026-01-04T18:00:00Z'],
    ],
    [
      ['audit', 'who-had', '198.51.100.16', '--between', 'friday 01:00 .. saturday 01:00'],
      ['--between', '2026-01-02T00:00:00Z..2026-01-03T00:00:00Z'],
    ],
    [
      ['map', '--at', 'sunday 19:00'],
      ['--at', '2026-01-04T18:00:00Z'],
    ],
    [
      ['audit', 'step', '--from', 'sunday 01:00', '--to', 'yesterday 01:00'],
      ['--from', '2026-01-04T00:00:00Z', '--to', '2026-01-05T00:00:00Z'],
    ],
    [
      ['audit', 'access', '--between', 'friday 01:00..'],
      ['--between', '2026-01-02T00:00:00Z..'],
    ],
  ])('%j is answered as with %j', async (words, spelled) => {
    const asked = words.slice(
      0,
      words.findIndex((word) => word.startsWith('--')),
    );
    const [answer, same] = [await run(...words), await run(...asked, ...spelled)];
    expect([answer.code, answer.out]).toEqual([0, same.out]);
  });

  it('may stand where the moment is a word itself, of `at` also without quotes', async () => {
    const sameMap = await run('audit', 'at', '2026-01-04T18:00:00Z');
    expect((await run('audit', 'at', 'last', 'sunday', 'at', '19:00')).out).toBe(sameMap.out);
    const sameDiff = await run('audit', 'diff', '2026-01-04T00:00:00Z', '2026-01-06T00:00:00Z');
    expect((await run('audit', 'diff', 'sunday 01:00', 'today 01:00')).out).toBe(sameDiff.out);
  });

  it('tells on stderr which moment that is, here and in UTC, and keeps JSON whole', async () => {
    const { out, err } = await run('audit', 'who-had', '198.51.100.16', '--at', 'sunday 19:00', '--json');
    expect(err).toContain('--at: "sunday 19:00" is Sunday 2026-01-04T19:00:00+01:00, in UTC 2026-01-04T18:00:00Z.\n');
    expect(JSON.parse(out)).toMatchObject({ at: '2026-01-04T18:00:00.000Z' });
  });

  it.each([
    [
      ['audit', 'who-had', '198.51.100.16', '--at', 'sonday 19:00'],
      '--at: "sonday 19:00" is no moment. Did you mean sunday?',
    ],
    [['audit', 'who-had', '198.51.100.16', '--between', 'sunday..monday'], '--between: "sunday" is a whole day'],
    [['audit', 'who-had', '198.51.100.16', 'sunday', '19:00'], "A moment goes with --at: --at 'sunday 19:00'"],
    [['audit', 'diff', 'sunday 01:00', 'tomorrow'], 'to: "tomorrow" is no moment'],
    [['audit', 'at', 'noonish'], 'at: "noonish" is no moment'],
    [['audit', 'at', '2026-01-04T18:00:00'], 'it names no zone: write 2026-01-04T18:00:00Z for UTC'],
  ])('%j ends with 2 and a cure', async (words, cure) => {
    const { code, out, err } = await run(...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(cure);
  });
});

describe('the zone of words', () => {
  it.each([
    ['Asia/Kolkata', 'Tuesday 2026-11-24T03:14:00+05:30, in UTC 2026-11-23T21:44:00Z'],
    ['UTC', 'Tuesday 2026-11-24T03:14:00Z'],
  ])('is TZ: %s', (zone, told) => {
    const words = ['audit', 'at', '2026-11-24', '03:14', '--offline', 'there-is-none'];
    const env = { ...process.env, TZ: zone };
    const { stderr } = spawnSync(process.execPath, [resolve('dist/src/cli.js'), ...words], { encoding: 'utf8', env });
    expect(stderr).toContain(`at: "2026-11-24 03:14" is ${told}.\n`);
  });
});
