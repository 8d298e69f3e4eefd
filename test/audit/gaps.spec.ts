import fc from 'fast-check';
import { parseInstant } from '../../events/index.js';
import { Audit, type WhoHadAnswer } from '../../src/audit/audit.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import type { Gap } from '../../src/audit/gaps.js';
import { readSubjectQuestion } from '../../src/audit/question.js';
import { addresses, moment } from './any-history.js';
import { anyNight } from './any-night.js';
import { MemoryLog, type Told } from './memory-log.js';

async function whoHad(log: MemoryLog, fields: Record<string, string>): Promise<WhoHadAnswer | undefined> {
  const read = readSubjectQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  const outcome = await new Audit(log).whoHad(read.value);
  return outcome.outcome === 'answered' ? outcome.answer : undefined;
}

const contains = ({ from, to }: { readonly from?: string; readonly to?: string }, at: number): boolean =>
  from !== undefined && (parseInstant(from) ?? 0) <= at && (to === undefined || at < (parseInstant(to) ?? 0));

const day = (n: number, time = '00:00:00'): string => `2026-01-0${n}T${time}Z`;
const server = (serverId: string, port: string): Told => ({
  type: 'ServerAdded',
  data: { serverId, customerId: 'c', port, vlan: port.length, mac: `52:54:00:00:00:0${port.length}` },
  time: day(1),
});
const address = '198.51.100.16';
const bought = (serverId: string, time: string): Told => ({
  type: 'Ipv4AddOnBought',
  data: { serverId, addOnId: `ip-${serverId}`, address },
  time,
});
const link = (type: 'LinkUp' | 'LinkDown', port: string, time: string): Told => ({ type, data: { port }, time });

const told: readonly Told[] = [
  server('a', 'leaf1:E1'),
  server('b', 'leaf1:E22'),
  link('LinkUp', 'leaf1:E1', day(1)),
  link('LinkUp', 'leaf1:E22', day(1)),
  bought('a', day(2)),
  link('LinkDown', 'leaf1:E1', day(3, '03:14:07')),
  link('LinkUp', 'leaf1:E1', day(3, '03:14:19')),
  { type: 'ServerSuspended', data: { serverId: 'a', reason: 'unpaid' }, time: day(4) },
  { type: 'ServerResumed', data: { serverId: 'a' }, time: day(5) },
  { type: 'Ipv4AddOnCancelled', data: { serverId: 'a', addOnId: 'ip-a' }, time: day(6) },
  bought('b', day(7)),
];

const told3 = ({ why, from, to, began, ended }: Gap): unknown[] => [
  why,
  from,
  to,
  began.map(({ ordinal }) => ordinal),
  ended.map(({ ordinal }) => ordinal),
];

describe('the gaps of who-had', () => {
  it('are each told with the reason, and the facts that began and ended it', async () => {
    const answer = await whoHad(MemoryLog.of(told), { subject: address });
    const at = (n: number, time?: string): string => new Date(day(n, time)).toISOString();
    expect(answer?.gaps.map(told3)).toEqual([
      ['link-down', at(3, '03:14:07'), at(3, '03:14:19'), [5], [6]],
      ['suspended', at(4), at(5), [7], [8]],
      ['unsold', at(6), at(7), [9], [10]],
    ]);
  });

  it('are those of the moment or stretch that is asked about', async () => {
    const log = MemoryLog.of(told);
    const reasons = async (fields: Record<string, string>): Promise<string[] | undefined> =>
      (await whoHad(log, { subject: address, ...fields }))?.gaps.map(({ why }) => why);
    expect(await reasons({ at: day(3, '03:14:07') })).toEqual(['link-down']);
    expect(await reasons({ at: day(3, '03:14:19') })).toEqual([]);
    expect(await reasons({ at: day(6, '12:00:00') })).toEqual(['unsold']);
    expect(await reasons({ between: `${day(4, '12:00:00')}..${day(6)}` })).toEqual(['suspended', 'unsold']);
  });

  it('tell at every moment whether the link was up, and whether anybody had it, as the map as of then does', async () => {
    const property = fc.asyncProperty(anyNight, fc.constantFrom(...addresses), async (facts, subject) => {
      const log = MemoryLog.of(facts);
      const answer = await whoHad(log, { subject });
      if (answer === undefined) return;
      const { intervals, gaps } = answer;
      const first = Math.min(
        ...intervals.filter(({ role }) => role !== 'waiting').map((one) => parseInstant(one.from) ?? 0),
      );
      for (let n = 0; n <= 13; n++) {
        const at = moment(n);
        const now = gaps.filter((gap) => contains(gap, at));
        const had = intervals.filter((one) => one.role !== 'waiting' && contains(one, at));
        expect(now.some(({ why }) => why === 'unsold')).toBe(had.length === 0 && at >= first);
        const { map } = await foldAsOf([log.events], { at });
        for (const { serverId = '', state, port, role } of had) {
          if (role !== 'holder' || state !== 'active' || port === undefined) continue;
          const dark = now.filter((gap) => gap.serverId === serverId).map(({ why }) => why);
          const expected = { up: [], down: ['link-down'], unknown: ['link-unknown'] }[
            map.binding(serverId)?.link ?? 'up'
          ];
          expect(dark).toEqual(expected);
        }
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });
});
