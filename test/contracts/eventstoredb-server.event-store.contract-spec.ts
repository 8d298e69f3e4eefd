import { randomUUID } from 'node:crypto';
import { whyNoDocker } from '../support/docker.js';
import { type RealServers, startClusterWithOneStopped, startSingleNode } from '../support/eventstoredb/containers.js';
import { openOn } from '../support/eventstoredb/open.js';
import { describeEventStore, type EmptyStore } from './event-store.contract.js';

// The contract on real servers: in containers where an engine for them is, and wherever EVENTSTORE_TEST_URL points to.

const noDocker = await whyNoDocker();
const started = new Map<() => Promise<RealServers>, Promise<RealServers>>();
afterAll(async () => {
  for (const servers of started.values()) await (await servers).stop();
});

/** A namespace that nobody used, on servers that are started once. */
async function onServers(start: () => Promise<RealServers>): Promise<EmptyStore> {
  const servers = started.get(start) ?? start();
  started.set(start, servers);
  return inFreshNamespace((await servers).connectionString);
}

async function inFreshNamespace(connectionString: string, credentialsFile?: string): Promise<EmptyStore> {
  const namespace = `test-${randomUUID()}`;
  return openOn(connectionString, { namespace, ...(credentialsFile === undefined ? {} : { credentialsFile }) });
}

if (noDocker !== undefined) process.stderr.write(`SKIPPED: the event store contract on containers (${noDocker})\n`);
else {
  // The first test of a suite would otherwise pay for the start of its servers.
  beforeAll(() => onServers(startSingleNode).then(({ dispose }) => dispose()), 240_000);
  beforeAll(() => onServers(startClusterWithOneStopped).then(({ dispose }) => dispose()), 240_000);
}
describeEventStore('KurrentDB in a container', () => onServers(startSingleNode), noDocker);
describeEventStore(
  'KurrentDB in three containers, one of them stopped',
  () => onServers(startClusterWithOneStopped),
  noDocker,
);

const url = process.env['EVENTSTORE_TEST_URL'];
const noUrl = url === undefined ? 'set EVENTSTORE_TEST_URL to the connection string of a server' : undefined;
describeEventStore(
  'the server at EVENTSTORE_TEST_URL',
  () => inFreshNamespace(url ?? '', process.env['EVENTSTORE_TEST_CREDENTIALS_FILE']),
  noUrl,
);
