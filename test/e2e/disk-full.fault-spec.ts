import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser } from '../auth/browser.js';
import { password, putUser } from '../auth/local-user.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { wholeLog } from '../contracts/event-store.check.js';
import { independentLeaf, treeHash } from '../contracts/rfc-6962.js';
import { type Answer, RunningEngine } from './running-engine.js';

const mounted = mkdtempSync(join(tmpdir(), 'portledger-full-'));
const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mounted]);
const reason = mount.status === 0 ? undefined : 'mounting a tmpfs needs root';
const suite = reason === undefined ? describe : describe.skip;
if (reason !== undefined) process.stderr.write(`SKIPPED disk-full: ${reason}\n`);

afterAll(() => {
  if (reason === undefined) spawnSync('umount', [mounted]);
  rmSync(mounted, { recursive: true });
});

const batch = (round: number): object[] =>
  Array.from({ length: 100 }, (_, index) => {
    const server = `s${round}-${index}`;
    return exampleEvent('ServerSuspended', {
      id: server,
      subject: server,
      data: { serverId: server, reason: 'x'.repeat(400) },
    });
  });

suite('a disk that is full', () => {
  it('is told to the publisher with 507, loses nothing acknowledged, and heals without a restart', async () => {
    const filler = join(mounted, 'filler');
    const engine = await RunningEngine.start(mounted);
    await putUser(engine.usersFile, 'anna', ['operator']);
    const accesses = async (): Promise<number> =>
      (await engine.parts.store.readStream('access', { limit: 10_000 })).events.length;
    for (let round = 0; round < 600 && (await accesses()) === 0; round++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    writeFileSync(filler, Buffer.alloc(5 * 1024 * 1024));
    const acknowledged: string[] = [];
    let refused: Answer | undefined;
    for (let round = 0; round < 600 && refused === undefined; round++) {
      const answer = await engine.publish(batch(round));
      if (answer.status === 200)
        acknowledged.push(...(answer.body['results'] as { eventId: string }[]).map((one) => one.eventId));
      else refused = answer;
    }
    expect(refused).toMatchObject({ status: 507, body: { type: 'https://portledger.dev/problems/storage-full' } });
    expect(refused?.headers.get('retry-after')).toBe('5');
    const ask = (path: string): Promise<Answer> =>
      engine.call(path, { headers: { authorization: `Bearer ${engine.tokens.every}` } });
    // What is smaller than the refused batch may fit for a while.
    const refusedAt = async (path: string): Promise<Answer> => {
      let answer = await ask(path);
      for (let round = 0; round < 2000 && answer.status === 200; round++) answer = await ask(path);
      return answer;
    };
    // The audit answers nothing that it cannot record; the map and the feed go on.
    for (const path of ['/v1/audit/access?limit=1', '/v1/log?limit=1', '/v1/map?at=2020-01-01T00:00:00Z&limit=1'])
      expect(await refusedAt(path)).toMatchObject({
        status: 507,
        body: { detail: expect.stringContaining('Nothing is answered here that cannot be recorded.') as string },
      });
    // Whoever comes to mend it gets in all the same; that it happened is stored later.
    const signInsBefore = await accesses();
    let signIns = 0;
    do {
      expect((await new Browser(engine).signIn('anna', password)).status).toBe(200);
      signIns++;
    } while ((await accesses()) === signInsBefore + signIns && signIns < 20);
    const accessesWhileFull = await accesses();
    expect(accessesWhileFull).toBeLessThan(signInsBefore + signIns);
    const stored = (await engine.parts.store.readStream('audit-reads', { limit: 10_000 })).events.length;
    for (const path of ['/v1/map', '/v1/violations']) expect((await ask(path)).status).toBe(200);
    const store = async (): Promise<Record<string, unknown> | undefined> => {
      const { status, body } = await engine.call('/readyz');
      expect(status).toBe(200);
      return (body['checks'] as Record<string, unknown>[]).find(({ name }) => name === 'store');
    };
    expect(await store()).toMatchObject({
      ok: true,
      degraded: true,
      detail: expect.stringContaining('Free space on that disk') as string,
    });
    const found = await Promise.all(acknowledged.map((id) => engine.parts.store.findById(id)));
    expect(found.filter((event) => event === undefined)).toEqual([]);
    const head = await engine.parts.store.head();
    expect(head?.ordinal).toBe(acknowledged.length + stored + accessesWhileFull - 1);
    rmSync(filler);
    // Nobody publishes, and it is well again by itself.
    let healed = false;
    for (let round = 0; round < 600 && !healed; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      healed = (await store())?.['degraded'] === false;
    }
    expect(healed).toBe(true);
    const expected = signInsBefore + signIns;
    for (let round = 0; round < 600 && (await accesses()) < expected; round++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await accesses()).toBe(expected);
    expect((await engine.parts.store.head())?.ordinal).toBe(acknowledged.length + stored + expected - 1);
    expect((await engine.publish(batch(1000))).status).toBe(200);
    // What the writer knew of the log from memory was right again after the commit that failed.
    const log = await wholeLog(engine.parts.store);
    expect(log.map(({ ordinal }) => ordinal)).toEqual(log.map((_, index) => index));
    expect((await engine.parts.store.tree.head()).root).toEqual(treeHash(log.map(independentLeaf)));
    await engine.restart();
    expect(await engine.parts.store.tree.head()).toMatchObject({ size: log.length });
    await engine.stop();
  });
});
