import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// Every call is a process of its own: on a busy machine that takes its time.

const cli = resolve('dist/src/cli.js');
let directory: string;
let first: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'portledger-serve-'));
});
afterEach(async () => {
  if (first !== undefined && first.exitCode === null && first.kill('SIGTERM')) await once(first, 'exit');
  first = undefined;
  rmSync(directory, { recursive: true });
});

const at = (name: string): string => join(directory, name);
const config = (name: string, content: unknown): string => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(at(name), text);
  return name;
};
const engine = (file: string): ChildProcess =>
  spawn(process.execPath, [cli, 'serve', '--config', file], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });

async function serve(file: string): Promise<{ code: number | null; out: string; err: string }> {
  const child = engine(file);
  const said = { out: '', err: '' };
  child.stdout?.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (said.err += data.toString()));
  const impatient = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(impatient);
  return { code, ...said };
}

describe('an engine that cannot start', () => {
  it('names the data directory in use, the process that has it, and what to do', async () => {
    const file = config('portledger.json', { dataDir: './data', listen: { port: 0 } });
    first = engine(file);
    for await (const data of first.stdout ?? []) if (String(data).includes('listens on')) break;
    const { code, out, err } = await serve(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `portledger: The log in ${at('data')} is in use by another engine (process ${first.pid}). Stop that engine, or give this one another directory.\n`,
    );
    expect(first.exitCode).toBeNull();
  });

  it('does not guess where a data directory should be whose parent is missing', async () => {
    const { code, err } = await serve(config('c.json', { dataDir: './no/such/data', listen: { port: 0 } }));
    expect(code).toBe(1);
    expect(err).toContain(`There is no directory at ${at('no/such/data')}`);
    expect(err).toContain('make the directory above it');
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(existsSync(at('no'))).toBe(false);
  });

  it('names a data path that is a file', async () => {
    writeFileSync(at('file'), '');
    const { code, err } = await serve(config('c.json', { dataDir: './file', listen: { port: 0 } }));
    expect(code).toBe(1);
    expect(err).toContain(at('file'));
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['is missing', () => 'nosuch.json', 'nosuch.json: /: found no file that can be read (ENOENT)'],
    ['is a directory', () => (mkdirSync(at('d.json')), 'd.json'), 'd.json: /: found no file that can be read (EISDIR)'],
    ['is not JSON', () => config('c.json', '{"dataDir":'), 'c.json: /: found text that is not JSON'],
    ['has an unknown key', () => config('c.json', { dataDri: './x' }), '/dataDri: found an unknown key'],
    ['has a wrong value', () => config('c.json', { resyncSeconds: 0 }), '/resyncSeconds: found 0, expected a whole'],
  ])('names what is wrong with a configuration that %s, and makes nothing', async (_what, make, why) => {
    const file = make();
    const before = readdirSync(directory);
    const { code, out, err } = await serve(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(why);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(before);
  });

  it('names the device whose driver cannot be made, and ends', async () => {
    const device = {
      name: 'leaf1',
      interfacePattern: 'vlan{vlan}',
      ports: { 'leaf1:Ethernet16': '-vlan16' },
      driver: { kind: 'linux' },
    };
    const gateways = [{ switch: 'leaf1', devices: [device] }];
    const { code, err } = await serve(config('c.json', { dataDir: './data', listen: { port: 0 }, gateways }));
    expect(code).toBe(1);
    expect(err).toContain('leaf1');
    expect(err).toContain('-vlan16');
  });
});
