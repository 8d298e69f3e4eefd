import { join } from 'node:path';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import type { GivenCheckpoint, Verification } from '../../src/audit/verification.js';
import { renderVerification } from '../../src/audit/render-verification.js';
import { type VerifiableLog, verifyLog } from '../../src/audit/verify-log.js';
import { openEmbeddedReader } from '../../src/event-store/embedded/embedded.event-store.js';
import { eventLeaf, Frontier } from '../../src/event-store/event-store.port.js';
import type { StoredEvent } from '../../events/index.js';
import { tempDirectory } from '../support/temp-directory.js';
import { saidLog } from './said-log.js';
import { givenFrom, type SealedLog, sealLog } from './sealed-log.js';

const folder = tempDirectory();
let sealed: SealedLog;
let events: StoredEvent[];

beforeAll(async () => {
  sealed = await sealLog(join(folder, 'log'), 40, [10, 20, 30]);
  const reader = await openEmbeddedReader(sealed.directory);
  events = [...(await reader.readAll()).events];
  await reader.close();
});

const storeOf = (said: readonly StoredEvent[], leaves?: readonly StoredEvent[]): VerifiableLog =>
  saidLog(sealed.logId, said, leaves);
const changed = (at: number, change: (event: StoredEvent) => Partial<StoredEvent>): StoredEvent[] =>
  events.map((event, index) => (index === at ? { ...event, ...change(event) } : event));
const verify = (said: readonly StoredEvent[], leaves?: readonly StoredEvent[]): Promise<Verification> =>
  verifyLog(storeOf(said, leaves), givenFrom(sealed));
const textOf = (verification: Verification): string => renderVerification(verification);

describe('the verification of a log', () => {
  it('finds nothing in a log that nobody touched, and says what is covered', async () => {
    const verification = await verify(events);
    expect(verification).toMatchObject({
      size: 40,
      findings: [],
      checkpoints: { given: 3, good: 3, latest: { where: 'exported:3', size: 30 } },
      covered: 30,
      uncovered: 10,
      notChecked: [],
    });
    expect(textOf(verification)).toContain(
      'checkpoints: 3 of 3 hold; the latest (exported:3) covers 30 events, 10 came after it and are not covered yet',
    );
  });

  it('says that it held the log against no checkpoint when none was named', async () => {
    const verification = await verifyLog(storeOf(events), []);
    expect(verification).toMatchObject({ findings: [], covered: 0, uncovered: 40, root: expect.any(String) as string });
    expect(textOf(verification)).toMatch(/^verified: .*not checked: any checkpoint: none was named/s);
  });

  it('verifies an empty log', async () => {
    expect(await verifyLog(storeOf([]), [])).toMatchObject({ size: 0, findings: [] });
  });

  it('names the first event that is not the one the store made its tree of', async () => {
    const said = changed(17, ({ data }) => ({ data: { ...(data as object), vlan: 999 } }));
    const { findings } = await verify(said, events);
    expect(findings).toMatchObject([
      { kind: 'store-tree', ordinal: 17 },
      { kind: 'checkpoint-root', ordinal: 10, checkpoint: 'exported:2' },
      { kind: 'checkpoint-root', ordinal: 10, checkpoint: 'exported:3' },
    ]);
  });

  it('names the first checkpoint that a log which agrees with itself no longer fits, and the last that it fits', async () => {
    const verification = await verify(changed(17, ({ data }) => ({ data: { ...(data as object), vlan: 999 } })));
    expect(verification.findings.map(({ kind, checkpoint, ordinal }) => [kind, checkpoint, ordinal])).toEqual([
      ['checkpoint-root', 'exported:2', 10],
      ['checkpoint-root', 'exported:3', 10],
    ]);
    expect(verification).toMatchObject({ covered: 10, uncovered: 30 });
    expect(textOf(verification)).toMatch(
      /^VERIFICATION FAILED: .*\ncheckpoint-root at exported:2, #10: found the root /,
    );
  });

  it.each<[string, () => StoredEvent[], object]>([
    ['an ordinal is missing', () => events.toSpliced(12, 1), { kind: 'ordinal', ordinal: 12, found: 'ordinal 13' }],
    ['a revision is missing', () => changed(12, () => ({ revision: 90 })), { kind: 'revision', ordinal: 12 }],
    [
      'recordedAt goes back',
      () => changed(12, ({ metadata }) => ({ metadata: { ...metadata, recordedAt: '2026-01-01T00:00:00.000Z' } })),
      { kind: 'recorded-at', ordinal: 12 },
    ],
    [
      'recordedAt is no instant',
      () => changed(12, ({ metadata }) => ({ metadata: { ...metadata, recordedAt: 'soon' } })),
      { kind: 'recorded-at', ordinal: 12, found: 'recordedAt "soon"' },
    ],
    [
      'there is no metadata',
      () => changed(12, () => ({ metadata: null as never })),
      { kind: 'recorded-at', ordinal: 12 },
    ],
    [
      'an event could never be stored',
      () => changed(12, () => ({ data: { a: '\ud800' } })),
      { kind: 'leaf', ordinal: 12 },
    ],
  ])('finds where %s', async (_, said, finding) => {
    const { findings } = await verify(said(), events);
    expect(findings).toContainEqual(expect.objectContaining(finding));
  });

  it('finds that there are fewer events than leaves, and more than that are left alone', async () => {
    expect((await verify(events.slice(0, 33), events)).findings).toMatchObject([{ kind: 'store-tree', ordinal: 33 }]);
    // The log grows while it is read; what comes after its end of then waits for the next time.
    expect(await verify(events, events.slice(0, 33))).toMatchObject({ size: 33, findings: [] });
  });

  it('finds a log that is shorter than a checkpoint', async () => {
    const { findings } = await verify(events.slice(0, 25));
    expect(findings).toMatchObject([{ kind: 'checkpoint-ahead', checkpoint: 'exported:3', ordinal: 25 }]);
  });

  it('finds a checkpoint of another log, and one that nobody trusted signed', async () => {
    const [note = ''] = sealed.notes;
    const other = await sealLog(join(folder, 'other'), 3, [3]);
    const strange: GivenCheckpoint[] = [
      ...givenFrom(other),
      { where: 'forged:1', problem: 'the signature of log.example+00000000 does not fit the text' },
    ];
    const { findings, covered } = await verifyLog(storeOf(events), [...strange, ...givenFrom(sealed)]);
    expect(findings).toMatchObject([
      { kind: 'checkpoint-other-log', checkpoint: 'exported:1' },
      { kind: 'checkpoint-untrusted', checkpoint: 'forged:1' },
    ]);
    expect([covered, note.length > 0]).toEqual([30, true]);
  });

  it('counts how far it is', async () => {
    const seen: number[] = [];
    await verifyLog(storeOf(events), [], (count, share) => seen.push(count, share));
    expect(seen.slice(0, 2)).toEqual([7, 7 / 40]);
    expect(seen.slice(-2)).toEqual([40, 1]);
  });

  it('makes the same roots as were signed', () => {
    const tree = Frontier.empty();
    for (const event of events.slice(0, 20)) tree.push(eventLeaf(event));
    expect(signCheckpoint(sealed.signer, { size: 20, root: tree.root() }, sealed.logId)).toBe(sealed.notes[1]);
  });
});
