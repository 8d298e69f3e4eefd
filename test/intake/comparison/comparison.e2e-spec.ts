import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ComparisonConfig } from '../../../src/config/app-config.js';
import { type ComparisonStatus, ComparisonWatch } from '../../../src/intake/comparison/comparison-watch.js';
import { Alerts } from '../../../src/ops/alerts.js';
import { Log } from '../../../src/ops/log.js';
import { CommandLine, type Ended } from '../../cli/command-line.js';
import { RunningEngine, source } from '../../e2e/running-engine.js';
import { until } from '../../story/scene.js';
import { tempDirectory } from '../../support/temp-directory.js';

const directory = tempDirectory();
const file = join(directory, 'truth.csv');
const config = Object.assign(new ComparisonConfig(), { file, everySeconds: 1, maxAgeHours: 1 });
let engine: RunningEngine;
let line: CommandLine;

beforeAll(async () => {
  drop(1, 2, 3, 4);
  engine = await RunningEngine.start(undefined, { settings: { comparison: config } });
  line = new CommandLine(directory);
  writeFileSync(join(directory, 'viewer.token'), engine.tokens.viewer);
  await sell(1, 2, 3, 4);
});
afterAll(() => engine.stop());

/** Billing drops its truth as it should: whole, under another name, renamed. */
function drop(...servers: number[]): void {
  const rows = servers.map((one) => `srv-${one},c1,leaf1:Ethernet${one},${one}\n`);
  writeFileSync(`${file}.new`, `server,customer,port,vlan\n${rows.join('')}`);
  renameSync(`${file}.new`, file);
}

async function sell(...servers: number[]): Promise<void> {
  const events = servers.map((one) => ({
    specversion: '1.0',
    type: 'ServerAdded',
    source,
    id: `sold-${one}`,
    subject: `srv-${one}`,
    time: '2026-01-01T00:00:00Z',
    data: { serverId: `srv-${one}`, customerId: 'c1', port: `leaf1:Ethernet${one}`, vlan: one },
  }));
  expect((await engine.publish(events)).status).toBe(200);
}

const get = (path: string) => engine.call(path, { headers: { authorization: `Bearer ${engine.tokens.viewer}` } });
const status = async (): Promise<ComparisonStatus> => (await get('/v1/comparison')).body as unknown as ComparisonStatus;
const alerts = (): string[] => engine.parts.alerts.current().map(({ code }) => code);
const metric = (name: string): number => {
  const sample = engine.parts.metrics
    .render()
    .split('\n')
    .find((one) => one.startsWith(`portledger_comparison_${name} `));
  return Number(sample?.split(' ')[1]);
};
const shown = (): Promise<Ended> => line.run('comparison', '--url', engine.url, '--token-file', 'viewer.token');

/** The next look that shows this. */
async function untilState(state: ComparisonStatus['state'], more: (now: ComparisonStatus) => boolean = () => true) {
  await until(`the comparison ${state}`, async () => {
    const now = await status();
    return now.state === state && more(now);
  });
  return status();
}

describe('the comparison on a timer', () => {
  it("says that billing's file and the map are equal, of which file and when", async () => {
    const now = await untilState('equal');
    expect(now).toMatchObject({
      file,
      isOld: false,
      failures: 0,
      last: { compared: 4, missing: 0, extra: 0, different: 0, standing: 0, ordinal: 3, differences: [] },
      found: { bytes: expect.any(Number) as number },
    });
    expect(now.last?.file.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(alerts()).toEqual([]);
    expect(await shown()).toMatchObject({ code: 0, out: expect.stringContaining('4 servers compared') as string });
  });

  it('looks again, tells what differs, and publishes nothing', async () => {
    drop(1, 2, 3, 9);
    const head = await engine.parts.store.head();
    await untilState('differs', ({ last }) => last?.standing === 2);
    expect(alerts()).toEqual(['comparison-differs']);
    expect(metric('differences{kind="missing"}')).toBe(1);
    expect(metric('differences{kind="extra"}')).toBe(1);
    expect(metric('differences{kind="different"}')).toBe(0);
    expect(metric('standing')).toBe(2);
    expect(metric('file_timestamp_seconds')).toBeCloseTo(statSync(file).mtimeMs / 1000, 2);
    const { code, out } = await shown();
    expect([code, out]).toEqual([5, expect.stringMatching(/missing +srv-9[^]*extra +srv-4/)]);
    expect(await engine.parts.store.head()).toEqual(head);
    drop(1);
    await untilState('failed');
    expect(await shown()).toMatchObject({ code: 1, out: expect.stringContaining('is not believed') as string });
  });
});

describe('a look', () => {
  let raised: Alerts;
  let watch: ComparisonWatch;
  const codes = (): string[] => raised.current().map(({ code }) => code);
  beforeEach(() => {
    const log = new Log('json', () => {});
    raised = new Alerts(log);
    const { liveMap } = engine.parts.projector;
    watch = new ComparisonWatch({ config: { ...config, everySeconds: 3600 }, liveMap, alerts: raised, log });
  });
  afterEach(() => watch.close());
  const look = async (...servers: number[]): Promise<ComparisonStatus> => {
    drop(...servers);
    await watch.look();
    return watch.status();
  };

  it('alerts what stays different in the next one, and not what a change under way made different once', async () => {
    expect(watch.status()).toMatchObject({ state: 'waiting' });
    expect(await look(1, 2, 3, 9)).toMatchObject({
      state: 'differs',
      last: {
        missing: 1,
        extra: 1,
        standing: 0,
        differences: [
          { kind: 'missing', serverId: 'srv-9' },
          { kind: 'extra', serverId: 'srv-4' },
        ],
      },
    });
    expect(await look(2, 3, 4)).toMatchObject({ state: 'differs', last: { missing: 0, extra: 1, standing: 0 } });
    expect(codes()).toEqual([]);
    expect(await look(2, 3, 4, 8)).toMatchObject({ last: { missing: 1, extra: 1, standing: 1 } });
    expect(raised.current()).toMatchObject([{ code: 'comparison-differs', standing: 1 }]);
    expect(await look(1, 2, 3, 4)).toMatchObject({ state: 'equal', last: { standing: 0 } });
    expect(codes()).toEqual([]);
  });

  it('does not believe a file that lost most of its rows, and keeps what the one before found', async () => {
    await look(1, 2, 3, 9);
    await look(1, 2, 3, 9);
    const lost = await look(1);
    expect(lost).toMatchObject({
      state: 'failed',
      failures: 1,
      failure: {
        code: 'file-implausible',
        detail: expect.stringContaining('1 servers that can be read, less than 50 % of the 4') as string,
      },
      last: { missing: 1, extra: 1 },
    });
    expect(codes()).toEqual(['comparison-differs']);
    expect(await look(1)).toMatchObject({ failures: 2 });
    expect(codes()).toEqual(['comparison-differs', 'comparison-failed']);
    expect(await look(1, 2)).toMatchObject({ state: 'differs', failures: 0, last: { extra: 2, missing: 0 } });
    expect(codes()).toEqual(['comparison-differs']);
  });

  it('alerts a file that billing writes no more, until it does', async () => {
    drop(1, 2, 3, 4);
    utimesSync(file, new Date(), new Date(Date.now() - 3 * 3_600_000));
    await watch.look();
    expect(watch.status()).toMatchObject({ state: 'equal', isOld: true });
    expect(codes()).toEqual(['comparison-file-old']);
    expect(await look(1, 2, 3, 4)).toMatchObject({ state: 'equal', isOld: false });
    expect(codes()).toEqual([]);
  });

  it('counts a server whose row cannot be read as neither extra nor different', async () => {
    drop(2, 3);
    appendFileSync(file, 'srv-1,c1,leaf1:Ethernet1,x\n');
    await watch.look();
    expect(watch.status()).toMatchObject({
      state: 'differs',
      last: { missing: 0, extra: 1, different: 0, differences: [{ serverId: 'srv-4' }], rejected: 1 },
    });
    expect(watch.status().last?.rejects).toMatchObject([{ place: 'line 4', column: 'vlan' }]);
  });

  it('names what is wrong with a file that is gone', async () => {
    rmSync(file);
    await watch.look();
    expect(watch.status()).toMatchObject({ state: 'failed', failure: { code: 'file-missing' } });
    expect(watch.status().found).toBeUndefined();
  });
});

describe('an engine without a file', () => {
  it('says how to name one', async () => {
    const other = await RunningEngine.start();
    try {
      const answer = await other.call('/v1/comparison', {
        headers: { authorization: `Bearer ${other.tokens.viewer}` },
      });
      expect(answer).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('comparison.file') as string },
      });
      writeFileSync(join(directory, 'other.token'), other.tokens.viewer);
      expect(await line.run('comparison', '--url', other.url, '--token-file', 'other.token')).toMatchObject({
        code: 3,
      });
    } finally {
      await other.stop();
    }
  });
});
