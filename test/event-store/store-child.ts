import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { type EventStore, type NewEvent } from '../../src/event-store/event-store.port.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { Intake } from '../../src/intake/intake.js';
import { Projector } from '../../src/projector/projector.js';

// An engine's end of the store in a process of its own, for tests that kill it or starve it.
// Prints one JSON line per thing that happened. Usage: store-child.js DIRECTORY hold|publish|starve [ROUND]

const [directory = '', task = '', round = '0'] = process.argv.slice(2);
const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

function largeEvent(): NewEvent {
  const id = randomUUID();
  const metadata = { source: 'urn:test', sourceId: id, schemaVersion: 1, time: '2026-03-01T03:14:00.000Z' };
  return { id, type: 'ServerAdded', data: { filler: 'x'.repeat(2000) }, metadata };
}

/** How a call ended: its outcome, or the code of the error it rejected with. */
async function ending(call: Promise<{ outcome: string } | object | undefined>): Promise<string> {
  try {
    const answer = await call;
    return answer !== undefined && 'outcome' in answer ? String(answer.outcome) : 'answered';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

const append = (store: EventStore, events = [largeEvent()]): ReturnType<EventStore['append']> =>
  store.append({ stream: 'server-a', expected: 'any', events });

/** Eight publishers of a billing system: new facts, and facts of this round and the one before, each again 1 to 5 times. */
async function publishForever(store: EventStore): Promise<never> {
  const projector = new Projector(store);
  projector.start();
  const intake = new Intake(store, projector.liveMap);
  const billing = { callerId: 'billing', scopes: ['publisher'], source: 'urn:test' } as const;
  let next = 0;
  const publisher = async (): Promise<never> => {
    for (;;) {
      const names = Array.from({ length: 4 }, () => `${round}-${next++}`);
      for (let again = random(3); again > 0; again--) {
        const known = random(2) === 0 ? `${round}-${random(next)}` : `${Number(round) - 1}-${random(50)}`;
        for (let times = 1 + random(5); times > 0; times--) names.splice(random(names.length), 0, known);
      }
      const answers = await intake.publish(billing, names.map(fact));
      const refused = answers.find((answer) => answer.refused);
      if (refused !== undefined) say({ refused });
      say({
        acknowledged: answers.map((answer) =>
          answer.refused ? [] : [answer.receipt.eventId, answer.receipt.position],
        ),
      });
    }
  };
  return Promise.race(Array.from({ length: 8 }, publisher));
}

const random = (below: number): number => Math.floor(Math.random() * below);

function fact(name: string): object {
  const data = { serverId: name, reason: 'x'.repeat(name.length * 40) };
  return exampleEvent('ServerSuspended', { id: name, source: 'urn:test', subject: name, data });
}

/** Appends until that fails, then tries everything again with more room. */
async function starve(store: EventStore): Promise<void> {
  const acknowledged: string[] = [];
  const dropped: string[] = [];
  store.subscribe(undefined, {
    onEvents: () => {},
    onCaughtUp: () => {},
    onDropped: (error) => dropped.push('code' in error ? String(error.code) : error.message),
  });
  let failure = 'stored';
  for (let count = 0; failure === 'stored' && count < 5000; count++) {
    const event = largeEvent();
    failure = await ending(append(store, [event]));
    if (failure === 'stored') acknowledged.push(event.id);
  }
  const reading = await ending(store.head());
  const ballast = join(directory, 'ballast');
  if (existsSync(ballast)) rmSync(ballast);
  const again = await ending(append(store));
  const found = await Promise.all(
    acknowledged.map((id) => ending(store.findById(id).then((event) => event ?? Promise.reject(new Error('lost'))))),
  );
  say({
    failure,
    reading,
    again,
    dropped,
    acknowledged: acknowledged.length,
    found: found.filter((end) => end === 'answered').length,
  });
  await store.close();
}

try {
  // Its code is loaded by now: one that is killed often is made ready while the one before still runs.
  if (task === 'publish') await once(process.stdin, 'data');
  if (task === 'starve-with-ballast') writeFileSync(join(directory, 'ballast'), Buffer.alloc(500_000));
  const store = await openEmbeddedStore({ directory, create: true });
  say({ opened: store.logId });
  if (task === 'hold') setInterval(() => {}, 1000);
  if (task === 'publish') await publishForever(store);
  if (task.startsWith('starve')) await starve(store);
} catch (error) {
  say({ refused: error instanceof Error && 'code' in error ? error.code : undefined, message: String(error) });
}
