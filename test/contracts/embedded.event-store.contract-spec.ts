import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { describeEventStore } from './event-store.contract.js';

describeEventStore('embedded', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'portledger-store-'));
  const store = await openEmbeddedStore({ directory, create: true });
  return {
    store,
    dispose: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
});
