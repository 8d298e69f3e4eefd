import fc from '../support/property.js';
import { mapHash } from '../../projections/index.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { contestedHistories } from '../support/arbitrary-histories.js';
import type { Fact } from '../support/history.js';
import { type Answer, batchType, eventType, RunningEngine, source } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

const runs = process.env['PORTLEDGER_LONG'] === '1' ? 2_000 : 60;

function dryRun(body: unknown, query = 'dryRun=true'): Promise<Answer> {
  const headers = {
    'content-type': Array.isArray(body) ? batchType : eventType,
    authorization: `Bearer ${engine.tokens.every}`,
  };
  return engine.call(`/v1/events?${query}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

const world = async (): Promise<unknown> => [
  await engine.parts.store.head(),
  mapHash(engine.parts.projector.liveMap.map),
  engine.parts.projector.liveMap.ordinal,
];

type Item = Record<string, unknown>;
const itemsOf = (answer: Answer): Item[] => answer.body['results'] as Item[];

/** An item of an answer without what only a stored event has, and what only a dry run says. */
function said({ position, ordinal, dryRun: dry, withheld, ...rest }: Item): Item {
  void [position, ordinal, dry, withheld];
  return rest;
}

const added = (server: string, vlan: number, more: object = {}): Item =>
  exampleEvent('ServerAdded', {
    id: `add-${server}`,
    subject: server,
    data: { serverId: server, customerId: 'c1', port: `leaf9:e${vlan}`, vlan, mac: '52:54:00:00:00:16', ...more },
  });

describe('a dry run', () => {
  it('answers one event as publishing would, without a place in the log, and stores nothing', async () => {
    const before = await world();
    const dry = await dryRun(added('d1', 901));
    expect(await world()).toEqual(before);
    expect(dry).toMatchObject({ status: 201, body: { id: 'add-d1', effect: 'applied', dryRun: true } });
    expect(dry.body).not.toHaveProperty('position');
    expect(dry.body).not.toHaveProperty('ordinal');
    const real = await engine.publish(added('d1', 901));
    expect(said(dry.body)).toEqual(said(real.body));
  });

  it('says where an event stands that is stored already', async () => {
    const { body } = await engine.publish(added('d2', 902));
    expect((await dryRun(added('d2', 902))).body).toEqual({ ...body, dryRun: true });
  });

  it('refuses as publishing would', async () => {
    await engine.publish(added('d3', 903));
    const before = await world();
    for (const event of [
      added('d3', 904),
      added('d4', 5000),
      { ...added('d4', 904), source: 'urn:other' },
      'text',
      {},
    ]) {
      const dry = await dryRun(event);
      const real = await engine.publish(event);
      expect([dry.status, dry.body]).toEqual([real.status, real.body]);
      expect(dry.status).toBeGreaterThanOrEqual(400);
    }
    expect(await world()).toEqual(before);
  });

  it('lets the servers of one batch meet', async () => {
    const dry = itemsOf(await dryRun([added('d5', 905), added('d6', 905)]));
    expect(dry).toMatchObject([
      { status: 201, effect: 'applied', conflicts: [] },
      { status: 201, effect: 'conflicted', conflicts: [{ holder: 'd5' }, { holder: 'd5' }] },
    ]);
  });

  it.each(['dryrun=true', 'dryRun=yes', 'dryRun=', 'dryRun=true&dryRun=true', 'dry=1'])(
    'that is asked for wrongly stores nothing either: %s',
    async (query) => {
      const before = await world();
      expect(await dryRun(added('d7', 907), query)).toMatchObject({
        status: 400,
        body: { type: 'https://portledger.dev/problems/question-malformed' },
      });
      expect(await world()).toEqual(before);
    },
  );

  it('is none with dryRun=false', async () => {
    expect((await dryRun(added('d8', 908), 'dryRun=false')).body).toHaveProperty('position');
  });
});

/** How an event of a random batch is spoilt, if at all. */
type Twist =
  'none' | 'twice' | 'id of an earlier one' | 'unknown field' | 'published before' | 'published before, otherwise';
const twists = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Twist>('none') },
  fc.constantFrom<Twist>(
    'twice',
    'id of an earlier one',
    'unknown field',
    'published before',
    'published before, otherwise',
  ),
);

let nextId = 0;
const published: Item[] = [];

function eventsOf(facts: readonly Fact[], chosen: readonly Twist[]): Item[] {
  const events: Item[] = [];
  for (const [index, fact] of facts.entries()) {
    const subject = fact.stream.slice(fact.stream.indexOf('-') + 1);
    const { type, data, time } = fact;
    const event: Item = { specversion: '1.0', id: `any-${nextId++}`, source, type, subject, time, data };
    const earlier = events[index % Math.max(1, events.length)];
    const before = published[(nextId * 7) % Math.max(1, published.length)];
    switch (chosen[index % chosen.length]) {
      case 'twice':
        events.push(event, event);
        break;
      case 'id of an earlier one':
        events.push({ ...event, id: earlier?.['id'] ?? event['id'] });
        break;
      case 'unknown field':
        events.push({ ...event, data: { ...data, colour: 'red' } });
        break;
      case 'published before':
        events.push(before ?? event);
        break;
      case 'published before, otherwise':
        events.push({ ...event, id: before?.['id'] ?? event['id'] });
        break;
      case 'none':
      case undefined:
        events.push(event);
    }
  }
  return events;
}

const isNoDelegation = ({ type }: Fact): boolean => !type.startsWith('CustomerPrefix');

describe('of any batch after any history', () => {
  const seen = new Map<string, number>();

  it('a dry run says the statuses, effects, conflicts and refusals that publishing then answers', async () => {
    await fc.assert(
      fc.asyncProperty(contestedHistories(20), fc.array(twists, { minLength: 1 }), async (facts, chosen) => {
        // With a prefix of a customer the allocator of this engine would go on to store something between two looks.
        const batch = eventsOf(facts.filter(isNoDelegation), chosen);
        const before = await world();
        const dry = itemsOf(await dryRun(batch));
        expect(await world()).toEqual(before);
        const real = itemsOf(await engine.publish(batch));
        expect(dry.map(said)).toEqual(real.map(said));
        for (const [index, item] of dry.entries()) {
          if ('position' in item) expect(item['position']).toBe(real[index]?.['position']);
          // This engine has no pool, so that an address for an add-on is missing, and a prefix for an order.
          if ('withheld' in item) {
            expect(['Ipv4AddOnBought', 'Ipv6PrefixOrdered']).toContain(batch[index]?.['type']);
            expect(batch[index]?.['data']).not.toHaveProperty('address');
          }
          const what = String(item['effect'] ?? item['status']);
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        published.push(...batch.filter((_, index) => real[index]?.['status'] === 201));
      }),
      { numRuns: runs, endOnFailure: true },
    );
  }, 600_000);

  it('and met every kind of answer', () => {
    expect([...seen.keys()].sort()).toEqual([
      '403',
      '409',
      '422',
      '424',
      'applied',
      'conflicted',
      'overtaken',
      'pending',
    ]);
  });
});
