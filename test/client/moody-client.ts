import { type ClientOptions, type Fact, PortledgerClient } from '../../src/client/index.js';
import { MoodyEngine } from './moody-engine.js';

export const token = 'portledger_secret-token';
export const time = '2026-01-01T00:00:00Z';

/** The least that can be said of a server; `no` as the reason has it refused. */
export const fact = (id: string, server: string, reason = 'yes'): Fact => ({
  type: 'ServerSuspended',
  id,
  time,
  data: { serverId: server, reason },
});

/** An engine and clients of it that are hasty, for each test of a file anew. */
export function moody(): {
  readonly engine: () => MoodyEngine;
  readonly client: (options?: Partial<ClientOptions>) => PortledgerClient;
} {
  let engine: MoodyEngine | undefined;
  let clients: PortledgerClient[] = [];
  beforeEach(async () => {
    engine = await MoodyEngine.start();
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
    await engine?.stop();
  });
  const running = (): MoodyEngine => {
    if (engine === undefined) throw new Error('no test runs');
    return engine;
  };
  return {
    engine: running,
    client: (options) => {
      const pauses = { firstMs: 1, longestMs: 5 };
      const client = new PortledgerClient({ url: running().url, token, source: 'urn:test', pauses, ...options });
      clients.push(client);
      return client;
    },
  };
}
