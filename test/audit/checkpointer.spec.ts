import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { Checkpointer, type CheckpointerOptions } from '../../src/audit/checkpoints/checkpointer.js';
import { Delivery, type Destination } from '../../src/audit/checkpoints/delivery.js';
import { LastSigned } from '../../src/audit/checkpoints/last-signed.js';
import { newPrivateKey, parsePrivateKey, type Signer } from '../../src/audit/checkpoints/signed-note.js';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import type { EventStore, LogTree } from '../../src/event-store/event-store.port.js';
import { Alerts } from '../../src/ops/alerts.js';
import { Log } from '../../src/ops/log.js';
import { eventually, newEvents, stored } from '../contracts/event-store.check.js';
import { temporaryDirectories } from '../event-store/temporary-directory.js';

const newDirectory = temporaryDirectories();

function newSigner(): Signer {
  const signer = parsePrivateKey(newPrivateKey('log.example'));
  if (signer === undefined) throw new Error('no key');
  return signer;
}

/** A store that grows, and a checkpointer on it that signs every event it is told of. */
class Bench {
  readonly alerts = new Alerts(new Log('json', () => {}));
  readonly signer = newSigner();
  readonly delivered: string[] = [];
  known = 0;
  private open: Checkpointer[] = [];

  private constructor(
    readonly directory: string,
    readonly store: EventStore,
  ) {}

  static async start(): Promise<Bench> {
    const directory = newDirectory();
    return new Bench(directory, await openEmbeddedStore({ directory, create: true }));
  }

  async append(count: number): Promise<void> {
    await stored(this.store, 'server-1', newEvents(count));
    this.known += count;
  }

  async checkpointer(more: Partial<CheckpointerOptions> = {}, destination?: Destination): Promise<Checkpointer> {
    const kept = { name: 'kept', deliver: (note: string) => Promise.resolve(void this.delivered.push(note)) };
    const checkpointer = await Checkpointer.start({
      store: this.store,
      signer: this.signer,
      lastSigned: new LastSigned(this.directory),
      deliveries: [new Delivery(destination ?? kept, this.alerts, { firstMs: 5, longestMs: 20 })],
      alerts: this.alerts,
      everyEvents: 10,
      everyMs: 3_600_000,
      stored: () => this.known,
      ...more,
    });
    this.open.push(checkpointer);
    return checkpointer;
  }

  sizes(): (number | undefined)[] {
    return this.delivered.map((note) => parseCheckpoint(note)?.size);
  }

  alertCodes(): string[] {
    return this.alerts.current().map(({ code }) => code);
  }

  async close(): Promise<void> {
    for (const one of this.open) await one.close();
    await this.store.close();
  }
}

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.close());

describe('the checkpointer', () => {
  it('signs the head of the log after so many events, in the form that opens with its key', async () => {
    await bench.checkpointer();
    await bench.append(10);
    await eventually(() => bench.delivered.length === 1, 'a checkpoint of 10 events');
    const head = await bench.store.tree.head();
    const checkpoint = { ...head, origin: 'log.example', logId: bench.store.logId };
    expect(openCheckpoint(bench.delivered[0] ?? '', [bench.signer.verifier])).toEqual({ checkpoint });
    await bench.append(9);
    await bench.append(1);
    await eventually(() => bench.delivered.length === 2, 'a checkpoint of 20 events');
    expect(bench.sizes()).toEqual([10, 20]);
  });

  it('signs after so much time, when there is any new event, and only then', async () => {
    const looks: number[] = [];
    const { tree } = bench.store;
    const counted = handOn(tree);
    counted.head = () => (looks.push(1), tree.head());
    await bench.checkpointer({ everyMs: 20, store: { logId: bench.store.logId, tree: counted } });
    await eventually(() => looks.length > 3, 'looks at an empty log');
    expect(bench.delivered).toEqual([]);
    await bench.append(1);
    await eventually(() => bench.delivered.length === 1, 'a checkpoint of the one event');
    const before = looks.length;
    await eventually(() => looks.length > before + 3, 'looks at a log that stands still');
    expect(bench.sizes()).toEqual([1]);
  });

  it('signs what is new once more when it stops', async () => {
    const checkpointer = await bench.checkpointer();
    await bench.append(3);
    await checkpointer.close();
    expect(bench.sizes()).toEqual([3]);
    expect(checkpointer.lastNote).toBe(bench.delivered[0]);
    expect(readFileSync(new LastSigned(bench.directory).file, 'utf8')).toBe(bench.delivered[0]);
  });

  it('goes on after a restart where it was, and delivers the last one again', async () => {
    await bench.append(3);
    await (await bench.checkpointer()).close();
    const again = await bench.checkpointer();
    await eventually(() => bench.delivered.length === 2, 'the last checkpoint a second time');
    expect(bench.sizes()).toEqual([3, 3]);
    expect(again.state).toMatchObject({ ok: true, detail: expect.stringContaining('covers 3 events') as string });
    await bench.append(1);
    await again.close();
    expect(bench.sizes()).toEqual([3, 3, 4]);
  });

  it('goes on with a new key from where the old one left', async () => {
    await bench.append(3);
    await (await bench.checkpointer()).close();
    await bench.append(1);
    const signer = newSigner();
    await (await bench.checkpointer({ signer })).close();
    expect(openCheckpoint(bench.delivered.at(-1) ?? '', [signer.verifier])).toMatchObject({ checkpoint: { size: 4 } });
  });

  it.each<[string, (size: number, root: Buffer) => { size: number; root: Buffer; logId?: string }]>([
    ['its beginning is another one', (size) => ({ size, root: Buffer.alloc(32, 1) })],
    ['it is shorter', (size, root) => ({ size: size + 5, root })],
    ['it is another log', (size, root) => ({ size, root, logId: '00000000-0000-4000-8000-000000000000' })],
  ])('signs nothing, alerts and is not ready when the log does not continue what it signed: %s', async (_, signed) => {
    await bench.append(4);
    const { size, root } = await bench.store.tree.head();
    const { logId = bench.store.logId, ...head } = signed(size, root);
    const note = signCheckpoint(bench.signer, head, logId);
    await new LastSigned(bench.directory).write(note);
    await bench.append(3);
    const checkpointer = await bench.checkpointer({ everyMs: 10 });
    expect(checkpointer.state).toMatchObject({ ok: false, detail: expect.stringContaining('audit verify') as string });
    expect(bench.alertCodes()).toEqual(['log-rewritten']);
    await checkpointer.close();
    expect(new Set(bench.delivered)).toEqual(new Set([note]));
    expect(await new LastSigned(bench.directory).read()).toBe(note);
  });

  it('signs again once the log is whole again', async () => {
    await bench.append(4);
    await (await bench.checkpointer()).close();
    const shorter = { size: 2, root: await bench.store.tree.rootAt(2) };
    const tree = handOn(bench.store.tree);
    tree.head = () => Promise.resolve(shorter);
    const lagging = await bench.checkpointer({ store: { logId: bench.store.logId, tree }, everyMs: 10 });
    expect(lagging.state.ok).toBe(false);
    tree.head = () => bench.store.tree.head();
    await eventually(() => lagging.state.ok, 'the checkpointer finds the whole log again');
    expect(bench.alertCodes()).toEqual([]);
  });

  it('refuses to start when what it signed last cannot be read', async () => {
    writeFileSync(join(bench.directory, 'checkpoint.last'), 'scribble\n');
    await expect(bench.checkpointer()).rejects.toThrow(/checkpoint\.last holds no checkpoint: put back/);
  });

  it('alerts and is degraded while the store does not answer, and goes on by itself', async () => {
    const tree = handOn(bench.store.tree);
    tree.head = () => Promise.reject(new Error('no answer'));
    const checkpointer = await bench.checkpointer({ store: { logId: bench.store.logId, tree }, everyMs: 10 });
    expect(checkpointer.state).toMatchObject({ ok: true, degraded: true });
    expect(bench.alertCodes()).toEqual(['checkpoint-unsigned']);
    await bench.append(1);
    tree.head = () => bench.store.tree.head();
    await eventually(() => bench.delivered.length === 1, 'a checkpoint once the store answers');
    expect(bench.alertCodes()).toEqual([]);
  });
});

describe('a destination that fails', () => {
  it('raises an alert, is tried again, and clears it; the newest checkpoint takes the place of one that waits', async () => {
    let isBroken = true;
    const got: string[] = [];
    let tries = 0;
    const deliver = (note: string): Promise<void> => {
      tries++;
      if (isBroken) return Promise.reject(new Error('The line is cut.'));
      got.push(note);
      return Promise.resolve();
    };
    await bench.checkpointer({}, { name: 'line', deliver });
    await bench.append(10);
    await eventually(() => tries > 2, 'more than two tries');
    expect(bench.alerts.current()).toMatchObject([
      { code: 'checkpoint-undelivered', key: 'line', detail: expect.stringContaining('The line is cut.') as string },
    ]);
    await bench.append(10);
    await eventually(
      () => readFileSync(join(bench.directory, 'checkpoint.last'), 'utf8').includes('\n20\n'),
      'a second checkpoint',
    );
    const before = tries;
    await eventually(() => tries > before + 1, 'the newer one is tried');
    isBroken = false;
    await eventually(() => got.length > 0, 'delivery');
    expect(got.map((note) => parseCheckpoint(note)?.size)).toEqual([20]);
    await eventually(() => bench.alertCodes().length === 0, 'the alert is cleared');
  });

  it('never holds up appends, even when it never answers', async () => {
    let release: () => void = () => {};
    const deliver = (): Promise<void> => new Promise((resolve) => (release = resolve));
    const checkpointer = await bench.checkpointer({ everyMs: 5 }, { name: 'tar pit', deliver });
    await bench.append(10);
    await eventually(() => checkpointer.lastNote !== undefined, 'a first checkpoint');
    for (let round = 0; round < 20; round++) await bench.append(5);
    expect((await bench.store.head())?.ordinal).toBe(109);
    await eventually(() => parseCheckpoint(checkpointer.lastNote ?? '')?.size === 110, 'signing goes on as well');
    const closed = checkpointer.close();
    const releasing = setInterval(() => release(), 5);
    await closed;
    clearInterval(releasing);
  });

  it('is tried once more when the engine stops, and no more', async () => {
    let tries = 0;
    const deliver = (): Promise<void> => (tries++, Promise.reject(new Error('never')));
    const delivery = new Delivery({ name: 'gone', deliver }, bench.alerts, {
      firstMs: 3_600_000,
      longestMs: 3_600_000,
    });
    delivery.offer('note');
    await eventually(() => tries === 1, 'a first try');
    await delivery.close();
    expect(tries).toBe(2);
  });
});

/** A tree of which a test can bend one method. */
function handOn(tree: LogTree): { -readonly [Method in keyof LogTree]: LogTree[Method] } {
  return {
    head: () => tree.head(),
    rootAt: (size) => tree.rootAt(size),
    inclusionProof: (ordinal, size) => tree.inclusionProof(ordinal, size),
    consistencyProof: (earlier, size) => tree.consistencyProof(earlier, size),
  };
}
