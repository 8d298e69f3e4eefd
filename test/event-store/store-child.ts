import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded.event-store.js';
import { type EventStore, type NewEvent } from '../../src/event-store/event-store.port.js';

// An engine's end of the store in a process of its own, for tests that kill it or starve it.
// Prints one JSON line per thing that happened. Usage: store-child.js DIRECTORY hold|append|starve

const [directory = '', task = ''] = process.argv.slice(2);
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

async function appendForever(store: EventStore): Promise<never> {
  const oneAfterTheOther = async (stream: string): Promise<never> => {
    for (;;) {
      const events = [largeEvent(), largeEvent()];
      const answer = await store.append({ stream, expected: 'any', events });
      if (answer.outcome === 'stored') say({ acknowledged: answer.events.map(({ id }) => id) });
    }
  };
  return Promise.race(['server-a', 'server-b', 'server-c'].map(oneAfterTheOther));
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
  if (task === 'starve-with-ballast') writeFileSync(join(directory, 'ballast'), Buffer.alloc(500_000));
  const store = await openEmbeddedStore({ directory, create: true });
  say({ opened: store.logId });
  if (task === 'hold') setInterval(() => {}, 1000);
  if (task === 'append') await appendForever(store);
  if (task.startsWith('starve')) await starve(store);
} catch (error) {
  say({ refused: error instanceof Error && 'code' in error ? error.code : undefined, message: String(error) });
}
