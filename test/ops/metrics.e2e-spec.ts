import { sessionCookie } from '../../src/auth/session-cookie.js';
import { MetricsConfig } from '../../src/config/app-config.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { sampleOf } from '../support/corpus.js';
import { type Family, parseExposition } from './exposition.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

async function scrape(headers: Record<string, string> = {}): Promise<Map<string, Family>> {
  const response = await fetch(`${engine.url}/metrics`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parseExposition(await response.text());
}

async function value(name: string, label?: string): Promise<number | undefined> {
  const samples = (await scrape()).get(`portledger_${name}`)?.samples ?? [];
  return samples.find(({ labels }) => label === undefined || [...labels.values()].join(' ') === label)?.value;
}

async function untilValue(expected: number, name: string, label?: string): Promise<void> {
  let found: number | undefined;
  for (let round = 0; round < 600 && found !== expected; round++) {
    found = await value(name, label);
    if (found !== expected) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(found).toBe(expected);
}

/** Stores an event of our own rooms, which intake never takes. */
async function append(type: string, data: Record<string, unknown>, id: string, stream?: string): Promise<void> {
  const { stored, expected } = sampleOf(type);
  const metadata = { ...stored.metadata, sourceId: id };
  await engine.parts.store.append({
    stream: stream ?? expected.stream,
    expected: 'any',
    events: [{ id, type, data: { ...expected.data, ...data }, metadata }],
  });
}

describe('the figures', () => {
  it('are all there, and follow the grammar', async () => {
    expect([...(await scrape()).keys()].sort()).toEqual(
      [
        'alert_destination_failing',
        'append_duration_seconds',
        'calls_limited_total',
        'comparison_differences',
        'comparison_failures',
        'comparison_file_timestamp_seconds',
        'comparison_last_success_timestamp_seconds',
        'comparison_standing',
        'device_drift_entries',
        'flood_suppressed_total',
        'parked_events',
        'projection_lag_events',
        'projection_last_progress_timestamp_seconds',
        'push_total',
        'sessions_open',
        'storage_writable',
        'violations_open',
      ].map((name) => `portledger_${name}`),
    );
  });

  it('count what is stored, once each, and say that the map has it', async () => {
    const before = (await value('append_duration_seconds', undefined)) ?? -1;
    expect(before).toBeGreaterThanOrEqual(0);
    const countOf = async (): Promise<number | undefined> =>
      (await scrape()).get('portledger_append_duration_seconds')?.samples.find(({ name }) => name.endsWith('_count'))
        ?.value;
    const counted = (await countOf()) ?? 0;
    expect((await engine.publish(exampleEvent('ServerAdded'))).status).toBe(201);
    expect(await countOf()).toBe(counted + 1);
    await untilValue(0, 'projection_lag_events');
    const progressed = (await value('projection_last_progress_timestamp_seconds')) ?? 0;
    expect(Math.abs(Date.now() / 1000 - progressed)).toBeLessThan(120);
    expect(await value('storage_writable')).toBe(1);
  });

  it('count violations that are open, by rule', async () => {
    const { expected } = sampleOf('ViolationDetected');
    await append('ViolationDetected', {}, '00000000-0000-4000-8000-0000000000a1');
    await untilValue(1, 'violations_open', String(expected.data['rule']));
  });

  it('count a reconcile once, in however many parts it is told', async () => {
    const told = { device: 'leaf1', outcome: 'confirmed', of: 2 };
    await append('ReconcileFinished', { ...told, part: 0 }, '00000000-0000-4000-8000-0000000000b1', 'journal-leaf1');
    await append('ReconcileFinished', { ...told, part: 1 }, '00000000-0000-4000-8000-0000000000b2', 'journal-leaf1');
    await append(
      'ReconcileFinished',
      { ...told, outcome: 'failed', of: 1, part: 0 },
      '00000000-0000-4000-8000-0000000000b3',
      'journal-leaf1',
    );
    await untilValue(1, 'push_total', 'leaf1 failed');
    await untilValue(1, 'push_total', 'leaf1 confirmed');
  });

  it('name no MAC and no address', async () => {
    for (const { samples } of (await scrape()).values())
      for (const { labels } of samples)
        for (const text of labels.values())
          expect(text).not.toMatch(/[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}|\d+\.\d+\.\d+\.\d+|[0-9a-f]*::/i);
  });

  it('say that a stream is parked, and that the log takes nothing any more', async () => {
    const metadata = { source: 'test', sourceId: '1', schemaVersion: 1, time: '2026-03-01T00:00:00.000Z' };
    const events = [{ id: '00000000-0000-4000-8000-0000000000c1', type: 'ServerAdded', data: {}, metadata }];
    await engine.parts.store.append({ stream: 'server-x', expected: 'any', events });
    await untilValue(1, 'parked_events');
    await engine.parts.store.close();
    await untilValue(0, 'storage_writable');
  });
});

describe('who may read the figures', () => {
  const statusOf = async (headers: Record<string, string>): Promise<number> => {
    const response = await fetch(`${engine.url}/metrics`, { headers });
    await response.text();
    return response.status;
  };
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

  it('is who asks from this machine without a proxy between, and who has a token for it', async () => {
    expect(await statusOf({})).toBe(200);
    expect(await statusOf({ 'x-forwarded-for': '192.0.2.1' })).toBe(401);
    expect(await statusOf({ forwarded: 'for=192.0.2.1' })).toBe(401);
    expect(await statusOf({ cookie: `${sessionCookie}=of-a-session-that-ended` })).toBe(401);
    expect(await statusOf(bearer(engine.tokens.viewer))).toBe(200);
    expect(await statusOf(bearer(engine.tokens.publisher))).toBe(403);
    expect(await statusOf(bearer('portledger_none'))).toBe(401);
  });

  it.each([
    ['nowhere', 401, 401],
    ['anywhere', 200, 200],
  ] as const)('is as the configuration says: %s', async (withoutToken, here, proxied) => {
    await engine.stop();
    const metrics = Object.assign(new MetricsConfig(), { withoutToken });
    engine = await RunningEngine.start(undefined, { settings: { metrics } });
    expect(await statusOf({})).toBe(here);
    expect(await statusOf({ 'x-forwarded-for': '192.0.2.1' })).toBe(proxied);
  });
});
