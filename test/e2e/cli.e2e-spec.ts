import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { exampleEvent } from '../../src/intake/event-examples.js';

// Every call is a process of its own: on a busy machine that takes its time.

const cli = resolve('dist/src/cli.js');
let directory: string;
let engine: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-cli-'));
  writeFileSync(join(directory, 'portledger.json'), JSON.stringify({ listen: { port: 0 } }));
});
afterEach(async () => {
  await stopEngine();
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function portledger(args: readonly string[], stdin?: string): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: directory, stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Starts the engine as its own process and resolves with the URL it prints. */
async function startEngine(): Promise<string> {
  const child = spawn(process.execPath, [cli, 'serve'], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] });
  engine = child;
  let out = '';
  for await (const data of child.stdout) {
    out += String(data);
    const url = /listens on (\S+)/.exec(out)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the engine ended: ${out}`);
}

async function stopEngine(): Promise<number | null> {
  const child = engine;
  engine = undefined;
  if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return child.exitCode;
}

async function makeToken(): Promise<string> {
  const { code, out } = await portledger(['token', 'new', '--scope', 'publisher', '--source', 'urn:billing:eu']);
  expect(code).toBe(0);
  writeFileSync(join(directory, 'token'), out);
  return out.trim();
}

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify(
      exampleEvent('ServerSuspended', { id: String(index), subject: `s${index}`, data: { serverId: `s${index}` } }),
    ),
  );

describe('portledger publish', () => {
  it('publishes a file, and the same again without storing anything twice', async () => {
    await makeToken();
    const url = await startEngine();
    writeFileSync(join(directory, 'events.ndjson'), lines(1100).join('\n'));
    const args = ['publish', 'events.ndjson', '--url', url, '--token-file', 'token'];
    expect(await portledger(args)).toEqual({ code: 0, out: '1100 stored, 0 refused\n', err: '' });
    expect(await portledger(args)).toEqual({ code: 0, out: '1100 stored, 0 refused\n', err: '' });
    const ready = (await (await fetch(`${url}/readyz`)).json()) as object;
    expect(JSON.stringify(ready)).toContain('ordinal 1099');
    expect(await stopEngine()).toBe(0);
  });

  it('names the lines that are refused and ends with 1', async () => {
    await makeToken();
    const url = await startEngine();
    const [first = '', second = ''] = lines(2);
    const input = [first, '', '{', second.replace('"serverId"', '"serverIdd"')].join('\n');
    const { code, out, err } = await portledger(['publish', '-', '--url', url, '--token-file', 'token'], input);
    expect({ code, out }).toEqual({ code: 1, out: '1 stored, 2 refused\n' });
    expect(err).toContain('-:3: 400 malformed-json');
    expect(err).toContain('-:4: 422 invalid-event: ServerSuspended: /data/serverId');
    const json = await portledger(['publish', '-', '--url', url, '--token-file', 'token', '--json'], '{\n');
    expect(
      json.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { line: 1, status: 400, code: 'malformed-json' },
      { stored: 0, refused: 1 },
    ]);
  });

  it('says with --dry-run what would become of the lines, and stores nothing', async () => {
    await makeToken();
    const url = await startEngine();
    const buy = (id: string, server: string): string =>
      JSON.stringify(
        exampleEvent('Ipv4AddOnBought', {
          id,
          subject: server,
          data: { serverId: server, addOnId: 'ip', address: '198.51.100.9' },
        }),
      );
    const add = (server: string, vlan: number): string =>
      JSON.stringify(
        exampleEvent('ServerAdded', {
          id: `add-${server}`,
          subject: server,
          data: { serverId: server, customerId: 'c1', port: `leaf1:e${vlan}`, vlan },
        }),
      );
    const input = [add('a', 11), buy('1', 'a'), add('b', 12), buy('2', 'b'), '{'].join('\n');
    const args = ['publish', '--dry-run', '-', '--url', url, '--token-file', 'token'];
    const { code, out, err } = await portledger(args, input);
    expect({ code, out }).toEqual({
      code: 1,
      out: '4 would be stored (2 claim what another holds), 1 refused\n',
    });
    expect(err).toContain('-:4: would be in conflict: ipv4 198.51.100.9, held by a\n');
    expect(err).toContain('-:5: 400 malformed-json');
    const json = await portledger([...args, '--json'], input);
    const lines = json.out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { line: 5, status: 400 },
      { line: 3, conflicts: [{ claim: 'ipv4 198.51.100.9', holder: 'a' }] },
      { line: 4, conflicts: [{ claim: 'ipv4 198.51.100.9', holder: 'a' }] },
      { dryRun: true, wouldStore: 4, refused: 1, conflicted: 2 },
    ]);
    expect(JSON.stringify(await (await fetch(`${url}/readyz`)).json())).toContain('ordinal -1');
  });

  it('ends with 7 and the cure when no engine answers', async () => {
    await makeToken();
    const { code, err } = await portledger(
      ['publish', '-', '--url', 'http://127.0.0.1:1', '--token-file', 'token'],
      lines(1)[0],
    );
    expect(code).toBe(7);
    expect(err).toContain('portledger serve');
  });

  it('ends with 2 without a token, and with 3 without the file', async () => {
    expect(await portledger(['publish', '-'], '')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--token-file') as string,
    });
    await makeToken();
    expect(await portledger(['publish', 'none', '--token-file', 'token'])).toMatchObject({ code: 3 });
  });
});

describe('portledger token', () => {
  it('prints a token once, lists it without its secret, and revokes it', async () => {
    const token = await makeToken();
    const id = token.split('_')[1] ?? '';
    const list = await portledger(['token', 'list']);
    expect(list.out).toContain(id);
    expect(list.out + list.err + readFileSync(join(directory, 'data/tokens.json'), 'utf8')).not.toContain(
      token.slice(-43),
    );
    expect(await portledger(['token', 'revoke', id])).toMatchObject({ code: 0 });
    expect(await portledger(['token', 'revoke', id])).toMatchObject({ code: 3 });
    expect((await portledger(['token', 'list'])).out).toBe('');
  });

  it.each([
    [['token'], 'new, list, revoke'],
    [['token', 'new'], '--scope is missing'],
    [['token', 'new', '--scope', 'publisher'], '--source is missing'],
    [['token', 'new', '--scope', 'publishr', '--source', 'x'], 'Did you mean publisher?'],
    [['token', 'new', '--scope', 'viewer', '--days', '0'], '--days'],
  ])('refuses %j as wrong usage', async (args, reason) => {
    expect(await portledger(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(reason) as string });
  });
});

describe('portledger serve', () => {
  it('names the address it cannot have', async () => {
    const { port } = new URL(await startEngine());
    const other = JSON.stringify({ dataDir: './other', listen: { port: Number(port) } });
    writeFileSync(join(directory, 'other.json'), other);
    const { code, err } = await portledger(['serve', '--config', 'other.json']);
    expect(code).toBe(1);
    expect(err).toContain(`Cannot listen on 127.0.0.1:${port} (EADDRINUSE)`);
  });

  it('ends with the file and the place of what is wrong in the configuration', async () => {
    writeFileSync(join(directory, 'portledger.json'), '{"listen": {"port": "x"}}');
    const { code, err } = await portledger(['serve']);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'portledger: portledger.json: /listen/port: found "x", expected a port number from 0 to 65535\n',
    });
  });

  it('does not start a second time on one data directory', async () => {
    await startEngine();
    const { code, err } = await portledger(['serve']);
    expect(code).toBe(1);
    expect(err.split('\n')).toHaveLength(2);
    expect(err).toContain(join(directory, 'data'));
  });
});
