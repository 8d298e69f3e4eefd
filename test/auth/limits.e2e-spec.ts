import { exampleEvent } from '../../src/intake/event-examples.js';
import { type Answer, RunningEngine, source } from '../e2e/running-engine.js';
import { parseExposition } from '../ops/exposition.js';

/** So little that a slow machine earns next to nothing while the test asks. */
const limits = { requestsPerSecond: 5, eventsPerSecond: 2 };
let engine: RunningEngine;
beforeEach(async () => {
  engine = await RunningEngine.start(undefined, { settings: { limits } });
});
afterEach(() => engine.stop());

const ask = (token: string): Promise<Answer> =>
  engine.call('/v1/map', { headers: { authorization: `Bearer ${token}` } });
const statuses = (answers: readonly Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();

async function refusedOf(kind: string): Promise<number | undefined> {
  const families = parseExposition(await (await fetch(`${engine.url}/metrics`)).text());
  const samples = families.get('portledger_calls_limited_total')?.samples ?? [];
  return samples.find(({ labels }) => labels.get('of') === kind)?.value;
}

describe('a caller that asks for too much', () => {
  it('is answered 429 with the time to wait, is counted, and nobody else waits', async () => {
    const { viewer, auditor } = engine.tokens;
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask(viewer)));
    expect(statuses(answers)).toEqual([200, 429]);
    const refused = answers.filter(({ status }) => status === 429);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(body).toMatchObject({
        type: 'https://portledger.dev/problems/too-many-requests',
        of: 'requests',
        aSecond: limits.requestsPerSecond,
      });
    }
    expect(await refusedOf('requests')).toBe(refused.length);
    expect((await ask(auditor)).status).not.toBe(429);
    expect((await fetch(`${engine.url}/livez`)).status).toBe(200);
    const lines = engine.logLines.filter((line) => line.includes('caller asks for too much'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(viewer);
  });

  it('stores none of the events that are refused, and all of those that are not', async () => {
    const batch = Array.from({ length: 500 }, (_, index) => ({
      ...exampleEvent('ServerAdded', { source }),
      id: `one-${index}`,
    }));
    expect((await engine.publish(batch)).status).toBe(200);
    const more = await engine.publish(exampleEvent('Ipv4AddOnBought', { source }));
    expect(more).toMatchObject({ status: 429, body: { of: 'events', aSecond: limits.eventsPerSecond } });
    expect(Number(more.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await engine.parts.store.head())?.ordinal).toBe(499);
    expect(await refusedOf('events')).toBe(1);
  });
});
