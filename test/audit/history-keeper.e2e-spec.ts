import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressHistory } from '../../src/audit/address-history/history-index.js';
import { Audit } from '../../src/audit/audit.js';
import { subjectsOf } from '../../src/audit/subject.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../story/scene.js';
import { storeFacts } from '../support/publish.js';

/** Two servers had it, one after the other, and a third waits for it. */
const address = '198.51.100.7';
const bought = (number: number) => ({
  type: 'Ipv4AddOnBought' as const,
  data: { serverId: `s${number}`, addOnId: 'ip', address: number <= 3 ? address : `10.0.0.${number}` },
});
const added = (number: number) => ({
  type: 'ServerAdded' as const,
  data: { serverId: `s${number}`, customerId: 'c1', port: `leaf1:Ethernet${number}`, vlan: number },
});
const facts = (...numbers: number[]) => numbers.flatMap((number) => [added(number), bought(number)]);

describe('the address history of a running engine', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start();
  });
  afterAll(() => engine.stop());

  const directory = (): string => join(engine.dataDir, 'address-history');
  const store = (...numbers: number[]): Promise<number> => storeFacts(engine.parts.store, facts(...numbers));
  const current = (): AddressHistory | undefined => engine.parts.history.current().history;
  const untilUpToDate = async (): Promise<AddressHistory> => {
    const last = (await engine.parts.store.head())?.ordinal ?? -1;
    await until(`the index has event #${last}`, () => (current()?.reaches ?? -2) >= last);
    const history = current();
    if (history === undefined) throw new Error('there is no index');
    return history;
  };
  const question = () => {
    const read = subjectsOf(address);
    if ('problem' in read) throw new Error(read.problem);
    return { subjects: read.value, text: address };
  };
  /** The servers that an audit names, and that its whole answer is the one of an audit that reads all of the log. */
  const asked = async (): Promise<(string | undefined)[]> => {
    const { store: log, history } = engine.parts;
    const [found, read] = [new Audit(log, history.current), new Audit(log)];
    const whoHad = await found.whoHad(question());
    expect(whoHad).toEqual(await read.whoHad(question()));
    expect(await found.explain(question())).toEqual(await read.explain(question()));
    if (whoHad.outcome !== 'answered') throw new Error(whoHad.detail);
    return whoHad.answer.intervals.map(({ serverId }) => serverId);
  };

  it('follows what is appended, and leads to what is not in it yet as well', async () => {
    await store(1, 4, 5);
    const before = await untilUpToDate();
    expect(await asked()).toEqual(['s1']);
    await store(2, 6);
    expect(await asked()).toEqual(['s1', 's2']);
    const after = await untilUpToDate();
    expect(after.reaches).toBeGreaterThan(before.reaches);
    expect(await asked()).toEqual(['s1', 's2']);
  });

  it('is not believed once it is damaged, and made anew while the engine runs', async () => {
    const damaged = await untilUpToDate();
    for (const name of readdirSync(directory()).filter((one) => one.startsWith('run-')))
      overwrite(join(directory(), name));
    expect(await asked()).toEqual(['s1', 's2']);
    expect(engine.logLines.some((one) => one.includes('address history not believed'))).toBe(true);
    await store(3);
    const anew = await untilUpToDate();
    expect(anew).not.toBe(damaged);
    expect(await asked()).toEqual(['s1', 's2', 's3']);
    expect(current()).toBe(anew);
  });

  it('is made anew where it was taken away between two runs', async () => {
    await engine.restart(() => rmSync(directory(), { recursive: true }));
    expect(await asked()).toEqual(['s1', 's2', 's3']);
    await untilUpToDate();
    expect(await asked()).toEqual(['s1', 's2', 's3']);
  });
});

/** Other bytes where the postings are; the table behind them stays, so that the file opens as before. */
function overwrite(path: string): void {
  const file = openSync(path, 'r+');
  try {
    // 8 bytes for each block of 4096: the table of a file as small as this one is its last 8.
    const size = statSync(path).size - 8;
    writeSync(file, Buffer.alloc(size, 0x5a), 0, size, 0);
  } finally {
    closeSync(file);
  }
}
