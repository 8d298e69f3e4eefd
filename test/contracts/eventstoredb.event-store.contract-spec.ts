import { ServerCluster } from '../support/eventstoredb/cluster.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { openOn } from '../support/eventstoredb/open.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';
import { describeEventStore } from './event-store.contract.js';

// Everything is read from the server, among events of others.
describeEventStore('EventStoreDB (protocol double)', async () => {
  const log = new ServerLog();
  let ours = 0;
  log.onAppend(() => {
    if (log.all.at(-1)?.stream.startsWith('portledger') && ++ours % 3 === 0) log.addNoise(1);
  });
  const node = await new ServerNode(log).start();
  const { store, dispose } = await openOn(node.url, { recentEvents: 0 });
  return { store, dispose: () => dispose().finally(() => node.stop()) };
});

describeEventStore('EventStoreDB (protocol double, three nodes)', async () => {
  const cluster = await new ServerCluster().start();
  const { store, dispose } = await openOn(cluster.discoverUrl(cluster.leader));
  return { store, dispose: () => dispose().finally(() => cluster.stop()) };
});
