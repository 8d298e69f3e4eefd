import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventStoreDb } from '../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { indexFileName, removeIndexFile } from '../../src/event-store/eventstoredb/index-file.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { quick } from '../support/eventstoredb/open.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';
import { describeIdempotentIntake, type StoppableStore } from './idempotent-intake.js';

async function open(node: ServerNode, directory: string): Promise<StoppableStore> {
  const store = await openEventStoreDb({ connectionString: node.url, directory, ...quick });
  return {
    store,
    async reopen() {
      await store.close();
      return open(node, directory);
    },
    async reopenWithoutIndex() {
      await store.close();
      removeIndexFile(join(directory, indexFileName));
      return open(node, directory);
    },
    async remove() {
      await store.close();
      node.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

describeIdempotentIntake(
  'EventStoreDB (protocol double)',
  async () =>
    open(await new ServerNode(new ServerLog()).start(), mkdtempSync(join(tmpdir(), 'portledger-idempotent-'))),
  { hasIndexBesideTheLog: true },
);
