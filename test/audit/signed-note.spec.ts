import fc from '../support/property.js';
import { notesIn } from '../../src/audit/checkpoints/checkpoint-file.js';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import {
  isKeyName,
  newPrivateKey,
  openNote,
  parsePrivateKey,
  parseVerifierKey,
  type Signer,
} from '../../src/audit/checkpoints/signed-note.js';
import { syslogMessage } from '../../src/audit/checkpoints/syslog.destination.js';

// The example of the documentation of golang.org/x/mod/sumdb/note.
const neumann = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const neumannVerifier = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const text =
  'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n'.replace(
    '\u2019',
    "'",
  );
const signature =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const signerOf = (privateKey: string): Signer => {
  const signer = parsePrivateKey(privateKey);
  if (signer === undefined) throw new Error('no key');
  return signer;
};
const known = signerOf(neumann);
const own = signerOf(newPrivateKey('portledger.example.net/log1'));
const logId = '0cc1072c-f479-4989-b9e4-25ac945b5bcd';
const root = Buffer.alloc(32, 7);

describe('a signed note', () => {
  it('is the one that other programs write with the same key', () => {
    expect(known.verifier.text).toBe(neumannVerifier);
    expect(parseVerifierKey(neumannVerifier)?.id).toBe('c74f20a3');
    expect(known.sign(text)).toBe(`${text}\n${signature}`);
    expect(openNote(`${text}\n${signature}`, [known.verifier])).toMatchObject({ text, key: { name: 'PeterNeumann' } });
  });

  it('opens with any of its known signatures, and passes over those it does not know', () => {
    const foreign = own.sign(text).split('\n').at(-2);
    const both = `${text}\n${foreign}\n${signature}`;
    expect(openNote(both, [known.verifier])).toMatchObject({ text, key: { name: 'PeterNeumann' } });
    expect(openNote(both, [own.verifier])).toMatchObject({ text, key: { name: own.verifier.name } });
    expect(openNote(own.sign(text), [known.verifier])).toMatchObject({
      problem: expect.stringContaining('no signature') as string,
    });
  });

  it('is refused whole when a signature of a known key fails', () => {
    const forged = own.sign(text).split('\n').at(-2) ?? '';
    const spoilt = `${forged.slice(0, -3)}${forged.endsWith('A==') ? 'B==' : 'A=='}`;
    const broken = own.sign(`${text}more\n`).split('\n').at(-2);
    for (const line of [broken, spoilt]) {
      const note = `${text}\n${signature}${line}\n`;
      expect(openNote(note, [known.verifier, own.verifier])).toHaveProperty('problem');
    }
  });

  it('is refused with any byte changed', () => {
    const note = Buffer.from(own.sign(text));
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = Buffer.from(note);
        changed.writeUInt8(changed.readUInt8(index) ^ mask, index);
        return 'problem' in openNote(changed.toString('utf8'), [own.verifier]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    text,
    `${text}\n`,
    `\n\n${signature}`,
    signature,
    `${text}\n${signature}`.slice(0, -1),
    `${text}\u0007\n${signature}`,
  ])('is not %j', (note) => expect(openNote(note, [known.verifier])).toHaveProperty('problem'));

  it('needs a key name without spaces, plus signs and control characters', () => {
    expect(['log', 'example.com/log-42', 'gr\u00fcn'].every(isKeyName)).toBe(true);
    expect(['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\u2003b', 'a\u0007'].some(isKeyName)).toBe(false);
  });

  it('takes no key whose id is of another name or key', () => {
    expect(parseVerifierKey(neumannVerifier.replace('Peter', 'Paul'))).toBeUndefined();
    expect(parseVerifierKey(neumannVerifier.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
    expect(parseVerifierKey(neumann)).toBeUndefined();
    expect(parsePrivateKey(neumannVerifier)).toBeUndefined();
    expect(parsePrivateKey(neumann.replace('AYEK', 'AYEL'))).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('is origin, size and root, with the id of the log', () => {
    const note = signCheckpoint(own, { size: 1234, root }, logId);
    expect(note.split('\n').slice(0, 5)).toEqual([
      own.verifier.name,
      '1234',
      root.toString('base64'),
      `log-id ${logId}`,
      '',
    ]);
    const checkpoint = { origin: own.verifier.name, size: 1234, root, logId };
    expect(openCheckpoint(note, [own.verifier])).toEqual({ checkpoint });
    expect(parseCheckpoint(note)).toEqual(checkpoint);
  });

  it('may lack the id of the log, and carry lines we do not know', () => {
    const note = own.sign(`${own.verifier.name}\n0\n${root.toString('base64')}\nanything\n`);
    expect(openCheckpoint(note, [own.verifier])).toMatchObject({ checkpoint: { size: 0, logId: undefined } });
  });

  it.each([
    ['other/log\n1\nROOT\n', 'its origin is other/log'],
    ['ORIGIN\n01\nROOT\n', 'no checkpoint'],
    ['ORIGIN\n-1\nROOT\n', 'no checkpoint'],
    ['ORIGIN\n9007199254740993\nROOT\n', 'no checkpoint'],
    ['ORIGIN\n1\nAAAA\n', 'no checkpoint'],
    ['ORIGIN\n1\n', 'no checkpoint'],
    ['ORIGIN\n1\nROOT\n\nmore\n', 'no checkpoint'],
  ])('signed over %j is refused', (body, problem) => {
    const note = own.sign(body.replace('ORIGIN', own.verifier.name).replace('ROOT', root.toString('base64')));
    expect(openCheckpoint(note, [own.verifier])).toMatchObject({ problem: expect.stringContaining(problem) as string });
  });
});

describe('a file of checkpoints', () => {
  const notes = [1, 2, 3].map((size) => signCheckpoint(own, { size, root }, logId));
  const [first = '', second = '', third = ''] = notes;

  it.each([
    ['one after another', notes.join('')],
    ['with empty lines between', `\n${notes.join('\n\n')}\n`],
    ['with the line ends of Windows', notes.join('\n').replaceAll('\n', '\r\n')],
    [
      'in lines of syslog',
      notes.map((note) => `Nov 25 log1 portledger[1]: ${syslogMessage(note, new Date(0))}\n`).join(''),
    ],
    ['partly in syslog', `${first}${syslogMessage(second, new Date(0))}\n${third}`],
  ])('gives them back as they were signed, %s', (_, content) => {
    expect(notesIn(content).map(({ note }) => note)).toEqual(notes);
  });

  it('says on which line each begins', () => {
    expect(notesIn(`${first}\n${second}${third}`).map(({ line }) => line)).toEqual([1, 8, 14]);
  });

  it('hands on what is no note, for its reader to refuse', () => {
    expect(notesIn(`${first}${second.slice(0, 40)}`).map(({ note }) => openCheckpoint(note, [own.verifier]))).toEqual([
      { checkpoint: expect.anything() as unknown },
      { problem: expect.any(String) as string },
    ]);
    expect(notesIn('\n\n')).toEqual([]);
  });
});
