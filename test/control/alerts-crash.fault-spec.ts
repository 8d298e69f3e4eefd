import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedReader, openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { until } from '../reactors/reactor-bench.js';
import { storeFact } from '../support/publish.js';
import { violationData, WebhookReceiver } from './webhook-receiver.js';

const program = fileURLToPath(new URL('../e2e/engine-child.js', import.meta.url));
const secret = `whsec_${randomBytes(32).toString('base64')}`;

let directory: string;
let receiver: WebhookReceiver;
const running = new Set<ChildProcess>();
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-alert-crash-'));
  receiver = await WebhookReceiver.start(secret);
  writeFileSync(join(directory, 'hook.secret'), secret, { mode: 0o600 });
  const webhook = { url: receiver.url, secretFiles: ['hook.secret'], allow: ['127.0.0.1'] };
  const config = { alerts: { destinations: [{ name: 'soc', webhook }] } };
  writeFileSync(join(directory, 'portledger.json'), JSON.stringify(config));
});
afterEach(async () => {
  await Promise.all([...running].map(kill));
  await receiver.close();
  rmSync(directory, { recursive: true });
});

function start(): ChildProcess {
  const words = [program, directory, join(directory, 'portledger.json')];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'ignore', 'inherit'] });
  running.add(child);
  child.stdin?.write('go\n');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Looks into the log of an engine that is not running; the next one finds it as it was. */
async function inLog<Result>(
  look: (store: Awaited<ReturnType<typeof openEmbeddedStore>>) => Promise<Result>,
): Promise<Result> {
  const store = await openEmbeddedStore({ directory: join(directory, 'data'), create: true });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

describe('an engine killed between sending an alert and writing it down', () => {
  it('sends it again under the same id, and after that no more', async () => {
    await inLog((store) => storeFact(store, 'DestinationAdded', { destination: 'soc', variety: 'webhook' }));
    await inLog((store) => storeFact(store, 'ViolationDetected', violationData('v-1')));
    // It has the message, and the engine never learns that it does.
    receiver.answer = () => undefined;
    let child = start();
    await until(() => receiver.received.length === 1);
    await kill(child);
    receiver.answer = (response) => void response.writeHead(204).end();
    child = start();
    await until(() => receiver.received.length === 2);
    await until(isWritten);
    await kill(child);
    await inLog((store) => storeFact(store, 'ViolationDetected', violationData('v-2')));
    child = start();
    await until(() => receiver.received.length === 3);
    await kill(child);
    const told = receiver.received.map(({ data }) => (data['violation'] as { violationId: string }).violationId);
    expect(told).toEqual(['v-1', 'v-1', 'v-2']);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2);
  });
});

/** Looks into the log of the engine that runs. */
async function isWritten(): Promise<boolean> {
  const reader = await openEmbeddedReader(join(directory, 'data'));
  try {
    const { events } = await reader.readStream('journal-soc');
    return events.some(({ type }) => type === 'AlertDelivered');
  } finally {
    await reader.close();
  }
}
