import fc from '../support/property.js';
import { parseInstant } from '../../events/index.js';
import { LogFold } from '../../projections/index.js';
import type { AsOf } from '../../src/audit/as-of.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import { type Holding, holdingsOf } from '../../src/audit/holding.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { type Subject, subjectsOf } from '../../src/audit/subject.js';
import { during, whoHad, type WhoHad } from '../../src/audit/who-had.js';
import { addresses, anyHistory, macs, moment, momentText, ports, prefixes } from './any-history.js';
import { MemoryLog } from './memory-log.js';

const questions = [
  ...addresses,
  '2001:db8:1::5',
  '2001:db8:1:8000::5',
  'fe80::5054:ff:fe00:1',
  ...prefixes.map((prefix) => `prefix:${prefix}`),
  ...macs.map((mac) => `mac:${mac}`),
  ...ports.map((port) => `port:${port}`),
];

const subject = (text: string): Subject => {
  const read = subjectsOf(text);
  if ('problem' in read || read.value[0] === undefined) throw new Error(`bad test subject ${text}`);
  return read.value[0];
};

const plain = ({ role, what, serverId, customerId, state, port, vlan, mac, heldBy, ...rest }: Holding): object => ({
  ...{ role, what, serverId, customerId, state, port, vlan, mac, heldBy, switch: rest.switch },
});
const sorted = (list: readonly Holding[]): string[] => list.map((one) => JSON.stringify(plain(one))).sort();

async function ask(log: MemoryLog, text: string, knownAt?: AsOf['knownAt']): Promise<WhoHad> {
  const answer = await whoHad(await KnownLog.open(log, knownAt), subject(text));
  return answer ?? { intervals: [], idle: [] };
}

const added = (serverId: string, time: number, more: object = {}): Parameters<MemoryLog['tell']>[0] => ({
  type: 'ServerAdded',
  data: { serverId, customerId: 'x', port: `leaf1:${serverId}`, vlan: serverId === 'a' ? 11 : 12, ...more },
  time: momentText(time),
});
const bought = (serverId: string, time: number, addOnId = 'p'): Parameters<MemoryLog['tell']>[0] => ({
  type: 'Ipv4AddOnBought',
  data: { serverId, addOnId, address: '198.51.100.1' },
  time: momentText(time),
});

describe('who-had', () => {
  it('answers at every moment what the map as of that moment says, for any history and any known prefix of it', async () => {
    const property = fc.asyncProperty(
      anyHistory,
      fc.constantFrom(...questions),
      fc.nat({ max: 40 }),
      async (facts, question, known) => {
        const log = MemoryLog.of(facts);
        const knownAt = { ordinal: known };
        const answer = await ask(log, question, knownAt);
        for (let n = -1; n <= 14; n++) {
          for (const at of [moment(n), moment(n) + 500]) {
            const fold = await foldAsOf([log.events], { at, knownAt });
            expect(sorted(during(answer, at).intervals)).toEqual(sorted(holdingsOf(fold.map, subject(question))));
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('opens and closes each interval with facts of exactly its ends', async () => {
    const property = fc.asyncProperty(anyHistory, fc.constantFrom(...questions), async (facts, question) => {
      const { intervals } = await ask(MemoryLog.of(facts), question);
      for (const { from, to, opened, closed } of intervals) {
        expect(opened.length).toBeGreaterThan(0);
        expect(new Set(opened.map((fact) => fact.time))).toEqual(new Set([from]));
        expect(closed.length > 0).toBe(to !== undefined);
        expect(closed.every((fact) => fact.time === to)).toBe(true);
        if (to !== undefined) expect(parseInstant(to)).toBeGreaterThan(parseInstant(from) ?? 0);
      }
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('names the purchase and the removal that began and ended a hold, and no bystander of the same moment', async () => {
    const log = MemoryLog.of([
      added('a', 1, { mac: macs[0] }),
      bought('a', 2),
      added('b', 2, { mac: macs[1] }),
      { type: 'ServerRemoved', data: { serverId: 'a' }, time: momentText(5) },
      { type: 'ServerSuspended', data: { serverId: 'b' }, time: momentText(5) },
    ]);
    const { intervals } = await ask(log, '198.51.100.1');
    expect(intervals).toHaveLength(1);
    expect(intervals[0]).toMatchObject({ from: momentText(2), to: momentText(5), serverId: 'a', role: 'holder' });
    expect(intervals[0]?.opened.map((fact) => fact.ordinal)).toEqual([1]);
    expect(intervals[0]?.closed.map((fact) => fact.ordinal)).toEqual([3]);
  });

  it('names a server that bought an address with two add-ons once, before and after it was added, until both are cancelled', async () => {
    const log = MemoryLog.of([bought('b', 0, 'q'), added('b', 0), bought('b', 0, 'p')]);
    const fold = await foldAsOf([log.events], {});
    const held = { role: 'holder', serverId: 'b', namedBy: 0 };
    expect(holdingsOf(fold.map, subject('198.51.100.1'))).toMatchObject([held]);
    for (const [addOnId, time] of [
      ['q', 2],
      ['p', 4],
    ] as const) {
      log.tell({ type: 'Ipv4AddOnCancelled', data: { serverId: 'b', addOnId }, time: momentText(time) });
    }
    const { intervals, idle } = await ask(log, '198.51.100.1');
    expect(intervals).toMatchObject([
      { role: 'holder', serverId: 'b', from: momentText(0), to: momentText(4), namedBy: { ordinal: 0 } },
    ]);
    expect(intervals[0]?.opened.map((fact) => fact.ordinal)).toEqual([1]);
    expect(intervals[0]?.closed.map((fact) => fact.ordinal)).toEqual([4]);
    expect(idle.map(({ fact, why }) => [fact.ordinal, why])).toContainEqual([2, 'restated']);
  });

  it('names one claim of two add-ons once while it waits, whatever their times', async () => {
    const log = MemoryLog.of([
      added('a', 1, { mac: macs[0] }),
      bought('a', 2),
      added('b', 1, { mac: macs[1] }),
      bought('b', 3, 'q'),
      bought('b', 5, 'p'),
    ]);
    const fold = await foldAsOf([log.events], {});
    expect(holdingsOf(fold.map, subject('198.51.100.1'))).toMatchObject([
      { role: 'holder', serverId: 'a' },
      { role: 'waiting', serverId: 'b', heldBy: ['a'], namedBy: 3 },
    ]);
  });

  it('shows a claim that waits as waiting, and as held from the release on', async () => {
    const log = MemoryLog.of([
      added('a', 1, { mac: macs[0] }),
      added('b', 1, { mac: macs[1] }),
      bought('a', 2),
      bought('b', 3),
      { type: 'Ipv4AddOnCancelled', data: { serverId: 'a', addOnId: 'p' }, time: momentText(6) },
    ]);
    const { intervals } = await ask(log, '198.51.100.1');
    expect(intervals.map(({ role, serverId, from, to, heldBy }) => [role, serverId, from, to, heldBy])).toEqual([
      ['holder', 'a', momentText(2), momentText(6), undefined],
      ['waiting', 'b', momentText(3), momentText(6), ['a']],
      ['holder', 'b', momentText(6), undefined, undefined],
    ]);
    expect(intervals[2]?.opened.map((fact) => fact.ordinal)).toEqual([4]);
    expect(intervals[2]?.namedBy?.ordinal).toBe(3);
  });

  it('gives a wrong MAC that was corrected from its own time to nobody, and names the correction', async () => {
    const log = MemoryLog.of([
      added('a', 1, { mac: macs[0] }),
      {
        type: 'ServerRecordCorrected',
        data: { serverId: 'a', mac: macs[1], reason: 'typo' },
        time: momentText(1),
        recordedAt: momentText(86_400),
      },
    ]);
    const wrong = await ask(log, `mac:${macs[0]}`);
    expect(wrong.intervals).toEqual([]);
    expect(wrong.idle).toMatchObject([{ fact: { ordinal: 0 }, why: 'corrected', by: { ordinal: 1, backDated: true } }]);
    const right = await ask(log, `mac:${macs[1]}`);
    expect(right.intervals).toMatchObject([{ serverId: 'a', from: momentText(1), namedBy: { correction: true } }]);
    const then = await ask(log, `mac:${macs[0]}`, { ordinal: 0 });
    expect(then.intervals).toMatchObject([{ serverId: 'a', from: momentText(1) }]);
  });

  it('says why a fact gave the address to nobody: not sold yet, told twice, or held behind an unreadable event', async () => {
    const pending = await ask(MemoryLog.of([bought('a', 1)]), '198.51.100.1');
    expect(pending.idle).toMatchObject([{ why: 'pending' }]);
    const restated = await ask(
      MemoryLog.of([added('a', 1), bought('a', 2), bought('a', 3), bought('a', 4)]),
      '198.51.100.1',
    );
    expect(restated.idle.map(({ fact, why }) => [fact.ordinal, why])).toContainEqual([2, 'restated']);
    const unreadable = { type: 'ServerPainted', data: {}, time: momentText(1), stream: 'server-a' };
    const held = await ask(MemoryLog.of([added('a', 1), unreadable, bought('a', 2)]), '198.51.100.1');
    expect(held).toMatchObject({ intervals: [], idle: [{ why: 'held' }] });
  });

  it('sees a rival that stands on the VLAN only since one half of its record was corrected', async () => {
    const correct = (data: object): Parameters<MemoryLog['tell']>[0] => ({
      type: 'ServerRecordCorrected',
      data: { serverId: 'b', reason: 'typo', ...data },
      time: momentText(2),
    });
    const byVlan = MemoryLog.of([
      added('b', 1),
      correct({ vlan: 11 }),
      added('a', 3, { mac: macs[0] }),
      bought('a', 4),
    ]);
    const byPort = MemoryLog.of([
      added('b', 1, { port: 'leaf2:E1', vlan: 11 }),
      correct({ port: 'leaf1:E9' }),
      added('a', 3, { mac: macs[0] }),
      bought('a', 4),
    ]);
    for (const log of [byVlan, byPort]) {
      const { intervals } = await ask(log, '198.51.100.1');
      expect(intervals).toMatchObject([{ serverId: 'a', role: 'holder', state: 'conflicted', from: momentText(4) }]);
    }
  });

  it('sees a rival prefix that keeps a wider one waiting, though it does not contain the address', async () => {
    const log = MemoryLog.of([
      added('b', 1, { customerId: 'y' }),
      { type: 'Ipv6PrefixAssigned', data: { serverId: 'b', prefix: prefixes[2] }, time: momentText(2) },
      added('a', 1),
      { type: 'Ipv6PrefixAssigned', data: { serverId: 'a', prefix: prefixes[1] }, time: momentText(3) },
    ]);
    const { intervals } = await ask(log, '2001:db8:1::5');
    expect(intervals).toMatchObject([{ serverId: 'a', role: 'waiting', heldBy: ['b'], what: prefixes[1] }]);
  });

  it('gives a server that billing has not added, or has removed, neither its MAC nor its port', async () => {
    const replaced = { type: 'ServerNicReplaced', data: { serverId: 'a', mac: macs[0] }, time: momentText(1) };
    const moved = { type: 'ServerMoved', data: { serverId: 'a', port: 'leaf1:E1', vlan: 11 }, time: momentText(1) };
    const log = MemoryLog.of([replaced, moved]);
    for (const question of [`mac:${macs[0]}`, 'port:leaf1:E1']) {
      expect(await ask(log, question)).toMatchObject({ intervals: [], idle: [{ why: 'pending' }] });
    }
    log.tell(added('a', 3, { port: 'leaf1:E1' }));
    log.tell({ type: 'ServerRemoved', data: { serverId: 'a' }, time: momentText(5) });
    for (const question of [`mac:${macs[0]}`, 'port:leaf1:E1']) {
      expect((await ask(log, question)).intervals).toMatchObject([{ from: momentText(3), to: momentText(5) }]);
    }
  });

  it('names as holder of an address the server that the map names', () => {
    const property = fc.property(anyHistory, fc.constantFrom(...questions.slice(0, 4)), (facts, question) => {
      const fold = new LogFold();
      for (const event of MemoryLog.of(facts).events) fold.fold(event);
      const holders = holdingsOf(fold.map, subject(question)).filter((one) => one.role === 'holder');
      const holder = fold.map.holderOfAddress(question)?.serverId;
      expect(holders.map((one) => one.serverId)).toEqual(holder === undefined ? [] : [holder]);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('knows nothing of an address that no event names', async () => {
    const log = await KnownLog.open(MemoryLog.of([added('a', 1)]));
    expect(await whoHad(log, subject('203.0.113.9'))).toBeUndefined();
  });

  it('shows a gateway that speaks with the address', async () => {
    const log = MemoryLog.of([
      {
        type: 'GatewayDeclared',
        data: { switch: 'leaf1', addresses: ['198.51.100.1'], macs: [macs[0]] },
        time: momentText(2),
      },
      { type: 'GatewayRetired', data: { switch: 'leaf1' }, time: momentText(4) },
    ]);
    const { intervals } = await ask(log, '198.51.100.1');
    expect(intervals).toMatchObject([{ role: 'gateway', switch: 'leaf1', from: momentText(2), to: momentText(4) }]);
  });
});
