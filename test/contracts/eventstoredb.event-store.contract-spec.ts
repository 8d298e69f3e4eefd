import { ServerCluster } from '../support/eventstoredb/cluster.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { openOn } from '../support/eventstoredb/open.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';
import { describeEventStore } from './event-store.contract.js';

describeEventStore('EventStoreDB (protocol double)', async () => {
  const node = await new ServerNode(new ServerLog()).start();
  const { store, dispose } = await openOn(node.url);
  return { store, dispose: () => dispose().finally(() => node.stop()) };
});

describeEventStore('EventStoreDB (protocol double, three nodes)', async () => {
  const cluster = await new ServerCluster().start();
  const { store, dispose } = await openOn(cluster.discoverUrl(cluster.leader));
  return { store, dispose: () => dispose().finally(() => cluster.stop()) };
});
