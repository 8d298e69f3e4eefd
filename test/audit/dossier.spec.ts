import { createHash } from 'node:crypto';
import fc from '../support/property.js';
import { canonicalZip, readCanonicalZip, type ZipEntry } from '../../src/audit/dossier/canonical-zip.js';
import { Audit } from '../../src/audit/audit.js';
import { checkDossier, type DossierCheck } from '../../src/audit/dossier/check-dossier.js';
import { DossierTooLarge, mostBytes } from '../../src/audit/dossier/dossier-limits.js';
import { framesFor, type KeptFrames } from '../../src/audit/dossier/kept-frames.js';
import { askFor, readDossierQuestion, wordsOf } from '../../src/audit/dossier/dossier-question.js';
import { enough } from '../../src/audit/dossier/make-dossier.js';
import { manifestText } from '../../src/audit/dossier/manifest.js';
import { KnownLog } from '../../src/audit/known-log.js';
import { looking } from '../../src/cli/look.js';
import { verifyDossier } from '../../src/audit/standalone-verifier.js';
import { dossierOf, signerFrom, testSigner } from './dossier-of.js';
import { anyAt, anyNight, questions } from './any-night.js';
import { choices } from './insider.js';
import { MemoryLog } from './memory-log.js';
import { nightAtLeaf1, nightLog } from './night-at-leaf1.js';
import { seedOr } from '../support/seed.js';

const seed = seedOr(20_261_126);
const key = testSigner.verifier;
const frames = Buffer.from('d4c3b2a1 and so on: ten frames');

const digestOf = (file: Buffer): string => createHash('sha256').update(file).digest('hex');
const keptAs = (file: Buffer): KeptFrames => ({ framesOf: () => Promise.resolve({ state: 'kept', file }) });
const logWithFrames = (): MemoryLog => logKeeping(frames, 'v-1');

/** The night, and of each of these violations the same frames kept. */
function logKeeping(file: Buffer, ...violations: readonly string[]): MemoryLog {
  const log = nightLog();
  const sha256 = digestOf(file);
  for (const violationId of violations)
    log.tell({ type: 'EvidenceKept', data: { violationId, sha256, frames: 10 }, time: '2026-01-06T02:00:00Z' });
  return log;
}

const anyQuestion = fc
  .record({ kind: fc.constantFrom('who-had', 'explain'), subject: fc.constantFrom(...questions), at: anyAt })
  .filter(({ kind, subject }) => kind === 'explain' || !subject.startsWith('server:'))
  .map(({ kind, subject, at }) => ({
    kind,
    fields: { subject, ...(at === undefined ? {} : { at: new Date(at).toISOString() }) },
  }));

let whoHad: Buffer;
let explained: Buffer;
beforeAll(async () => {
  whoHad = await dossierOf('who-had', { subject: '198.51.100.16', at: '2026-01-04T18:00:00Z' });
  explained = await dossierOf(
    'explain',
    { subject: '198.51.100.16' },
    { log: logWithFrames(), frames: keptAs(frames) },
  );
});

function entriesOf(zip: Buffer): ZipEntry[] {
  const read = readCanonicalZip(zip);
  if ('problem' in read) throw new Error(read.problem);
  return [...read.entries];
}
const textIn = (zip: Buffer, name: string): string =>
  entriesOf(zip)
    .find((one) => one.name === name)
    ?.content.toString('utf8') ?? '';

/** Why the standalone verifier refuses it; undefined where it does not. */
function strangerOn(zip: Buffer, keyText: string | undefined = key.text): string | undefined {
  try {
    verifyDossier(zip, keyText);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function refusedByBoth(zip: Buffer): Promise<boolean> {
  const { problem } = await checkDossier(zip, [key]);
  const stranger = strangerOn(zip);
  expect(problem === undefined).toBe(stranger === undefined);
  return problem !== undefined;
}

/** Another content in one entry, and a manifest that agrees, signed by whom the forger can. */
function forged(zip: Buffer, changes: Readonly<Record<string, string | Buffer>>, signer = testSigner): Buffer {
  const changed = entriesOf(zip)
    .filter(({ name }) => name !== 'MANIFEST.txt')
    .map(({ name, content }) => ({ name, content: Buffer.from(changes[name] ?? content) }));
  const logId = /log-id (\S+)/.exec(textIn(zip, 'MANIFEST.txt'))?.[1] ?? '';
  const manifest = signer.sign(manifestText(logId, changed));
  return canonicalZip([...changed, { name: 'MANIFEST.txt', content: Buffer.from(manifest) }]);
}

describe('a dossier', () => {
  it('is accepted by both verifiers, and tells what is in it', async () => {
    const check = await checkDossier(explained, [key]);
    expect(check).toMatchObject({ signedBy: `${key.name}+${key.id}`, folded: 'same', otherwise: [] });
    expect(check.problem).toBeUndefined();
    expect(check.entries.map(({ name }) => name)).toEqual([
      ...['README.txt', 'answer.txt', 'answer.html', 'answer.json', 'question.json', 'events.ndjson', 'proofs.json'],
      ...['checkpoint.txt', 'frames/v-1.pcap', 'verify.mjs', 'MANIFEST.txt'],
    ]);
    expect(verifyDossier(explained, key.text)).toMatch(
      /^11 files as signed by log\.example\/one; 17 events in the log/,
    );
  });

  it('of the same question and log has the same bytes', async () => {
    const again = await dossierOf('who-had', { subject: '198.51.100.16', at: '2026-01-04T18:00:00Z' });
    expect(again.equals(whoHad)).toBe(true);
    // Also where the one who has it made looks at a terminal, in colour and in a zone of his own.
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kathmandu';
    try {
      const look = { colour: true, local: true };
      const fields = { subject: '198.51.100.16', at: '2026-01-04T18:00:00Z' };
      expect((await looking(look, () => dossierOf('who-had', fields))).equals(whoHad)).toBe(true);
      expect((await looking(look, () => checkDossier(whoHad, [key]))).otherwise).toEqual([]);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it.each([
    ['who-had', { subject: '198.51.100.16' }],
    ['who-had', { subject: '198.51.100.16', knownAt: '2026-01-02T00:00:00Z' }],
    ['who-had', { subject: '198.51.100.16', between: '2026-01-02T00:00:00Z..2026-01-03T00:00:00Z' }],
    ['who-had', { subject: '52:54:00:00:00:99', at: '2026-01-01T12:00:00Z' }],
    ['who-had', { subject: '2001:db8:16::/48' }],
    ['who-had', { subject: 'leaf1:Ethernet66' }],
    ['who-had', { subject: '198.51.100.1' }],
    ['explain', { subject: '198.51.100.16', at: '2026-01-03T03:14:59Z' }],
    ['explain', { subject: 'srv-a', knownAt: '#10' }],
    ['explain', { subject: 'leaf1:Ethernet66' }],
    ['explain', { subject: '198.51.100.16', at: '2026-01-05T05:00:00Z' }],
    ['explain', { subject: '198.51.100.16', between: '2026-01-03T00:00:00Z..2026-01-05T12:00:00Z' }],
  ])('%s %j holds events that give the answer again', async (kind, fields) => {
    const zip = await dossierOf(kind, fields);
    expect(await checkDossier(zip, [key])).toMatchObject({ folded: 'same', told: { facts: { suffices: true } } });
    expect(strangerOn(zip)).toBeUndefined();
  });

  it('holds events that give every answer again, with why it was dark, whatever the night was', async () => {
    const property = fc.asyncProperty(anyQuestion, anyNight, async ({ kind, fields }, night) => {
      const log = MemoryLog.of(night);
      const question = readDossierQuestion(kind, fields);
      if ('problem' in question) throw new Error(question.problem);
      const outcome = await askFor(new Audit(log), question.value);
      if (outcome.outcome !== 'answered') return;
      const words = wordsOf(question.value, outcome.answer);
      const bounds = { logId: log.logId, most: 5000 };
      const { events, suffices } = await enough(await KnownLog.open(log), bounds, words, outcome.answer);
      expect([suffices, events.length > 0]).toEqual([true, true]);
    });
    await fc.assert(property, { numRuns: process.env['PORTLEDGER_LONG'] === '1' ? 2000 : 60 });
  }, 600_000);

  it('of a port that only its link names encloses that', async () => {
    const link = { type: 'LinkDown', data: { port: 'leaf9:Ethernet1' }, time: '2026-01-06T04:00:00Z' };
    const log = MemoryLog.of([...nightAtLeaf1, link]);
    for (const kind of ['who-had', 'explain']) {
      const zip = await dossierOf(kind, { subject: 'leaf9:Ethernet1' }, { log });
      expect(await checkDossier(zip, [key])).toMatchObject({ folded: 'same', told: { facts: { suffices: true } } });
    }
  });

  it('holds no event of a server that has nothing to do with the answer, and names those that an event names besides', async () => {
    const told = (zip: Buffer): string => textIn(zip, 'events.ndjson');
    const zip = await dossierOf('who-had', { subject: '52:54:00:00:00:99' });
    expect(told(zip)).toContain('"stream":"server-srv-a"');
    expect(told(zip)).not.toContain('"stream":"server-srv-b"');
    const prefix = await dossierOf('who-had', { subject: '2001:db8:16::/48' });
    expect(textIn(prefix, 'README.txt')).toContain('The enclosed events also name: srv-b.');
  });

  it('says without a key that it agrees with itself, and nothing more', async () => {
    const check = await checkDossier(whoHad, undefined);
    expect([check.problem, check.signedBy]).toEqual([undefined, undefined]);
    const stranger = signerFrom('somebody else');
    const other = await dossierOf('who-had', { subject: '198.51.100.16' }, { signer: stranger });
    expect((await checkDossier(other, undefined)).problem).toBeUndefined();
    expect((await checkDossier(other, [key])).problem).toMatch(/^MANIFEST\.txt: no signature of a key that was named/);
    expect(strangerOn(other)).toMatch(/without a signature/);
  });

  it('encloses the frames that the log tells of, and says why others are not', async () => {
    const stateWith = async (framesOf: KeptFrames['framesOf']): Promise<unknown> => {
      const zip = await dossierOf('explain', { subject: 'srv-b' }, { log: logWithFrames(), frames: { framesOf } });
      expect(await refusedByBoth(zip)).toBe(false);
      expect(entriesOf(zip).some(({ name }) => name.startsWith('frames/'))).toBe(false);
      return (JSON.parse(textIn(zip, 'question.json')) as { frames: unknown }).frames;
    };
    expect(entriesOf(explained).find(({ name }) => name === 'frames/v-1.pcap')?.content).toEqual(frames);
    expect(await stateWith(() => Promise.resolve({ state: 'removed' }))).toEqual([
      { violationId: 'v-1', state: 'removed' },
    ]);
    expect(await stateWith(() => Promise.resolve({ state: 'altered' }))).toEqual([
      { violationId: 'v-1', state: 'altered' },
    ]);
    expect(await stateWith(() => Promise.resolve({ state: 'kept', file: Buffer.of(1) }))).toEqual([
      { violationId: 'v-1', state: 'replaced' },
    ]);
  });
});

describe('a dossier that was changed', () => {
  it('is refused by both verifiers after each of 1,000 random changes of a byte', async () => {
    const pick = choices(seed);
    const missed: number[] = [];
    for (let number = 0; number < 1000; number++) {
      const zip = Buffer.from(number % 2 === 0 ? whoHad : explained);
      // By turns any byte, and any byte of any entry, so that small entries get their share.
      const entry = entriesOf(zip)[pick(10)]?.content ?? zip;
      const bytes =
        number % 4 < 2 || entry.length === 0 ? zip : zip.subarray(zip.indexOf(entry)).subarray(0, entry.length);
      const at = pick(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + pick(255));
      if (!(await refusedByBoth(zip))) missed.push(number);
    }
    expect({ seed, missed }).toEqual({ seed, missed: [] });
  });

  it('is refused after each of 300 changes of an entry in a zip that was written anew around it', async () => {
    const pick = choices(seed + 1);
    for (let number = 0; number < 300; number++) {
      const entries = entriesOf(explained);
      const index = pick(entries.length);
      const content = Buffer.from(entries[index]?.content ?? []);
      const at = pick(content.length);
      content[at] = (content[at] ?? 0) ^ (1 + pick(255));
      const name = entries[index]?.name ?? '';
      const zip = canonicalZip(entries.with(index, { name, content }));
      expect([seed, number, await refusedByBoth(zip)]).toEqual([seed, number, true]);
      expect((await checkDossier(zip, [key])).problem).toMatch(
        name === 'checkpoint.txt' ? /./ : new RegExp(`^${name}: `),
      );
    }
  });

  it('is refused wherever it is cut, and with anything added', async () => {
    for (let end = 0; end < whoHad.length; end += 97) expect(await refusedByBoth(whoHad.subarray(0, end))).toBe(true);
    for (const more of [Buffer.of(0), Buffer.from('\n'), whoHad])
      for (const zip of [Buffer.concat([whoHad, more]), Buffer.concat([more, whoHad])])
        expect(await refusedByBoth(zip)).toBe(true);
  });

  it.each<[string, (entries: ZipEntry[]) => ZipEntry[]]>([
    [
      'two entries in each other\u2019s place',
      (entries) => [entries[1], entries[0], ...entries.slice(2)] as ZipEntry[],
    ],
    ['its manifest in front', (entries) => [...entries.slice(-1), ...entries.slice(0, -1)]],
    ['an entry more', (entries) => entries.toSpliced(2, 0, { name: 'note.txt', content: Buffer.from('hello') })],
    ['an entry behind the manifest', (entries) => [...entries, { name: 'note.txt', content: Buffer.alloc(0) }]],
    ['an entry less', (entries) => entries.toSpliced(1, 1)],
    ['an entry under another name', (entries) => entries.with(1, { ...(entries[1] as ZipEntry), name: 'answer.TXT' })],
    ['no manifest', (entries) => entries.slice(0, -1)],
  ])('is refused with %s', async (_, change) => {
    expect(await refusedByBoth(canonicalZip(change(entriesOf(explained))))).toBe(true);
  });

  it('is refused with the signature of the manifest written in another way', async () => {
    const note = textIn(whoHad, 'MANIFEST.txt');
    const other = signerFrom('somebody else').sign('x\n').split('\n\n')[1] ?? '';
    for (const content of [
      `${note}\n`,
      note.trimEnd(),
      note + other,
      note + (note.split('\n\n')[1] ?? ''),
      note.replace(/.\n$/, '\n'),
    ])
      expect(
        await refusedByBoth(
          canonicalZip(entriesOf(whoHad).with(-1, { name: 'MANIFEST.txt', content: Buffer.from(content) })),
        ),
      ).toBe(true);
  });
});

describe('a dossier whose signer says what is not so', () => {
  const problemOf = async (zip: Buffer): Promise<string | undefined> => {
    expect(await refusedByBoth(zip)).toBe(true);
    return (await checkDossier(zip, [key])).problem;
  };

  it('is refused where an event does not lead to the checkpoint', async () => {
    const events = textIn(whoHad, 'events.ndjson');
    const changed = forged(whoHad, { 'events.ndjson': events.replace('cust-a', 'cust-x') });
    expect(await problemOf(changed)).toMatch(/^proofs\.json: event #1 does not lead to the checkpoint over 21 events/);
    const proofs = textIn(whoHad, 'proofs.json');
    expect(await problemOf(forged(whoHad, { 'proofs.json': proofs.replace('"ordinal":3', '"ordinal":4') }))).toMatch(
      /#3/,
    );
  });

  it('is refused with the proofs or the checkpoint of another log, or of another key', async () => {
    const fields = { subject: '198.51.100.16', at: '2026-01-04T18:00:00Z' };
    const longer = await dossierOf('who-had', fields, { log: MemoryLog.of([...nightAtLeaf1, ...nightAtLeaf1]) });
    const swapped = (name: string, from: Buffer): Buffer => forged(whoHad, { [name]: textIn(from, name) });
    expect(await problemOf(swapped('proofs.json', longer))).toMatch(/^proofs\.json: /);
    expect(await problemOf(swapped('checkpoint.txt', longer))).toMatch(/^proofs\.json: /);
    const stranger = await dossierOf('who-had', fields, { signer: signerFrom('somebody else') });
    expect(await problemOf(swapped('checkpoint.txt', stranger))).toMatch(/^checkpoint\.txt: no signature/);
    const renamed = await dossierOf('who-had', fields, { signer: signerFrom('a key for tests', 'log.example/two') });
    expect(await problemOf(renamed)).toMatch(/^MANIFEST\.txt: /);
  });

  it('is refused where the answer names an event that is not enclosed, or not so', async () => {
    const answer = textIn(whoHad, 'answer.json');
    expect(await problemOf(forged(whoHad, { 'answer.json': answer.replace('"ordinal":14', '"ordinal":15') }))).toMatch(
      /^answer\.json: names #15/,
    );
    expect(
      await problemOf(forged(whoHad, { 'answer.json': answer.replace('Ipv4AddOnCancelled', 'Ipv4AddOnBought') })),
    ).toMatch(/^answer\.json: names #14, which is not enclosed so/);
  });

  it('is refused with frames of which no event tells', async () => {
    expect(await problemOf(forged(explained, { 'frames/v-1.pcap': 'other frames' }))).toMatch(/^frames\/v-1\.pcap: /);
  });

  it('is refused, and nothing is thrown, where its files hold scribble', async () => {
    const scribble = ['', '{', 'null', '[]', '7', '{"proofs":[null]}', '"\u001b[2J"', `${'['.repeat(9000)}`];
    for (const name of ['answer.json', 'question.json', 'events.ndjson', 'proofs.json', 'checkpoint.txt'])
      for (const text of scribble) {
        const zip = forged(whoHad, { [name]: text });
        const check = await checkDossier(zip, [key]);
        // A stranger need not read the question; an answer that names nothing proves nothing wrong to it.
        if (name !== 'question.json' && name !== 'answer.json') expect(strangerOn(zip)).toBeDefined();
        expect([name, text, check.problem ?? check.folded]).toEqual([name, text, expect.not.stringMatching(/same/)]);
      }
  });

  it('is told apart where the answer does not follow from the events', async () => {
    const answer = textIn(whoHad, 'answer.json').replaceAll('"customerId":"cust-a"', '"customerId":"cust-b"');
    const check: DossierCheck = await checkDossier(forged(whoHad, { 'answer.json': answer }), [key]);
    expect([check.problem, check.folded]).toEqual([undefined, 'different']);
    expect(check.otherwise).toContain('answer.txt');
  });

  it('from before answers named the publisher of a fact is folded to the same still, and put into words', async () => {
    for (const zip of [whoHad, explained]) {
      const before = textIn(zip, 'answer.json').replaceAll('"source":"https://billing.example",', '');
      expect(before).not.toBe(textIn(zip, 'answer.json'));
      const old = forged(zip, { 'answer.json': before });
      const check = await checkDossier(old, [key]);
      expect([check.problem, check.folded, strangerOn(old)]).toEqual([undefined, 'same', undefined]);
      const wrong = before.replaceAll('"customerId":"cust-a"', '"customerId":"cust-b"');
      if (wrong !== before)
        expect((await checkDossier(forged(zip, { 'answer.json': wrong }), [key])).folded).toBe('different');
    }
  });

  it('is told apart where it names another publisher than the events, or only some of them', async () => {
    const answer = textIn(whoHad, 'answer.json');
    const named = '"source":"https://billing.example",';
    for (const changed of [answer.replace(named, '"source":"https://else.example",'), answer.replace(named, '')]) {
      const check = await checkDossier(forged(whoHad, { 'answer.json': changed }), [key]);
      expect([check.problem, check.folded]).toEqual([undefined, 'different']);
    }
  });

  it('is told apart where a text is not that of the answer, or the verifier is another', async () => {
    const lying = forged(whoHad, { 'answer.html': '<p>srv-b did it</p>', 'verify.mjs': 'console.log("verified")\n' });
    expect((await checkDossier(lying, [key])).otherwise).toEqual(['answer.html', 'verify.mjs']);
  });
});

// oxlint-disable-next-line no-control-regex
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069]/;

describe('an answer that is too large for one dossier', () => {
  it('is refused with how to ask for less', async () => {
    const log = nightLog();
    const mostEnclosed = 60;
    for (let count = 0; count <= mostEnclosed; count++)
      log.tell({ type: 'ServerSuspended', data: { serverId: 'srv-a' }, time: '2026-01-06T04:00:00Z' });
    await expect(dossierOf('explain', { subject: 'srv-a' }, { log, mostEnclosed })).rejects.toThrow(
      /at most 60: ask for less with at/,
    );
  });

  it('is no alarm about the log where its bytes are too many', async () => {
    const file = Buffer.alloc(mostBytes - 1000);
    const log = logKeeping(file, 'v-1');
    const making = dossierOf('explain', { subject: '198.51.100.16' }, { log, frames: keptAs(file) });
    await expect(making).rejects.toBeInstanceOf(DossierTooLarge);
    await expect(making).rejects.toThrow(/The dossier would have 6\d{7} bytes, of at most 67108864: ask for less/);
  });

  it('is refused before all its frames are read', async () => {
    const file = Buffer.alloc(mostBytes / 2);
    const log = logKeeping(file, 'v-1', 'v-2', 'v-3', 'v-4', 'v-5');
    const asked: string[] = [];
    const frames: KeptFrames = {
      framesOf: (id) => {
        asked.push(id);
        return keptAs(file).framesOf(id);
      },
    };
    await expect(framesFor(log.events, frames)).rejects.toBeInstanceOf(DossierTooLarge);
    expect(asked).toEqual(['v-1', 'v-2', 'v-3']);
  });
});

describe('what strangers wrote into events', () => {
  const nasty = '<script>alert(1)</script>"\'&\u001b[2J\u202etxet\u2066\u200b\u061c\nFROM: forged';
  let zip: Buffer;
  beforeAll(async () => {
    const log = nightLog();
    const data = { serverId: 'srv-b', port: 'leaf1:Ethernet66', reason: nasty };
    log.tell({ type: 'ServerRecordCorrected', data, time: '2026-01-06T03:00:00Z' });
    zip = await dossierOf('explain', { subject: '198.51.100.16' }, { log });
  });

  it('is text in the page: no markup, no script, nothing from elsewhere', () => {
    const html = textIn(zip, 'answer.html');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    // A publisher may be named by an address; named in the text, it leads nowhere.
    const unnamed = html.replaceAll('https://billing.example', '');
    expect(unnamed.match(/<script|\son\w+=|<(?:img|link|iframe|object|a)\b|url\(|@import|https?:/gi)).toBeNull();
    expect(html).toContain("default-src 'none'");
  });

  it('steers no terminal, turns nothing around, hides nothing and forges no line', () => {
    for (const name of ['README.txt', 'answer.txt', 'answer.html', 'answer.json', 'question.json', 'events.ndjson']) {
      const text = textIn(zip, name);
      expect([name, steering.exec(text)]).toEqual([name, null]);
      expect(text).not.toMatch(/^FROM: forged/m);
    }
    expect(textIn(zip, 'answer.txt')).toContain(String.raw`\u001b[2J\u202etxet`);
  });

  it('is proved as it was written all the same', async () => {
    const { told, problem } = await checkDossier(zip, [key]);
    expect(problem).toBeUndefined();
    expect(told?.events.at(-1)?.data).toMatchObject({ reason: nasty });
    expect(strangerOn(zip)).toBeUndefined();
  });
});
