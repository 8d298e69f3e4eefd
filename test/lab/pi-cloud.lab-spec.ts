import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describeLab } from './describe-lab.js';
import { until } from './lab.js';

const program = fileURLToPath(new URL('../story/pi-cloud/pi-cloud.js', import.meta.url));
const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Namespaces and folders of a demo that are there. */
function left({ pid }: ChildProcess): string[] {
  const spaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return [...spaces, ...readdirSync(tmpdir())].filter((name) => name.startsWith(`pllab-${pid}-`));
}

describeLab('the Pi cloud', () => {
  it('gives every board its route, its leases and its file, says so as JSON, and leaves nothing behind', async () => {
    const child = start('--pi-cloud', '--boards', '8', '--json');
    const { code, out, err } = await ended(child);
    expect([code, err]).toEqual([0, '']);
    const all = { right: 8, lastMs: expect.any(Number) as number };
    expect(JSON.parse(out)).toMatchObject({
      ...{ boards: 8, routes: 8, entries: 16, answering: 8 },
      booted: { netboot: all, file: all, address: all, prefix: all },
    });
    expect(left(child)).toEqual([]);
  }, 180_000);

  it('leaves nothing behind when it is stopped in the middle', async () => {
    const child = start('--pi-cloud', '--boards', '8');
    const done = ended(child);
    await until('the rack is there', () => left(child).length > 8);
    child.kill('SIGINT');
    expect((await done).code).toBe(130);
    expect(left(child)).toEqual([]);
  }, 180_000);

  it.each([['--boards', '7'], ['--boards', 'many'], ['--bords']])('says what is wrong with %s %s', async (...args) => {
    const { code, err } = await ended(start('--pi-cloud', ...args));
    expect(code).toBe(2);
    expect(err).toMatch(/^The Pi cloud stopped: .*--bo/);
  });

  it('tells its options and ends', async () => {
    const { code, out } = await ended(start('--pi-cloud', '--help'));
    expect([code, out]).toEqual([0, expect.stringContaining('npm run demo -- --pi-cloud --keep')]);
  });
});
