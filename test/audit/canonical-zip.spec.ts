import fc from '../support/property.js';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalZip, readCanonicalZip, type ZipEntry } from '../../src/audit/dossier/canonical-zip.js';
import { filesOf } from '../../src/audit/standalone-verifier.js';
import { whyMissing } from '../lab/lab-needs.js';
import { tempDirectory } from '../support/temp-directory.js';

const folder = tempDirectory();
const entries = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9/._-]{1,20}$/),
    content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  }),
  { selector: ({ name }) => name, maxLength: 6 },
);
const sample: ZipEntry[] = [
  { name: 'README.txt', content: Buffer.from('Gr\u00fc\u00dfe\n') },
  { name: 'frames/v-1.pcap', content: Buffer.from([0, 1, 2, 255]) },
  { name: 'empty', content: Buffer.alloc(0) },
];

/** What the two readers, which share no code, make of these bytes: the same, or a refusal by both. */
function readByBoth(zip: Buffer): readonly ZipEntry[] | 'refused' {
  const ours = readCanonicalZip(zip);
  let theirs: ReadonlyMap<string, Buffer> | undefined;
  try {
    theirs = filesOf(zip);
  } catch {
    theirs = undefined;
  }
  expect('problem' in ours).toBe(theirs === undefined);
  if ('problem' in ours) return 'refused';
  expect([...(theirs ?? [])]).toEqual(ours.entries.map(({ name, content }) => [name, content]));
  return ours.entries;
}

describe('the canonical zip', () => {
  it('gives back the entries that were written, by both readers', () => {
    fc.assert(fc.property(entries, (some) => expect(readByBoth(canonicalZip(some))).toEqual(some)));
  });

  it('is refused after any bit is turned, by both readers', () => {
    const zip = canonicalZip(sample);
    for (let bit = 0; bit < zip.length * 8; bit++) {
      const turned = Buffer.from(zip);
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, readByBoth(turned)]).toEqual([bit, 'refused']);
    }
  });

  it.each<[string, (zip: Buffer) => Buffer]>([
    ['with a byte behind it', (zip) => Buffer.concat([zip, Buffer.of(0)])],
    ['with a byte before it', (zip) => Buffer.concat([Buffer.of(0), zip])],
    ['twice', (zip) => Buffer.concat([zip, zip])],
    ['without its last byte', (zip) => zip.subarray(0, -1)],
    ['without its directory', (zip) => zip.subarray(0, -100)],
    ['of no bytes', () => Buffer.alloc(0)],
    ['with a name twice', () => canonicalZip([...sample, { name: 'empty', content: Buffer.of(1) }])],
    ['with a name that steers a terminal', () => canonicalZip([{ name: 'a\u001b[2J', content: Buffer.of(1) }])],
  ])('is refused %s, by both readers', (_, spoil) => {
    expect(readByBoth(spoil(canonicalZip(sample)))).toBe('refused');
  });

  it('says in which entry a byte is wrong', () => {
    const zip = canonicalZip(sample);
    const at = zip.indexOf('frames/v-1.pcap') + 'frames/v-1.pcap'.length + 1;
    zip[at] = 9;
    expect(readCanonicalZip(zip)).toEqual({
      problem: expect.stringMatching(/in the entry frames\/v-1\.pcap/) as string,
    });
  });

  for (const [tool, words, packageName] of [
    ['unzip', ['-t'], 'unzip'],
    ['python3', ['-m', 'zipfile', '-t'], 'python3-minimal'],
  ] as const) {
    const why = whyMissing({ [tool]: packageName });
    (why === undefined ? it : it.skip)(`is opened by ${tool}${why === undefined ? '' : ` [skipped: ${why}]`}`, () => {
      const file = join(folder, `${tool}.zip`);
      writeFileSync(file, canonicalZip(sample));
      const { status, stdout, stderr } = spawnSync(tool, [...words, file], { encoding: 'utf8', timeout: 30_000 });
      expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/warning|bad/i)]);
    });
  }
});
