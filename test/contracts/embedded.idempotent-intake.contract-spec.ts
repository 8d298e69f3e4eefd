import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { describeIdempotentIntake, type StoppableStore } from './idempotent-intake.js';

async function open(directory: string): Promise<StoppableStore> {
  const store = await openEmbeddedStore({ directory, create: true });
  return {
    store,
    async reopen() {
      await store.close();
      return open(directory);
    },
    async remove() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

// Its index is a part of the log itself: there is none beside it that could be lost.
describeIdempotentIntake('the embedded store', () => open(mkdtempSync(join(tmpdir(), 'portledger-idempotent-'))));
