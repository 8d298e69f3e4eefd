import fc from '../support/property.js';
import { parseInstant } from '../../events/index.js';
import { Audit, type Outcome, type WhoHadAnswer } from '../../src/audit/audit.js';
import { EnclosedLog } from '../../src/audit/dossier/enclosed-log.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import type { Gap } from '../../src/audit/gaps.js';
import type { LogReader } from '../../src/audit/known-log.js';
import { readSubjectQuestion, type SubjectQuestion } from '../../src/audit/question.js';
import { renderGaps } from '../../src/audit/render-gaps.js';
import { addresses, moment } from './any-history.js';
import { anyAt, anyNight, questions } from './any-night.js';
import { MemoryLog, type Told } from './memory-log.js';

function questionOf(fields: Record<string, string>): SubjectQuestion {
  const read = readSubjectQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}
const answered = <Answer>(one: Outcome<Answer>): Answer | undefined =>
  one.outcome === 'answered' ? one.answer : undefined;
const whoHad = async (log: LogReader, fields: Record<string, string>): Promise<WhoHadAnswer | undefined> =>
  answered(await new Audit(log).whoHad(questionOf(fields)));
const explained = async (log: LogReader, fields: Record<string, string>): Promise<readonly Gap[] | undefined> =>
  answered(await new Audit(log).explain(questionOf(fields)))?.gaps;

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
          const dark = now
            .filter((gap) => gap.serverId === serverId)
            .map(({ why, link }) => (why === 'moved' ? `link-${link}` : why));
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

describe('the gaps of explain', () => {
  it('are those of who-had up to the moment, as facts up to then tell them', async () => {
    const held = questions.filter((one) => !one.startsWith('server:'));
    const property = fc.asyncProperty(anyNight, fc.constantFrom(...held), anyAt, async (night, subject, at) => {
      const log = MemoryLog.of(night);
      const gaps = await explained(log, { subject, ...(at === undefined ? {} : { at: new Date(at).toISOString() }) });
      // A skip counts whatever its time.
      const told = log.events.filter(
        ({ type, metadata }) => at === undefined || type === 'EventSkipped' || Date.parse(metadata.time) <= at,
      );
      const same = await whoHad(new EnclosedLog(log.logId, told), { subject });
      expect(gaps ?? []).toEqual(same?.gaps ?? []);
    });
    await fc.assert(property, { numRuns: 50 });
  }, 120_000);

  it('are those of the moment or stretch that is asked about', async () => {
    const log = MemoryLog.of(told);
    const at = (n: number, time?: string): string => new Date(day(n, time)).toISOString();
    const down = ['link-down', at(3, '03:14:07'), at(3, '03:14:19'), [5], [6]];
    expect((await explained(log, { subject: address, at: day(3, '12:00:00') }))?.map(told3)).toEqual([down]);
    // It is not told of a moment what ended it later.
    expect((await explained(log, { subject: address, at: day(3, '03:14:10') }))?.map(told3)).toEqual([
      ['link-down', at(3, '03:14:07'), undefined, [5], []],
    ]);
    const between = `${day(3, '03:14:19')}..${day(4)}`;
    expect((await explained(log, { subject: address, between }))?.map(told3)).toEqual([
      ['suspended', at(4), undefined, [7], []],
    ]);
  });

  it.each(['server:a', '52:54:00:00:00:08', 'leaf1:E1'])('tell of %s when its server was dark', async (subject) => {
    const gaps = await explained(MemoryLog.of(told), { subject });
    expect(gaps?.map(({ why }) => why)).toEqual(['link-down', 'suspended']);
  });

  it('go on where something else of the server changed meanwhile', async () => {
    const nic = (n: number): Told => ({
      type: 'ServerNicReplaced',
      data: { serverId: 'b', mac: `52:54:00:00:01:0${n}` },
      time: day(n),
    });
    const off: Told = { type: 'ServerSuspended', data: { serverId: 'b' }, time: day(5) };
    const night = [server('b', 'leaf1:E22'), nic(2), link('LinkUp', 'leaf1:E22', day(3)), off, nic(6), nic(7)];
    expect((await explained(MemoryLog.of(night), { subject: 'server:b' }))?.map(told3)).toEqual([
      ['link-unknown', '2026-01-01T00:00:00.000Z', '2026-01-03T00:00:00.000Z', [], [2]],
      ['suspended', '2026-01-05T00:00:00.000Z', undefined, [3], []],
    ]);
  });

  it('tell once what darkens several prefixes of one server', async () => {
    const assigned = (prefix: string): Told => ({
      ...{ type: 'Ipv6PrefixAssigned', data: { serverId: 'a', prefix }, time: day(1) },
    });
    const night = [server('a', 'leaf1:E1'), assigned('2001:db8:1::/48'), assigned('2001:db8:2::/48')];
    expect(await explained(MemoryLog.of(night), { subject: '2001:db8::/32' })).toHaveLength(1);
  });

  it('tell of a server that waits and of one that was removed', async () => {
    const removed: Told = { type: 'ServerRemoved', data: { serverId: 'a' }, time: day(4) };
    const log = MemoryLog.of([
      server('a', 'leaf1:E1'),
      server('b', 'leaf1:E2'),
      link('LinkUp', 'leaf1:E2', day(1)),
      removed,
    ]);
    expect((await explained(log, { subject: 'server:b' }))?.map(told3)).toEqual([
      ['conflicted', day(1).replace('Z', '.000Z'), day(4).replace('Z', '.000Z'), [0, 1], [3]],
    ]);
    expect((await explained(log, { subject: 'server:a' }))?.map(told3)).toEqual([
      ['link-unknown', day(1).replace('Z', '.000Z'), day(4).replace('Z', '.000Z'), [], [3]],
      ['unsold', day(4).replace('Z', '.000Z'), undefined, [3], []],
    ]);
  });
});

describe('a server that moved', () => {
  const moved: Told = { type: 'ServerMoved', data: { serverId: 'a', port: 'spine9:E4', vlan: 40 }, time: day(3) };
  const up = link('LinkUp', 'spine9:E4', day(3, '03:14:19'));
  const before = [server('a', 'leaf1:E1'), link('LinkUp', 'leaf1:E1', day(1)), bought('a', day(2))];
  const gapsOf = async (facts: readonly Told[], subject: string): Promise<readonly Gap[]> => {
    const log = MemoryLog.of(facts);
    const gaps = await explained(log, { subject });
    if (!subject.startsWith('server:')) expect((await whoHad(log, { subject }))?.gaps).toEqual(gaps);
    return gaps ?? [];
  };

  it.each([address, 'server:a', '52:54:00:00:00:08'])(
    'leaves %s dark until the link of its new port is up',
    async (one) => {
      const gaps = await gapsOf([...before, moved, up], one);
      expect(gaps.map(told3)).toEqual([
        ['moved', day(3).replace('Z', '.000Z'), day(3, '03:14:19').replace('Z', '.000Z'), [3], [4]],
      ]);
      expect(renderGaps(gaps)).toContain(
        'a had been moved from leaf1:E1 to spine9:E4, whose link had not been reported; began with #3 ServerMoved',
      );
    },
  );

  it('is told so of its new port, which does not know where it was before', async () => {
    const [gap, ...others] = await gapsOf([...before, moved, up], 'spine9:E4');
    expect([gap?.why, gap?.movedFrom, others]).toEqual(['moved', undefined, []]);
  });

  it('to a port whose link is down, and goes down again after it came up, is told both', async () => {
    const downs = [link('LinkDown', 'spine9:E4', day(1)), moved, up, link('LinkDown', 'spine9:E4', day(4))];
    const gaps = await gapsOf([...before, ...downs], address);
    expect(gaps.map(({ why, link: how }) => [why, how])).toEqual([
      ['moved', 'down'],
      ['link-down', undefined],
    ]);
  });

  it('to a port that is up, or only to another VLAN, leaves no gap of that kind', async () => {
    expect(await gapsOf([...before, link('LinkUp', 'spine9:E4', day(1)), moved], address)).toEqual([]);
    const vlan = { ...moved, data: { serverId: 'a', port: 'leaf1:E1', vlan: 40 } };
    const down = link('LinkDown', 'leaf1:E1', day(2, '12:00:00'));
    expect((await gapsOf([...before, down, vlan], address)).map(told3)).toEqual([
      ['link-down', '2026-01-02T12:00:00.000Z', undefined, [3], []],
    ]);
  });
});

describe('the gaps of a link', () => {
  const iso = (n: number, time?: string): string => new Date(day(n, time)).toISOString();
  const sold = [server('a', 'leaf1:E1'), bought('a', day(1)), link('LinkUp', 'leaf1:E1', day(1))];
  const down = link('LinkDown', 'leaf1:E1', day(3));
  const moved: Told = { type: 'ServerMoved', data: { serverId: 'a', port: 'spine9:E4', vlan: 40 }, time: day(4) };
  const gapsOf = async (more: readonly Told[], fields: Record<string, string> = {}): Promise<unknown> =>
    (await explained(MemoryLog.of([...sold, ...more]), { subject: address, ...fields }))?.map(told3);

  it('are one where it was told down twice', async () => {
    const again = link('LinkDown', 'leaf1:E1', day(4));
    expect(await gapsOf([down, again, link('LinkUp', 'leaf1:E1', day(5))])).toEqual([
      ['link-down', iso(3), iso(5), [3], [5]],
    ]);
  });

  it('are not what an older word says that stands before in the log', async () => {
    const late = link('LinkUp', 'leaf1:E1', day(2));
    expect(await gapsOf([down, late])).toEqual([]);
  });

  it('begin at the moment that is asked about where the word is of that moment', async () => {
    expect(await gapsOf([down], { at: day(3) })).toEqual([['link-down', iso(3), undefined, [3], []]]);
  });

  it('end with the move of the server, whatever the port it left says at that moment', async () => {
    const gaps = await gapsOf([down, moved, link('LinkUp', 'leaf1:E1', day(4)), link('LinkUp', 'spine9:E4', day(2))]);
    expect(gaps).toEqual([['link-down', iso(3), iso(4), [3], [4]]]);
  });

  it('are told of nobody who is suspended meanwhile', async () => {
    const off: Told = { type: 'ServerSuspended', data: { serverId: 'a' }, time: day(4) };
    const on: Told = { type: 'ServerResumed', data: { serverId: 'a' }, time: day(5) };
    expect(await gapsOf([down, off, on])).toEqual([
      ['link-down', iso(3), iso(4), [3], [4]],
      ['suspended', iso(4), iso(5), [4], [5]],
      ['link-down', iso(5), undefined, [3], []],
    ]);
  });

  it('are one after a move, whatever else of the server changes before the link is up', async () => {
    const nic: Told = { type: 'ServerNicReplaced', data: { serverId: 'a', mac: '52:54:00:00:01:09' }, time: day(5) };
    expect(await gapsOf([moved, nic, link('LinkUp', 'spine9:E4', day(6))])).toEqual([
      ['moved', iso(4), iso(6), [3], [5]],
    ]);
  });
});
