import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandLine, ended } from '../../cli/command-line.js';
import { RunningEngine, source } from '../../e2e/running-engine.js';
import { until } from '../../story/scene.js';
import { tempDirectory } from '../../support/temp-directory.js';

const directory = tempDirectory();
const servers = 1500;
const eventsInAll = 3 * servers;
/** The engine takes 2,000 events at once, and then waits: the import stands in its middle. */
const limits = { requestsPerSecond: 1_000_000, eventsPerSecond: 200 };
let engine: RunningEngine;
let line: CommandLine;

beforeAll(async () => {
  engine = await RunningEngine.start(undefined, { settings: { limits } });
  line = new CommandLine(directory);
  writeFileSync(join(directory, 'billing.token'), engine.tokens.publisher);
  const rows = Array.from({ length: servers }, (_, number) => {
    const hex = number.toString(16).padStart(4, '0');
    const mac = `52:54:00:00:${hex.slice(0, 2)}:${hex.slice(2)}`;
    return `s${number},c1,leaf1:Ethernet${number},${number + 1},${mac},2001:db8:${hex}::/48,10.0.${number >>> 8}.${number & 255}\n`;
  });
  writeFileSync(join(directory, 'servers.csv'), `server,customer,port,vlan,mac,prefixes,ipv4\n${rows.join('')}`);
});
afterAll(() => engine.stop());

const words = (...more: string[]): string[] => {
  const to = ['--source', source, '--url', engine.url, '--token-file', 'billing.token'];
  return ['import', 'csv', 'servers.csv', '--time', '2026-01-01T00:00:00Z', '--publish', ...to, ...more];
};
const stored = async (): Promise<number> => ((await engine.parts.store.head())?.ordinal ?? -1) + 1;
const sold = (): number => [...engine.parts.projector.liveMap.map.bindings()].filter((one) => one.sold).length;

describe('an import that is interrupted by Ctrl-C', () => {
  it('ends with 130, says how far it came, and leaves nothing stored that it did not count', async () => {
    const call = line.start(...words());
    const end = ended(call);
    await until('the engine takes no more for now', () => engine.parts.access.limits.refusals('events') > 0);
    call.kill('SIGINT');
    const { code, out, err } = await end;
    const acknowledged = Number(/Acknowledged so far: (\d+) events\./.exec(err)?.[1]);
    expect([code, out]).toEqual([130, '']);
    expect(err).toMatch(/Interrupted (at line \d+|while the engine takes no more)\./);
    expect(err).toContain('Run the same again to go on');
    expect(acknowledged).toBe(await stored());
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged).toBeLessThan(eventsInAll);
  });

  it('goes on when it is run again, on a terminal with rate and time left, and stores nothing twice', async () => {
    limits.eventsPerSecond = 1_000_000;
    const command = [process.execPath, resolve('dist/src/cli.js'), ...words()].join(' ');
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: directory,
      stdio: 'pipe',
      timeout: 60_000,
    });
    const { code, out } = await ended(terminal);
    expect([code, out]).toEqual([0, expect.stringContaining(`acknowledged ${eventsInAll} events and refused 0`)]);
    const drawn = out.split('\r\u001b[K').filter((one) => one.startsWith('['));
    expect(drawn[0]).toMatch(/^\[[#-]{24}\] \d+ % \d+ rows, \d+\/s, \d+ s left$/);
    expect([await stored(), sold()]).toEqual([eventsInAll, servers]);
    const again = await line.run(...words('--json'));
    expect([again.code, JSON.parse(again.out)]).toMatchObject([0, { engine: { acknowledged: eventsInAll } }]);
    expect(again.err).not.toContain('\r');
    expect(again.err).not.toContain('Warning');
    expect([await stored(), sold()]).toEqual([eventsInAll, servers]);
  });

  it('keeps what the engine refuses among the rejects, and takes it once it is mended', async () => {
    const text = readFileSync(join(directory, 'servers.csv'), 'utf8').split('\n').slice(0, 3).join('\n');
    const broken = `${text.replaceAll(/^s/gm, 'n').replace('nerver', 'server').replace(',1,52', ',one,52')}\n`;
    writeFileSync(join(directory, 'servers.csv'), broken);
    const before = await stored();
    expect(await line.run(...words('--rejects', 'mend.csv'))).toMatchObject({ code: 1 });
    expect(await stored()).toBe(before + 3);
    const mended = readFileSync(join(directory, 'mend.csv'), 'utf8').replace(',one,52', ',1,52');
    writeFileSync(join(directory, 'servers.csv'), mended);
    expect(await line.run(...words('--rejects', 'mend.csv'))).toMatchObject({ code: 0 });
    expect([await stored(), sold()]).toEqual([before + 6, servers + 2]);
    expect(readFileSync(join(directory, 'mend.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });
});
