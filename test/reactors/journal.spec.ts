import { decodeEvent } from '../../events/index.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { Journal } from '../../src/reactors/journal.js';
import { tempDirectory } from '../support/temp-directory.js';

describe('the journal of a device', () => {
  const directory = tempDirectory();

  it.each([
    ['lines and control characters', 'billing6.conf:3:34 syntax error\n\tunexpected \u0007 symbol'],
    ['no end', 'x'.repeat(5_000)],
    ['a surrogate pair across the limit', `${'x'.repeat(239)}\u{1F600} and more`],
  ])('stays readable when a daemon says %s', async (name, error) => {
    const store = await openEmbeddedStore({ directory: `${directory}/${name.length}`, create: true });
    const journal = new Journal(store, 'leaf1', Date.now);
    await journal.finished('plan-1', 'failed', [], error);
    const [stored] = (await store.readStream('journal-leaf1')).events;
    await store.close();
    expect(stored && decodeEvent(stored)).toMatchObject({ readable: true });
  });
});
