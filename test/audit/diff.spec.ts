import fc from '../support/property.js';
import { parseInstant, parseIpv6Prefix, type ServerId } from '../../events/index.js';
import { parseKnownAt } from '../../src/audit/as-of.js';
import { HistoryIndex } from '../../src/audit/address-history/history-index.js';
import { HistoryWriter } from '../../src/audit/address-history/history-writer.js';
import { foldAsOf } from '../../src/audit/fold-as-of.js';
import { Audit } from '../../src/audit/audit.js';
import { type AllDifferences, diff, type DiffAnswer } from '../../src/audit/diff/diff.js';
import { differences, keyOf } from '../../src/audit/diff/difference.js';
import { type DiffQuestion, fieldsOfDiff, readDiffQuestion } from '../../src/audit/diff/diff-question.js';
import { PrefixSet } from '../../src/audit/diff/prefix-set.js';
import { overlap } from '../../src/audit/mentions.js';
import type { Fields } from '../../src/audit/question.js';
import { tempDirectory } from '../support/temp-directory.js';
import { anyHistory, momentText, ports } from './any-history.js';
import { anyNight as anyWholeNight } from './any-night.js';
import { HistoryInMemory } from './history-in-memory.js';
import { MemoryLog, type Told } from './memory-log.js';
import { nightLog } from './night-at-leaf1.js';
import { run } from './ran.js';

const root = tempDirectory();

function questionOf(fields: Fields): DiffQuestion {
  const read = readDiffQuestion(fields);
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
}

const ask = (log: MemoryLog, fields: Fields): Promise<AllDifferences> => diff(log, questionOf(fields));

/** The difference of two whole maps, by definition. */
async function byWholeFolds(log: MemoryLog, { from, to }: DiffQuestion): Promise<readonly object[]> {
  const [before, after] = [await foldAsOf([log.events], from), await foldAsOf([log.events], to)];
  const all = [before.map, after.map];
  const servers = new Set<ServerId>(all.flatMap((map) => [...map.assignments.values()].map((row) => row.serverId)));
  const violationIds = new Set(all.flatMap((map) => [...map.violations.keys()]));
  return differences(before.map, after.map, { servers, violationIds }).map((one) => ({
    ...one.difference,
    causes: undefined,
  }));
}

const links = fc
  .record({ type: fc.constantFrom('LinkUp', 'LinkDown'), port: fc.constantFrom(...ports), n: fc.nat({ max: 12 }) })
  .map(({ type, port, n }): Told => ({ type, data: { port }, time: momentText(n), recordedAt: momentText(13) }));

/** The generated histories, with links that go up and down between their events. */
const anyNight = fc.tuple(anyHistory, fc.array(fc.tuple(fc.nat(30), links), { maxLength: 8 })).map(([facts, more]) => {
  const skips = facts.filter(({ type }) => type === 'EventSkipped');
  const told = facts.filter(({ type }) => type !== 'EventSkipped');
  // A skip names its event by the ordinal, so what is put in comes after all that it may name.
  return [...told, ...more.map(([, link]) => link), ...skips];
});

const anyFields = fc.oneof(
  fc.tuple(fc.nat(14), fc.nat(14), fc.option(fc.nat(40))).map(([a, b, known]): Fields => {
    const ends = { from: momentText(Math.min(a, b)), to: momentText(Math.max(a, b)) };
    return known === null ? ends : { ...ends, knownAt: `#${known}` };
  }),
  fc.tuple(fc.nat(40), fc.nat(40), fc.option(fc.nat(14))).map(([a, b, at]): Fields => {
    const ends = { from: `#${Math.min(a, b)}`, to: `#${Math.max(a, b)}` };
    return at === null ? ends : { ...ends, at: momentText(at) };
  }),
);

describe('audit diff', () => {
  it('is the difference of two whole folds, along either time, for any history', async () => {
    const property = fc.asyncProperty(anyNight, anyFields, async (facts, fields) => {
      const log = MemoryLog.of(facts);
      const found = (await ask(log, fields)).differences.map((one) => ({ ...one, causes: undefined }));
      expect(found).toEqual(await byWholeFolds(log, questionOf(fields)));
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('is that too where violations are found and billing refuses to contain', async () => {
    const property = fc.asyncProperty(anyWholeNight, anyFields, async (facts, fields) => {
      const log = MemoryLog.of(facts);
      const found = (await ask(log, fields)).differences.map((one) => ({ ...one, causes: undefined }));
      expect(found).toEqual(await byWholeFolds(log, questionOf(fields)));
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('names the refusal of billing, which stands with the server, as the cause of what it changed', async () => {
    const log = new MemoryLog();
    const time = '2026-03-02T12:00:00Z';
    const about = { violationId: 'v1', serverId: 'b' };
    const asked = { by: 'user:anna', reason: 'it spoofs', evidence: 'https://ledger.example/v/1' };
    const detected = {
      ...{ violationId: 'v1', rule: 'address-spoof', ruleVersion: 1, severity: 'high', sensor: 's' },
      ...{ attribution: 'interface', site: 'default', switch: 'leaf1', observation: 'arp-reply', detail: 'a claim' },
      ...{ frameTime: time, etherSource: '52:54:00:00:00:02', claimedMac: '52:54:00:00:00:02' },
      ...{ claimedAddress: '198.51.100.1', offenderServerId: 'b' },
    };
    log.tell({ type: 'ViolationDetected', data: detected, time });
    log.tell({ type: 'ContainmentRequested', data: { ...about, ...asked }, time });
    log.tell({ type: 'ContainmentRefused', data: { ...about, reason: 'not now' }, time });
    const { differences: found } = await ask(log, { from: '#1', to: '#2' });
    expect(found).toMatchObject([
      { kind: 'violation', violationId: 'v1', causes: [{ ordinal: 2, type: 'ContainmentRefused' }] },
    ]);
    log.tell({ type: 'ContainmentRequested', data: { ...about, ...asked }, time });
    const again = await ask(log, { from: '#2', to: '#3' });
    expect(again.differences).toMatchObject([
      { fields: [{ field: 'containmentRefused', before: 'not now' }], causes: [{ ordinal: 3 }] },
    ]);
  });

  it('is the same with an index, however far it is', async () => {
    const property = fc.asyncProperty(anyWholeNight, anyFields, fc.nat(), async (facts, fields, reach) => {
      const log = MemoryLog.of(facts);
      const history = new HistoryInMemory(log.events.slice(0, reach % (log.events.length + 1)));
      const question = questionOf(fields);
      expect(await diff(log, question, { history })).toEqual(await diff(log, question));
    });
    await fc.assert(property, { numRuns: 400 });
  });

  it('with an index, sees the gateway of a server retired, and a server held up by what cannot be read', async () => {
    const place = { port: 'leaf1:E1', vlan: 11, mac: '52:54:00:00:00:01' };
    const retired = MemoryLog.of([
      { type: 'ServerAdded', data: { serverId: 'a', customerId: 'x', ...place }, time: momentText(1) },
      { type: 'Ipv4AddOnBought', data: { serverId: 'a', addOnId: 'p', address: '198.51.100.1' }, time: momentText(1) },
      {
        type: 'GatewayDeclared',
        data: { switch: 'leaf1', addresses: ['198.51.100.1'], macs: ['02:00:5e:00:00:01'] },
        time: momentText(2),
      },
      { type: 'GatewayRetired', data: { switch: 'leaf1' }, time: momentText(5) },
    ]);
    // Alone in its hour: nothing else leads there.
    const day = (n: number): string => new Date(n * 86_400_000).toISOString();
    const held = MemoryLog.of([
      { type: 'ServerPainted', data: {}, stream: 'server-a', time: day(5) },
      { type: 'ServerAdded', data: { serverId: 'a', customerId: 'x', ...place }, time: day(1) },
    ]);
    const asked: readonly [MemoryLog, Fields][] = [
      [retired, { from: momentText(4), to: momentText(6) }],
      [held, { from: day(4), to: day(6) }],
    ];
    for (const [log, fields] of asked) {
      const found = await diff(log, questionOf(fields), { history: new HistoryInMemory(log.events) });
      expect(found.differences).toMatchObject([{ serverId: 'a' }]);
      expect(found).toEqual(await diff(log, questionOf(fields)));
    }
    const writer = await HistoryWriter.open(root, held);
    writer.take(held.events);
    writer.flush();
    writer.close();
    const onDisk = await HistoryIndex.open(root, held);
    const found = await diff(held, questionOf({ from: day(4), to: day(6) }), { history: onDisk });
    expect(found.differences).toMatchObject([{ serverId: 'a' }]);
    onDisk?.close();
  });

  it('with an index, does not read what lies beside the stretch', async () => {
    const log = new MemoryLog();
    for (let n = 0; n < 1000; n++) {
      const data = { serverId: `s${n}`, addOnId: 'ip', address: `198.51.${n >>> 8}.${n & 255}` };
      log.tell({ type: 'Ipv4AddOnBought', data, time: new Date(n * 3_600_000).toISOString() });
    }
    const history = new HistoryInMemory(log.events);
    let read = 0;
    const counting = Object.assign(Object.create(log) as MemoryLog, {
      readAt: async (ordinals: readonly number[]) => {
        read += ordinals.length;
        return log.readAt(ordinals);
      },
      readAll: () => Promise.reject(new Error('the whole log is read')),
    });
    const hour = (n: number): string => new Date(n * 3_600_000).toISOString();
    await diff(counting, questionOf({ from: hour(499), to: hour(502) }), { history });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(200);
  });

  it('names for each difference facts between the two moments, and at least one', async () => {
    const property = fc.asyncProperty(anyNight, anyFields, async (facts, fields) => {
      const log = MemoryLog.of(facts);
      const { from, to } = questionOf(fields);
      const ordinals = ({ knownAt }: typeof from): number =>
        knownAt !== undefined && 'ordinal' in knownAt ? knownAt.ordinal : Number.POSITIVE_INFINITY;
      for (const { causes } of (await ask(log, fields)).differences) {
        expect(causes.length).toBeGreaterThan(0);
        for (const { ordinal, time, type } of causes) {
          expect(ordinal).toBeLessThanOrEqual(ordinals(to));
          if (fields['from']?.startsWith('#')) expect(ordinal).toBeGreaterThan(ordinals(from));
          else expect(parseInstant(time)).toBeGreaterThan(from.at ?? 0);
          // A skip counts whatever its time.
          if (type !== 'EventSkipped')
            expect(parseInstant(time)).toBeLessThanOrEqual(to.at ?? Number.POSITIVE_INFINITY);
        }
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('names the rival that let go, and not a customer who merely lives beside it', async () => {
    const { differences: found } = await ask(nightLog(), { from: '2026-01-04T18:00:00Z', to: '2026-01-05T12:00:00Z' });
    const ofRival = found.find((one) => keyOf(one) === 'server:srv-b');
    expect(ofRival).toMatchObject({ fields: [{ field: 'addresses' }, { field: 'conflicts' }] });
    expect(ofRival?.causes.map(({ ordinal }) => ordinal)).toEqual([14]);
  });

  it('names who let go of what was bought meanwhile, though it waited at neither moment', async () => {
    const { differences: found } = await ask(nightLog(), { from: '2026-01-04T00:00:00Z', to: '2026-01-05T12:00:00Z' });
    const buyer = found.find((one) => keyOf(one) === 'server:srv-b');
    expect(buyer?.causes.map(({ ordinal }) => ordinal)).toEqual([13, 14]);
  });

  it('says that a route is announced no more, because the link of its port went down', async () => {
    const log = nightLog();
    log.tell({ type: 'LinkDown', data: { port: 'leaf1:Ethernet16' }, time: '2026-01-07T00:00:00Z' });
    const { differences: found } = await ask(log, { from: '#20', to: '#21' });
    expect(found).toMatchObject([
      {
        serverId: 'srv-a',
        fields: [{ field: 'link', before: 'up', after: 'down' }],
        neighbours: [],
        routes: [{ change: 'remove' }],
        causes: [{ type: 'LinkDown', ordinal: 21 }],
      },
    ]);
  });

  it('shows what a retired gateway lets be pushed', async () => {
    const gateway = { switch: 'leaf1', addresses: ['198.51.100.16'], macs: [] };
    const log = MemoryLog.of([
      { type: 'GatewayDeclared', data: gateway, time: momentText(0) },
      {
        type: 'ServerAdded',
        data: { serverId: 'a', customerId: 'x', port: 'leaf1:E1', vlan: 11, mac: '52:54:00:00:00:01' },
        time: momentText(1),
      },
      { type: 'Ipv4AddOnBought', data: { serverId: 'a', addOnId: 'p', address: '198.51.100.16' }, time: momentText(1) },
      { type: 'GatewayRetired', data: { switch: 'leaf1' }, time: momentText(5) },
    ]);
    expect((await ask(log, { from: momentText(4), to: momentText(5) })).differences).toMatchObject([
      { serverId: 'a', fields: [], neighbours: [{ change: 'add' }], causes: [{ type: 'GatewayRetired' }] },
    ]);
  });

  it('comes page by page, each difference once', async () => {
    const property = fc.asyncProperty(anyNight, fc.integer({ min: 1, max: 3 }), async (facts, limit) => {
      const audit = new Audit(MemoryLog.of(facts));
      const fields = { from: momentText(0), to: momentText(14) };
      const whole = await audit.diff(questionOf(fields));
      const seen: DiffAnswer['differences'][number][] = [];
      let cursor: string | undefined;
      do {
        const page: DiffAnswer = await audit.diff(questionOf({ ...fields, limit: String(limit), cursor }));
        expect(page.count).toBe(whole.differences.length);
        expect(page.differences.length).toBeLessThanOrEqual(limit);
        seen.push(...page.differences);
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen).toEqual(whole.differences);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  it('finds an overlapping prefix as a comparison with each would', () => {
    const bits = fc.integer({ min: 0, max: 128 });
    const prefix = fc
      .tuple(fc.constantFrom('2001:db8:', '2001:db8:1', 'fd00:1:2:3:', '::'), bits)
      .map(([start, length]) => {
        return parseIpv6Prefix(`${start}/${length}`);
      });
    const some = fc.array(prefix).map((list) => list.flatMap((one) => one ?? []));
    fc.assert(
      fc.property(some, some, (kept, asked) => {
        const set = new PrefixSet();
        for (const one of kept) set.add(one);
        for (const one of asked) expect(set.overlaps(one)).toBe(kept.some((other) => overlap(other, one)));
      }),
    );
  });
});

describe('a question about two moments', () => {
  it('is read back from the fields that it is spelled with', () => {
    fc.assert(
      fc.property(anyFields, (fields) =>
        expect(questionOf(fieldsOfDiff(questionOf(fields)))).toEqual(questionOf(fields)),
      ),
    );
  });

  it('takes two instants for the time axis, and for the known one where that is asked for', () => {
    const fields = { from: momentText(1), to: momentText(2) };
    expect(questionOf(fields)).toMatchObject({ axis: 'time', from: { at: 1000 }, to: { at: 2000 } });
    const knownAt = parseKnownAt(momentText(2));
    expect(questionOf({ ...fields, axis: 'known' })).toMatchObject({
      axis: 'known',
      to: { knownAt: { recordedAt: 2000 } },
    });
    expect(knownAt).toEqual({ value: { recordedAt: 2000 } });
  });

  it.each([
    [{ from: momentText(1) }, 'name both moments'],
    [{ from: momentText(2), to: momentText(1) }, 'the other way round'],
    [{ from: '#2', to: '#1' }, 'the other way round'],
    [{ from: '#2', to: momentText(1) }, 'write both as #N'],
    [{ from: '#1', to: '#2', axis: 'time' }, 'on the known axis'],
    [{ from: '#1', to: '#2', knownAt: '#1' }, 'known-at'],
    [{ from: momentText(1), to: momentText(2), at: momentText(1) }, 'drop it'],
    [{ from: '2026-01-01', to: momentText(2) }, 'is not an instant'],
    [{ from: momentText(1), to: momentText(2), axis: 'x' }, 'neither time nor known'],
    [{ from: momentText(1), to: momentText(2), limit: '0' }, 'limit'],
    [{ from: momentText(1), to: momentText(2), cursor: 'x' }, 'cursor'],
    [{ from: momentText(1), to: momentText(2), form: 'x' }, 'no such field'],
  ])('%j is refused with the cure', (fields, cure) => {
    expect(readDiffQuestion(fields)).toEqual({ problem: expect.stringContaining(cure) as string });
  });

  it('is asked on the command line, as JSON too', async () => {
    const words = ['audit', 'diff', '#7', '#10', '--json', '--offline', 'DIR'];
    const { code, out } = await run(words, nightLog());
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ axis: 'known', from: '#7', to: '#10', ordinal: 10, count: 1 });
    expect(await run(['audit', 'diff', '#7', '--offline', 'DIR'], nightLog())).toMatchObject({ code: 2, out: '' });
  });
});
