import { createServer } from 'node:net';
import type { StartedTestContainer } from 'testcontainers';

const image = process.env['EVENTSTORE_TEST_IMAGE'] ?? 'docker.kurrent.io/kurrent-latest/kurrentdb:25.1';
const startMs = 180_000;

/** Real servers in containers, without TLS. */
export interface RealServers {
  readonly connectionString: string;
  readonly stop: () => Promise<void>;
}

export async function startSingleNode(): Promise<RealServers> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(2113)
    .withEnvironment(environment({ CLUSTER_SIZE: '1' }))
    .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
    .withStartupTimeout(startMs)
    .start();
  const connectionString = `esdb://${container.getHost()}:${container.getMappedPort(2113)}?tls=false`;
  return { connectionString, stop: async () => void (await container.stop()) };
}

/** A cluster of three, one of which is stopped again as soon as they have found each other. */
export async function startClusterWithOneStopped(): Promise<RealServers> {
  const { GenericContainer, Network, Wait } = await import('testcontainers');
  const network = await new Network().start();
  const names = ['node1', 'node2', 'node3'];
  const ports = await Promise.all(names.map(freePort));
  const nodes: StartedTestContainer[] = [];
  const stop = async (): Promise<void> => {
    for (const node of nodes.splice(0)) await node.stop().catch(() => undefined);
    await network.stop();
  };
  try {
    const starting = names.map((name, place) => {
      const port = ports[place] ?? 0;
      const seeds = names.filter((other) => other !== name).map((other) => `${other}:2113`);
      return new GenericContainer(image)
        .withNetwork(network)
        .withNetworkAliases(name)
        .withExposedPorts({ container: 2113, host: port })
        .withEnvironment(
          environment({
            CLUSTER_SIZE: '3',
            DISCOVER_VIA_DNS: 'false',
            GOSSIP_SEED: seeds.join(','),
            NODE_IP: '0.0.0.0',
            REPLICATION_IP: '0.0.0.0',
            NODE_HOST_ADVERTISE_AS: name,
            REPLICATION_HOST_ADVERTISE_AS: name,
            ADVERTISE_HOST_TO_CLIENT_AS: '127.0.0.1',
            ADVERTISE_NODE_PORT_TO_CLIENT_AS: String(port),
          }),
        )
        .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
        .withStartupTimeout(startMs)
        .start();
    });
    for (const node of await Promise.allSettled(starting)) if (node.status === 'fulfilled') nodes.push(node.value);
    if (nodes.length < names.length) throw new Error(`only ${nodes.length} of ${names.length} nodes started`);
    await nodes.pop()?.stop();
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    return { connectionString: `esdb://${hosts}?tls=false&maxDiscoverAttempts=50`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The settings as the image knows them: EventStoreDB became KurrentDB. */
function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = image.includes('kurrentdb') ? 'KURRENTDB' : 'EVENTSTORE';
  const all = Object.entries({ ...settings, INSECURE: 'true', RUN_PROJECTIONS: 'None' });
  return Object.fromEntries(all.map(([name, value]) => [`${prefix}_${name}`, value]));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
