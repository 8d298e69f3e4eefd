import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeEvent, eventTypes, catalogue, parseInstant } from '../../events/index.js';
import { corpus } from '../support/corpus.js';

/** What later versions say of a sample that could not say it yet: a sample itself is never edited. */
const addedSince: Readonly<Record<string, object>> = {
  'ViolationDetected.v1.json': { tentative: false, basis: '[]' },
};

describe('the corpus', () => {
  it('has one golden sample for every type and version', () => {
    const wanted = eventTypes.flatMap((type) =>
      Array.from({ length: catalogue[type].version }, (_none, index) => `${type}.v${index + 1}.json`),
    );
    expect(corpus.map((sample) => sample.file)).toEqual(wanted.sort());
  });

  it.each(corpus)('$file means what it always meant', ({ file, stored, expected }) => {
    expect(file).toBe(`${stored.type}.v${stored.metadata.schemaVersion}.json`);
    const decoded = decodeEvent(stored);
    if (!decoded.readable) throw new Error(`${file} does not decode any more: ${decoded.reason}`);
    expect(decoded.event).toEqual({
      type: stored.type,
      data: { ...expected.data, ...addedSince[file] },
      ...{ id: stored.id, stream: expected.stream, position: stored.position },
      ...{ ordinal: stored.ordinal, foldedAt: stored.ordinal },
      time: parseInstant(expected.time),
      recordedAt: parseInstant(stored.metadata.recordedAt),
    });
  });

  it.each(corpus)('$file is read with a field nobody knows, which is left out', ({ file, stored, expected }) => {
    const data = { ...(stored.data as object), colour: 'red', nested: { a: [1] } };
    const meant = { ...expected.data, ...addedSince[file] };
    expect(decodeEvent({ ...stored, data })).toMatchObject({ readable: true, event: { data: meant } });
    const decoded = decodeEvent({ ...stored, data });
    expect(decoded.readable && Object.keys(decoded.event.data)).not.toContain('colour');
  });

  it('is never edited: every sample is the one that was written first', () => {
    const sums = readFileSync('test/events/corpus.sha256', 'utf8').trim().split('\n');
    const now = corpus.map(({ file }) => {
      const bytes = readFileSync(`test/events/corpus/${file}`);
      return `${createHash('sha256').update(bytes).digest('hex')}  ${file}`;
    });
    // A new sample adds its line (sha256sum in the folder); a changed line means stored events would be read otherwise.
    expect(now).toEqual(sums);
  });
});
