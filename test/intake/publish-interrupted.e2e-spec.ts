import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine, ended } from '../cli/command-line.js';
import { RunningEngine, source } from '../e2e/running-engine.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { until } from '../story/scene.js';
import { tempDirectory } from '../support/temp-directory.js';

const directory = tempDirectory();
const events = 4000;
/** The engine takes 600 events at once, and then waits. */
const limits = { requestsPerSecond: 1_000_000, eventsPerSecond: 60 };
let engine: RunningEngine;

beforeAll(async () => {
  engine = await RunningEngine.start(undefined, { settings: { limits } });
});
afterAll(() => engine.stop());

const storedIn = async (one: RunningEngine): Promise<number> => ((await one.parts.store.head())?.ordinal ?? -1) + 1;

describe('publishing that is interrupted by Ctrl-C while the engine takes no more', () => {
  it('ends with 130 without waiting, and counts what is stored', async () => {
    const line = new CommandLine(directory);
    writeFileSync(join(directory, 'billing.token'), engine.tokens.publisher);
    const lines = Array.from({ length: events }, (_, vlan) => {
      const mac = `52:54:00:00:${(vlan >>> 8).toString(16).padStart(2, '0')}:${(vlan & 255).toString(16).padStart(2, '0')}`;
      const data = { serverId: `s${vlan}`, customerId: 'c', port: `leaf1:e${vlan}`, vlan: vlan + 1, mac };
      const event = { id: `add-${vlan}`, subject: data.serverId, source, time: '2026-01-01T00:00:00Z', data };
      return `${JSON.stringify(exampleEvent('ServerAdded', event))}\n`;
    });
    writeFileSync(join(directory, 'facts.ndjson'), lines.join(''));
    const call = line.start('publish', 'facts.ndjson', '--url', engine.url, '--token-file', 'billing.token');
    const end = ended(call);
    await until('the engine takes no more for now', () => engine.parts.access.limits.refusals('events') > 0);
    const before = await storedIn(engine);
    call.kill('SIGINT');
    const { code, out, err } = await end;
    const stored = await storedIn(engine);
    expect([code, out]).toEqual([130, '']);
    expect(err).toMatch(/^portledger: Interrupted (before line \d+|while the engine takes no more)\.\n/);
    expect(err).toContain(`Answered so far: ${stored} stored`);
    expect(err).toContain('Run the same again to go on');
    expect([stored, stored > 0, stored < events]).toEqual([before, true, true]);
  });
});
