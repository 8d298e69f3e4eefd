import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openEmbeddedStore } from '../../src/event-store/embedded/embedded.event-store.js';
import { CommandLine } from '../cli/command-line.js';
import { storeFact } from '../support/publish.js';

// Every call is a process of its own: on a busy machine that takes its time.

const stream = 'server-s16';
const contract = 'events/billing/server-nic-replaced.event.js';

let directory: string;
let cli: CommandLine;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-retry-'));
  for (const part of ['events', 'projections', 'src'])
    cpSync(join('dist', part), join(directory, 'dist', part), { recursive: true });
  cpSync('package.json', join(directory, 'package.json'));
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  cli = new CommandLine(directory, join(directory, 'dist/src/cli.js'));
});
afterEach(async () => {
  await cli.stop();
  rmSync(directory, { recursive: true });
});

/** A log with an event of version 2, which a newer portledger wrote before this one was installed again. */
async function logOfTheFuture(): Promise<void> {
  const store = await openEmbeddedStore({ directory: join(directory, 'data'), create: true });
  const data = { serverId: 's16', customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac: '52:54:00:00:00:16' };
  await storeFact(store, 'ServerAdded', data);
  const id = randomUUID();
  const metadata = { source: 'urn:test', sourceId: id, schemaVersion: 2, time: '2026-01-02T00:00:00.000Z' };
  const replaced = { id, type: 'ServerNicReplaced', data: { serverId: 's16', mac: '52:54:00:00:00:17' }, metadata };
  await store.append({ stream, expected: 'any', events: [replaced] });
  await storeFact(
    store,
    'ServerMoved',
    { serverId: 's16', port: 'leaf1:Ethernet17', vlan: 17 },
    '2026-01-03T00:00:00.000Z',
  );
  await store.close();
}

/** Installs code that knows version 2, as an update of the package does: beside an engine that runs. */
function install(): void {
  const file = join(directory, 'dist', contract);
  const mended = readFileSync(file, 'utf8').replace(
    'version: 1,',
    'version: 2, upcasts: { 1: (data) => ({ ...data }) },',
  );
  expect(mended).toContain('version: 2');
  writeFileSync(file, mended);
}

describe('parked retry', () => {
  it('tells what the code installed now makes of a stream; a restart makes it so', async () => {
    await logOfTheFuture();
    const token = await cli.token('operator', 'auditor', 'viewer');
    const url = await cli.serve();
    const engine = ['--url', url, ...token];
    expect(await cli.run('parked', 'retry', stream, ...engine)).toMatchObject({
      code: 1,
      out: expect.stringContaining('still cannot be read: schemaVersion: expected 1 to 1, found 2') as string,
    });
    install();
    const retried = await cli.run('parked', 'retry', stream, ...engine);
    expect(retried).toMatchObject({ code: 0, err: '' });
    expect(retried.out).toMatch(
      /can be read with the code installed now; 1 of 1 held events follow\. Restart the engine/,
    );
    expect((await cli.run('parked', 'list', ...engine)).out).toContain(stream);
    // Without an engine the log is folded by the installed code to begin with.
    const beside = await cli.run('parked', 'retry', stream, '--data', 'data');
    expect(beside).toMatchObject({ code: 0, out: expect.stringContaining('The next start of an engine') as string });
    await cli.stop();
    const again = ['--url', await cli.serve(), ...token];
    expect((await cli.run('parked', 'list', ...again)).out).toContain('Nothing is parked');
    expect((await cli.run('map', ...again)).out).toMatch(/s16 .*leaf1:Ethernet17.*52:54:00:00:00:17/);
  });

  it('says so when what is installed cannot be loaded, and leaves the engine alone', async () => {
    await logOfTheFuture();
    await cli.token('operator');
    const url = await cli.serve();
    writeFileSync(join(directory, 'dist', contract), 'export const {');
    const authorization = `Bearer ${readFileSync(join(directory, 'operator.token'), 'utf8').trim()}`;
    const retried = await fetch(`${url}/v1/parked/${stream}/retry`, { method: 'POST', headers: { authorization } });
    expect(retried.status).toBe(500);
    expect(await retried.json()).toMatchObject({
      type: 'https://portledger.dev/problems/installed-code-broken',
      detail: expect.stringContaining('the running engine is not touched') as string,
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });
});
