import { randomUUID } from 'node:crypto';
import { CliError } from '../../src/cli/command.js';
import { EngineClient } from '../../src/cli/engine-client.js';
import { followViolations } from '../../src/feed/follow-violations.js';
import type { ViolationView } from '../../src/feed/violation-view.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { ViolationLog } from './violation-log.js';

let engine: RunningEngine;
let samples: ViolationLog;
beforeEach(async () => {
  engine = await RunningEngine.start();
  samples = new ViolationLog();
});
afterEach(() => engine.stop());

/** Stores a violation as the sensor would, and waits until the map has it. */
async function heard(id: string, more: Record<string, unknown> = {}): Promise<void> {
  const { type, data, metadata } = samples.detected(id, more);
  const { source, schemaVersion, time } = metadata;
  const event = {
    id: randomUUID(),
    type,
    data: data as object,
    metadata: { source, sourceId: id, schemaVersion, time },
  };
  const { store, projector } = engine.parts;
  const answer = await store.append({ stream: `violation-${id}`, expected: 'any', events: [event] });
  if (answer.outcome !== 'stored') throw new Error(answer.outcome);
  expect(await projector.liveMap.reached(answer.events[0]?.ordinal ?? -1, 30_000)).toBe(true);
}

const ask = (...words: string[]): Promise<Said> =>
  portledger(['violations', ...words], speakingTo(engine, engine.tokens['security-analyst']));
const idsOf = ({ out }: Said): string[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as ViolationView).violationId);

describe('portledger violations', () => {
  it('lists the newest first, with port, victim and offender', async () => {
    await heard('v0');
    await heard('v1', { severity: 'critical', port: 'leaf1:Ethernet11', attribution: 'mac-table' });
    const { code, out } = await ask();
    expect(code).toBe(0);
    const [head, first, second] = out.split('\n');
    expect(head).toMatch(/^LAST SEEN +SEVERITY +RULE +PORT +CLAIMED +BY MAC +OFFENDER +VICTIM +FRAMES$/);
    expect(first).toMatch(/critical +address-spoof +leaf1:Ethernet11\? +198\.51\.100\.16 .* srv-66\? +srv-16 +1$/);
    expect(second).toMatch(/high +address-spoof +leaf1:Ethernet66 +198\.51\.100\.16 .* srv-66 +srv-16 +1$/);
  });

  it('filters, limits, and takes as many pages as the limit needs', async () => {
    for (let index = 0; index < 7; index++) await heard(`v${index}`, index % 2 ? { severity: 'critical' } : {});
    expect(idsOf(await ask('--json', '--limit', '3'))).toEqual(['v6', 'v5', 'v4']);
    expect(idsOf(await ask('--json', '--severity', 'critical'))).toEqual(['v5', 'v3', 'v1']);
    expect(idsOf(await ask('--json', '--victim', 'cust-16', '--rule', 'address-spoof'))).toHaveLength(7);
  });

  it('says that no violation was found, and with which filters', async () => {
    expect(await ask()).toMatchObject({ code: 0, out: 'No violation was found.\n' });
    await heard('v0');
    expect(await ask('--severity', 'low', '--port', 'leaf1:Ethernet99', '--limit', '5')).toMatchObject({
      code: 0,
      out: 'No violation was found with --severity low --port leaf1:Ethernet99.\n',
    });
    expect(await ask('--port', 'leaf1:Ethernet99', '--json')).toMatchObject({ code: 0, out: '' });
  });

  it.each([
    [['--severity', 'urgent'], '--severity: found "urgent", expected one or more of low'],
    [['--since', 'yesterday'], '--since: "yesterday" is a whole day; say at what time'],
    [['--rule', 'x'], '--rule: found "x", expected one of'],
    [['--limit', '0'], '--limit: found 0'],
    [['v0'], 'takes options only'],
  ])('refuses %j as wrong usage, without asking the engine', async (words, why) => {
    const env = { PORTLEDGER_URL: 'http://127.0.0.1:1', PORTLEDGER_TOKEN_FILE: '/nonexistent' };
    const { code, err } = await portledger(['violations', ...words], env);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) as string });
  });

  it('ends with 1 for a token that may not see them', async () => {
    const said = await portledger(['violations', '--follow'], speakingTo(engine, engine.tokens.viewer));
    expect(said).toMatchObject({ code: 1, out: '', err: expect.stringContaining('security-analyst') as string });
  });
});

describe('following violations', () => {
  const stop = new AbortController();
  afterAll(() => stop.abort());

  it('gives each change once, across an engine that is started again', async () => {
    const got: string[] = [];
    const broken: string[] = [];
    const abort = new AbortController();
    const client = new EngineClient(engine.url, engine.tokens.every);
    let url = engine.url;
    // The engine comes back on another port.
    const moving = {
      open: (...call: Parameters<EngineClient['open']>) => new EngineClient(url, engine.tokens.every).open(...call),
    };
    Object.assign(client, moving);
    await heard('v0');
    const following = (async () => {
      const options = {
        query: new URLSearchParams(),
        after: 'start',
        onBroken: (why: string) => void broken.push(why),
      };
      for await (const { violationId } of followViolations(client, { ...options, pauseMs: 20, signal: abort.signal }))
        got.push(violationId);
    })();
    await heard('v1');
    await until(() => got.length === 2);
    await engine.restart();
    url = engine.url;
    await heard('v2');
    await until(() => got.length === 3);
    expect(got).toEqual(['v0', 'v1', 'v2']);
    expect(broken.length).toBeGreaterThan(0);
    abort.abort();
    await following;
  });

  it('ends when the engine refuses, and when none answers at the first time', async () => {
    const follow = async (client: EngineClient, after: string): Promise<void> => {
      const options = { query: new URLSearchParams(), after, onBroken: () => undefined, signal: stop.signal };
      for await (const seen of followViolations(client, options)) throw new Error(`seen ${seen.violationId}`);
    };
    const refused = follow(new EngineClient(engine.url, engine.tokens.every), '999999');
    await expect(refused).rejects.toThrow(CliError);
    await expect(refused).rejects.toThrow('no position of this log');
    await expect(follow(new EngineClient('http://127.0.0.1:1', 'x'), 'start')).rejects.toThrow('does not answer');
  });
});
