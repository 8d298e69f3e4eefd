import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../events/index.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import { eventually, newEvent, wholeLog } from '../contracts/event-store.check.js';
import { ServerCluster } from '../support/eventstoredb/cluster.js';
import { type FaultName, faultNames } from '../support/eventstoredb/faults.js';
import { ServerNode } from '../support/eventstoredb/node.js';
import { openOn } from '../support/eventstoredb/open.js';
import { ServerLog } from '../support/eventstoredb/server-log.js';

// Four publishers append and a projector follows while the server misbehaves, and after. Afterwards: nothing is lost,
// nothing is there twice, order is kept, and everything goes on.

const isLong = process.env['PORTLEDGER_LONG'] === '1';
const rounds = isLong ? 10 : 1;
const heartbeatMs = 300;
const deadlineMs = 600;
/** Longer than two heartbeats, so that a stall must be noticed while it lasts. */
const faultMs = isLong ? 4000 : 1500;
/** Faults under which the log makes no progress, so that health must say so. */
const stalls: readonly (FaultName | 'killed')[] = ['clean end', 'UNAVAILABLE', 'CANCELLED', 'silent', 'killed'];

/** A publisher that repeats what failed, with the same ids, until it is told to stop. */
class Publisher {
  readonly acknowledged: string[] = [];
  private stopping = false;
  private readonly work: Promise<void>;

  constructor(
    private readonly store: EventStore,
    private readonly name: string,
  ) {
    this.work = this.publish();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.work;
  }

  private async publish(): Promise<void> {
    for (let count = 0; !this.stopping; count++) {
      const stream = `server-${this.name}-${count % 3}`;
      await this.store1(
        stream,
        Array.from({ length: 1 + (count % 3) }, () => newEvent(count, randomUUID())),
      );
      await pause(5);
    }
  }

  private async store1(stream: string, events: ReturnType<typeof newEvent>[]): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      try {
        const answer = await this.store.append({ stream, expected: 'any', events });
        if (answer.outcome !== 'stored' && answer.outcome !== 'duplicate') throw new Error(answer.outcome);
        return void this.acknowledged.push(...answer.events.map(({ id }) => id));
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'store-unavailable') throw error;
        await pause(50);
      }
    }
    throw new Error(`${stream} could not be written`);
  }
}

/** Follows as the projector does: a new subscription from its last position when one is dropped. */
class Follower {
  readonly seen: StoredEvent[] = [];
  constructor(private readonly store: EventStore) {
    this.follow();
  }

  private follow(): void {
    this.store.subscribe(this.seen.at(-1)?.position, {
      onEvents: (events) => void this.seen.push(...events),
      onCaughtUp: () => {},
      onDropped: (error) => {
        if ((error as { code?: unknown }).code !== 'store-closed') setTimeout(() => this.follow(), 50);
      },
    });
  }
}

interface Server {
  readonly url: string;
  readonly log: ServerLog;
  /** The others of its cluster go on meanwhile. */
  readonly survives?: boolean;
  readonly spoil: (round: number) => void | Promise<void>;
  readonly heal: (round: number) => Promise<void> | void;
  readonly stop: () => void;
}

async function oneNode(fault: FaultName | 'killed', batchAppend = true): Promise<Server> {
  const log = new ServerLog();
  const node = await new ServerNode(log, { batchAppend }).start();
  return {
    ...{ url: node.url, log },
    spoil: () => (fault === 'killed' ? node.stop() : node.faults.on(fault)),
    heal: async () => {
      if (fault === 'killed') await node.start();
      node.faults.off();
    },
    stop: () => node.stop(),
  };
}

async function runThrough(server: Server, fault: string): Promise<void> {
  const { store, dispose } = await openOn(server.url, { heartbeatMs, deadlineMs });
  try {
    const follower = new Follower(store);
    const publishers = ['a', 'b', 'c', 'd'].map((name) => new Publisher(store, name));
    await eventually(() => follower.seen.length > 20, 'events flow before the fault');
    for (let round = 0; round < rounds; round++) {
      await server.spoil(round);
      const isStall = (stalls as readonly string[]).includes(fault);
      if (isStall) await eventually(() => !store.health().ok, 'health says that there is no progress');
      if (server.survives !== true) {
        await pause(faultMs);
        await server.heal(round);
      }
      const published = publishers.map(({ acknowledged }) => acknowledged.length);
      await eventually(
        () => store.health().ok && publishers.every((one, place) => one.acknowledged.length > (published[place] ?? 0)),
        `every publisher gets through again, and health says so: ${store.health().detail}`,
      );
      const atHeal = server.log.all.findLast(({ stream }) => stream.startsWith('portledger.'))?.id;
      await eventually(
        () => follower.seen.some(({ id }) => id === atHeal),
        'the subscription has what was stored before it resumed',
      );
      if (server.survives === true) await server.heal(round);
    }
    for (const publisher of publishers) await publisher.stop();
    const onServer = server.log.all.filter(({ stream }) => stream.startsWith('portledger.')).map(({ id }) => id);
    await eventually(() => follower.seen.length >= onServer.length, 'the subscription has everything');
    await pause(100);
    expect(follower.seen.map(({ id }) => id)).toEqual(onServer);
    expect(new Set(onServer).size).toBe(onServer.length);
    const stored = new Set(onServer);
    for (const { acknowledged } of publishers) expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    const log = await wholeLog(store);
    expect(log).toEqual(follower.seen);
    expect(log.map(({ ordinal }) => ordinal)).toEqual(log.map((_, index) => index));
    const stamps = log.map(({ metadata }) => metadata.recordedAt);
    expect(stamps).toEqual([...stamps].sort());
    await expect(Promise.race([store.broken, Promise.resolve('working')])).resolves.toBe('working');
  } finally {
    await dispose();
    server.stop();
  }
}

const testTimeoutMs = (rounds + 1) * 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a log on EventStoreDB, with publishers and a subscription at work,', () => {
  it.each([...faultNames, 'killed' as const])(
    'loses and doubles nothing through a node that is: %s',
    async (fault) => {
      await runThrough(await oneNode(fault), fault);
    },
    testTimeoutMs,
  );

  it(
    'loses and doubles nothing on a server without BatchAppend',
    async () => {
      await runThrough(await oneNode('UNAVAILABLE', false), 'UNAVAILABLE');
    },
    testTimeoutMs,
  );

  it(
    'goes on at another node of the cluster when the leader dies, and when it comes back',
    async () => {
      const cluster = await new ServerCluster().start();
      let dead: ServerNode | undefined;
      await runThrough(
        {
          ...{ url: cluster.url, log: cluster.log, survives: true },
          spoil: () => {
            dead = cluster.leader;
            dead.stop();
          },
          heal: async () => void (await dead?.start()),
          stop: () => cluster.stop(),
        },
        'leader dies',
      );
    },
    testTimeoutMs,
  );

  it(
    'follows a node that is not the leader any more to the one that is',
    async () => {
      const cluster = await new ServerCluster().start();
      let deposed: ServerNode | undefined;
      await runThrough(
        {
          ...{ url: cluster.url, log: cluster.log, survives: true },
          spoil: () => {
            deposed = cluster.leader;
            deposed.faults.on('not leader');
          },
          heal: () => deposed?.faults.off(),
          stop: () => cluster.stop(),
        },
        'not leader',
      );
    },
    testTimeoutMs,
  );

  it.each(['UNAVAILABLE', 'CANCELLED', 'silent', 'not leader', 'lost answer', 'wrong revision'] as const)(
    'stores an append through a short fault without being asked again, and answers it as stored: %s',
    async (fault) => {
      const log = new ServerLog();
      const node = await new ServerNode(log).start();
      const { store, dispose } = await openOn(node.url, { heartbeatMs, deadlineMs: 3000 });
      await store.append({ stream: 'server-a', expected: 'any', events: [newEvent()] });
      node.faults.on(fault);
      const appends = Array.from({ length: 20 }, (_, place) =>
        store.append({ stream: `server-${place % 5}`, expected: 'any', events: [newEvent(place), newEvent(place)] }),
      );
      await pause(300);
      node.faults.off();
      for (const answer of await Promise.all(appends)) expect(answer).toMatchObject({ outcome: 'stored' });
      expect(await wholeLog(store)).toHaveLength(41);
      await dispose();
      node.stop();
    },
    testTimeoutMs,
  );

  // The client keeps the waiting appends of all its connections in one list, and an error of one rejects them all.
  it(
    'survives the errors of another connection of the same process',
    async () => {
      const [log, other] = [new ServerLog(), await oneNode('UNAVAILABLE')];
      const node = await new ServerNode(log).start();
      const neighbour = await openOn(other.url, { heartbeatMs, deadlineMs });
      const busy = new Publisher(neighbour.store, 'neighbour');
      await runThrough(
        {
          ...{ url: node.url, log },
          spoil: async () => {
            for (let times = 0; times < 20; times++) {
              await other.spoil(0);
              await pause(20);
              await other.heal(0);
              await pause(30);
            }
          },
          heal: () => {},
          stop: () => node.stop(),
        },
        'none of its own',
      );
      await busy.stop();
      await neighbour.dispose();
      other.stop();
    },
    testTimeoutMs,
  );
});
