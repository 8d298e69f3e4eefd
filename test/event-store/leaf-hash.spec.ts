import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { leafHash } from '../../src/event-store/leaf-hash.js';
import { newEvents, stored } from '../contracts/event-store.check.js';
import { temporaryDirectories } from './temporary-directory.js';

const newDirectory = temporaryDirectories();

describe('the leaf hash of an event', () => {
  it('is SHA-256 over a zero byte and the canonical event', () => {
    // Computed with another program over the text {"data":{"a":"é","b":1},"id":...,"type":"ServerAdded"}.
    expect(
      leafHash({
        id: '6f1c1a52-3c1c-4a55-9d53-3a7b1f6f0e01',
        stream: 'server-1',
        type: 'ServerAdded',
        data: canonicalJson({ b: 1, a: 'é' }),
        metadata: canonicalJson({ source: 'urn:billing', recordedAt: '2026-03-01T03:14:00.000Z' }),
      }).toString('hex'),
    ).toBe('90dd74c7ba66be13a3889f3679510b8332a02fee61c82849f07795936a3abe20');
  });

  it('stands beside every stored event and can be computed again from what is read', async () => {
    const directory = newDirectory();
    const store = await openEmbeddedStore({ directory, create: true });
    const events = await stored(store, 'server-"ä"', newEvents(3));
    await store.close();
    const db = new Database(join(directory, 'log.db'), { readonly: true });
    const hashes = db.prepare<[], Buffer>('SELECT leaf_hash FROM event ORDER BY ordinal').pluck().all();
    db.close();
    const again = events.map(({ id, stream, type, data, metadata }) =>
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(0), Buffer.from(canonicalJson({ id, stream, type, data, metadata }))]))
        .digest('hex'),
    );
    expect(hashes.map((hash) => hash.toString('hex'))).toEqual(again);
  });
});
