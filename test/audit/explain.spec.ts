import { explain, type Explanation } from '../../src/audit/explain.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { subjectsOf } from '../../src/audit/subject.js';
import { MemoryLog, type Told } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';

async function ask(log: MemoryLog, text: string, at?: string): Promise<Explanation | undefined> {
  const read = subjectsOf(text);
  if ('problem' in read || read.value[0] === undefined) throw new Error(`bad test subject ${text}`);
  return explain(await KnownLog.open(log), read.value[0], at === undefined ? undefined : Date.parse(at));
}

const chain = (found: Explanation | undefined): [number, string][] =>
  (found?.servers ?? []).flatMap((one) =>
    one.chain.map(({ fact, effect }) => [fact.ordinal, effect] as [number, string]),
  );

const server = (serverId: string, vlan: number): Told => ({
  type: 'ServerAdded',
  data: { serverId, customerId: `of-${serverId}`, port: `leaf1:${serverId}`, vlan, mac: `52:54:00:00:00:${vlan}` },
  time: '2026-01-01T00:00:00Z',
});
const bought = (serverId: string, addOnId: string, address: string): Told => ({
  type: 'Ipv4AddOnBought',
  data: { serverId, addOnId, address },
  time: '2026-01-02T00:00:00Z',
});

describe('explain', () => {
  it('tells of an address only the events that bear on it', async () => {
    const log = MemoryLog.of([server('a', 11), bought('a', 'p', '198.51.100.1'), bought('a', 'q', '198.51.100.2')]);
    expect(chain(await ask(log, '198.51.100.2'))).toEqual([
      [0, 'applied'],
      [2, 'applied'],
    ]);
    expect(chain(await ask(log, 'server:a'))).toHaveLength(3);
  });

  it("counts a rival's release to the chain of the server that holds since, also where no device was written", async () => {
    const log = MemoryLog.of([
      server('a', 11),
      server('b', 12),
      bought('a', 'p', '198.51.100.1'),
      bought('b', 'p', '198.51.100.1'),
      { type: 'Ipv4AddOnCancelled', data: { serverId: 'a', addOnId: 'p' }, time: '2026-01-03T00:00:00Z' },
    ]);
    const found = await ask(log, '198.51.100.1');
    expect(found?.holdings).toMatchObject([{ role: 'holder', serverId: 'b' }]);
    expect(chain(found).map(([ordinal]) => ordinal)).toEqual([1, 3, 4]);
  });

  it('shows both the holder and who waits, with the claim and whom it waits for', async () => {
    const log = MemoryLog.of([
      server('a', 11),
      server('b', 12),
      bought('a', 'p', '198.51.100.1'),
      bought('b', 'p', '198.51.100.1'),
    ]);
    const found = await ask(log, '198.51.100.1');
    expect(found?.holdings.map(({ role, serverId }) => [role, serverId])).toEqual([
      ['holder', 'a'],
      ['waiting', 'b'],
    ]);
    const waiting = found?.servers.find((one) => one.serverId === 'b')?.chain.find((one) => one.fact.ordinal === 3);
    expect(waiting).toMatchObject({ effect: 'conflicted', conflicts: [{ claim: 'ipv4 198.51.100.1', holder: 'a' }] });
  });

  it('hangs each device line on the event that caused it, a drifted one on none', async () => {
    const found = await ask(nightLog(), '198.51.100.16');
    const [only] = found?.servers ?? [];
    const lines = only?.chain.flatMap(({ fact, lines }) =>
      lines.map((line) => [fact.ordinal, line.ordinal, line.change]),
    );
    expect(lines).toEqual([[14, 16, 'add']]);
    expect(only?.drift.map((line) => line.ordinal)).toEqual([18]);
  });

  it('says nothing of a moment that came later: neither facts nor device lines nor violations', async () => {
    const found = await ask(nightLog(), 'server:srv-a', '2026-01-01T23:00:00Z');
    expect(chain(found).map(([ordinal]) => ordinal)).toEqual([1, 2, 3, 4, 8]);
    expect(found?.servers[0]?.chain.flatMap((one) => one.lines.map((line) => line.ordinal))).toEqual([6, 6, 6, 6]);
    expect(found?.violations).toEqual([]);
  });

  it('tells of the servers that once had an address nobody has now', async () => {
    const log = MemoryLog.of([
      server('a', 11),
      bought('a', 'p', '198.51.100.1'),
      { type: 'ServerRemoved', data: { serverId: 'a' }, time: '2026-01-03T00:00:00Z' },
    ]);
    const found = await ask(log, '198.51.100.1');
    expect(found).toMatchObject({ holdings: [], servers: [{ serverId: 'a', binding: { state: 'removed' } }] });
    expect(chain(found)).toEqual([
      [0, 'overtaken'],
      [1, 'overtaken'],
      [2, 'applied'],
    ]);
  });

  it('knows an address that was only ever claimed by a forger', async () => {
    const log = nightLog();
    const forged = { ...(log.events[11]?.data as object), violationId: 'v-2', claimedAddress: '203.0.113.5' };
    log.tell({ type: 'ViolationDetected', data: forged, time: '2026-01-07T00:00:00Z' });
    const found = await ask(log, '203.0.113.5');
    expect(found).toMatchObject({ holdings: [], servers: [], violations: [{ violationId: 'v-2' }] });
    expect(await ask(log, '203.0.113.6')).toBeUndefined();
  });
});
