import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Another event store, in a process of its own: it ends the whole process when concurrent appends meet a locked database.
// `emmett-child.js INSTALLED-IN DIRECTORY PUBLISHERS COUNT` prints the appends a second that were stored, as JSON.

interface EmmettStore {
  appendToStream(stream: string, events: readonly { type: string; data: object; metadata: object }[]): Promise<unknown>;
  close?(): Promise<void>;
}

const [installedIn = '', directory = '', publishers = '1', count = '100'] = process.argv.slice(2);
const found = createRequire(join(installedIn, 'package.json')).resolve('@event-driven-io/emmett-sqlite');
const { getSQLiteEventStore } = (await import(pathToFileURL(found).href)) as {
  getSQLiteEventStore: (options: object) => EmmettStore;
};
const store = getSQLiteEventStore({
  fileName: join(directory, 'emmett.db'),
  schema: { autoMigration: 'CreateOrUpdate' },
});
const append = (number: number): Promise<unknown> => {
  const place = { port: `leaf${number % 40}:Ethernet${number % 48}`, vlan: 100 + (number % 40) };
  const data = { serverId: `srv-${number}`, customerId: `cust-${number >>> 2}`, ...place, mac: '52:00:00:00:00:01' };
  const metadata = { source: 'urn:bench:billing', sourceId: `fact-${number}`, schemaVersion: 1 };
  return store.appendToStream(`server-srv-${number}`, [{ type: 'ServerAdded', data, metadata }]);
};
await append(-1);
let next = 0;
let stored = 0;
const start = performance.now();
const publisher = async (): Promise<void> => {
  // A refused append is not counted.
  for (let number = next++; number < Number(count); number = next++)
    stored += await append(number).then(
      () => 1,
      () => 0,
    );
};
await Promise.all(Array.from({ length: Number(publishers) }, publisher));
process.stdout.write(JSON.stringify({ perSecond: (stored / (performance.now() - start)) * 1000, stored }));
await store.close?.();
