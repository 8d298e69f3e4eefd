import fc from '../support/property.js';
import type { EventStore } from '../../src/event-store/event-store.port.js';
import type { Caller } from '../../src/intake/caller.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { Intake, type Published } from '../../src/intake/intake.js';
import { Receipts } from '../../src/intake/receipts.js';
import { Projector } from '../../src/projector/projector.js';
import { until } from '../reactors/reactor-bench.js';

/** A log that can be stopped and opened again, as an engine that ends and starts does. */
export interface StoppableStore {
  readonly store: EventStore;
  /** Closes the store and opens the same log anew. */
  reopen(): Promise<StoppableStore>;
  /** As `reopen`, but what the store keeps beside the log to find an event by its id was deleted meanwhile; only where it keeps such an index. */
  reopenWithoutIndex?(): Promise<StoppableStore>;
  /** Closes the store and removes its log. */
  remove(): Promise<void>;
}

const source = 'urn:billing:eu';
/** Two tokens of one billing system. */
const publishers: readonly [Caller, Caller] = [
  { callerId: 'aaaaaaaa', scopes: ['publisher'], source },
  { callerId: 'bbbbbbbb', scopes: ['publisher'], source },
];

type Event = Record<string, unknown>;
const fact = (id: string, server: string, data: object = {}, more: object = {}): Event =>
  exampleEvent('ServerSuspended', { id, subject: server, data: { serverId: server, ...data }, ...more });

/** One request: which of the history's events it carries, and who sends it. */
interface Request {
  readonly events: readonly number[];
  readonly by: 0 | 1;
  /** Sent while the one before is under way. */
  readonly isRacing: boolean;
  readonly stop: 'none' | 'stop' | 'stop without index';
}

/** What intake itself is made of, over any store. */
class Desk {
  private constructor(
    private readonly opened: StoppableStore,
    private readonly projector: Projector,
    readonly intake: Intake,
    readonly receipts: Receipts,
  ) {}

  static async over(opened: StoppableStore): Promise<Desk> {
    const projector = new Projector(opened.store);
    projector.start();
    await until(() => projector.liveMap.live);
    const { liveMap } = projector;
    return new Desk(opened, projector, new Intake(opened.store, liveMap), new Receipts(opened.store, liveMap));
  }

  get store(): EventStore {
    return this.opened.store;
  }

  async restarted(isWithoutIndex = false): Promise<Desk> {
    await this.projector.close();
    const anew = isWithoutIndex ? this.opened.reopenWithoutIndex?.() : this.opened.reopen();
    if (anew === undefined) throw new Error('This store has no index beside its log that could be lost.');
    return Desk.over(await anew);
  }

  async remove(): Promise<void> {
    await this.projector.close();
    await this.opened.remove();
  }
}

/** Where an event stands, or why it was refused: what must be the same however often it is sent. */
const outcomeOf = (one: Published | undefined): unknown =>
  one === undefined || one.refused
    ? one?.code
    : { status: 201, eventId: one.receipt.eventId, position: one.receipt.position, ordinal: one.receipt.ordinal };

/**
 * An event is stored once, however often, by whom and in whatever order it is sent, also across a stop; the same id with
 * other content is refused, and then nothing of it is stored. Holds over the whole log, not over one stream.
 * A store that `hasIndexBesideTheLog` also loses it on the way, by `reopenWithoutIndex`.
 */
export function describeIdempotentIntake(
  name: string,
  makeStore: () => Promise<StoppableStore>,
  { hasIndexBesideTheLog = false } = {},
): void {
  const runs = process.env['PORTLEDGER_LONG'] === '1' ? 10_000 : 40;
  const stops: readonly Request['stop'][] = hasIndexBesideTheLog ? ['stop', 'stop without index'] : ['stop'];
  let desk: Desk;
  let nextName = 0;
  beforeAll(async () => {
    desk = await Desk.over(await makeStore());
  });
  afterAll(() => desk.remove());
  const fresh = (): string => `n${nextName++}`;
  const size = async (): Promise<number> => ((await desk.store.head())?.ordinal ?? -1) + 1;
  const stored = async (server: string): Promise<unknown[]> =>
    (await desk.store.readStream(`server-${server}`)).events.map((event) => event.metadata.sourceId);
  const publish = async (values: readonly unknown[], by: 0 | 1 = 0): Promise<unknown[]> =>
    (await desk.intake.publish(publishers[by], values)).map(outcomeOf);

  describe(`intake over ${name}`, () => {
    const histories = fc.integer({ min: 1, max: 6 }).chain((count) => {
      const times = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: count, maxLength: count });
      const sent = times.chain((each) => {
        const deliveries = each.flatMap((often, event) => Array.from({ length: often }, () => event));
        return fc.shuffledSubarray(deliveries, { minLength: deliveries.length, maxLength: deliveries.length });
      });
      const shape = fc.record({
        size: fc.integer({ min: 1, max: 4 }),
        by: fc.constantFrom<0 | 1>(0, 1),
        isRacing: fc.boolean(),
        stop: fc.oneof({ weight: 6, arbitrary: fc.constant<Request['stop']>('none') }, fc.constantFrom(...stops)),
      });
      return fc.tuple(sent, fc.array(shape, { minLength: 1, maxLength: 20 })).map(([events, shapes]) => {
        const requests: Request[] = [];
        for (let at = 0, index = 0; at < events.length; index++) {
          const { size: length = 1, by = 0, isRacing = false, stop = 'none' } = shapes[index % shapes.length] ?? {};
          requests.push({ events: events.slice(at, at + length), by, isRacing, stop });
          at += length;
        }
        return { count, requests };
      });
    });

    it('stores each event once, sent 1 to 5 times by two publishers in any order, with stops in between', async () => {
      await fc.assert(
        fc.asyncProperty(histories, async ({ count, requests }) => {
          const run = fresh();
          const events = Array.from({ length: count }, (_, index) => fact(`${run}-${index}`, `${run}-s${index % 3}`));
          const before = await size();
          const answers = new Map<number, unknown[]>();
          let underWay: Promise<unknown>[] = [];
          for (const { events: sent, by, isRacing, stop } of requests) {
            if (!isRacing || stop !== 'none') await Promise.all(underWay.splice(0));
            if (stop !== 'none') desk = await desk.restarted(stop === 'stop without index');
            const request = publish(
              sent.map((index) => events[index]),
              by,
            ).then((outcomes) =>
              sent.forEach((index, at) => answers.set(index, [...(answers.get(index) ?? []), outcomes[at]])),
            );
            underWay = [...underWay, request];
          }
          await Promise.all(underWay);
          expect(await size()).toBe(before + count);
          for (const [index, outcomes] of answers) {
            const receipt = await desk.receipts.find(source, `${run}-${index}`);
            const { eventId, position, ordinal } = receipt ?? {};
            expect(new Set(outcomes.map((one) => JSON.stringify(one)))).toEqual(
              new Set([JSON.stringify({ status: 201, eventId, position, ordinal })]),
            );
          }
        }),
        { numRuns: runs, endOnFailure: true },
      );
    }, 3_600_000);

    const otherContents = (id: string, server: string): [string, Event][] => [
      ['other data', fact(id, server, { reason: 'another' })],
      ['another time', fact(id, server, {}, { time: '2026-03-01T12:00:01Z' })],
      ['another type', fact(id, server, {}, { type: 'ServerResumed' })],
      ['another server, so another stream', fact(id, `${server}-b`)],
    ];

    const stages = ['none', ...stops] as const;
    it.each(stages)(
      'refuses the same id with other content, stores nothing of it, and still knows the first (meanwhile: %s)',
      async (stop) => {
        const [id, server] = [fresh(), fresh()];
        const [first] = await publish([fact(id, server)]);
        if (stop !== 'none') desk = await desk.restarted(stop === 'stop without index');
        const before = await size();
        for (const [what, event] of otherContents(id, server)) {
          for (const by of [0, 1] as const) expect([what, await publish([event], by)]).toEqual([what, ['id-reused']]);
          // What follows it in its stream is not stored either, whatever else the batch holds.
          const follower = fact(fresh(), String(event['subject']));
          expect([what, await publish([event, follower])]).toEqual([what, ['id-reused', 'predecessor-refused']]);
        }
        expect(await size()).toBe(before);
        expect([await stored(server), await stored(`${server}-b`)]).toEqual([[id], []]);
        expect(await publish([fact(id, server)], 1)).toEqual([first]);
      },
    );

    it('stores an event that stands twice in one batch once, and refuses its id with other content there too', async () => {
      const [id, server] = [fresh(), fresh()];
      const twice = fact(id, server);
      const [first, second, third] = await publish([twice, twice, fact(id, `${server}-b`)]);
      expect(second).toEqual(first);
      expect(third).toBe('id-reused');
      expect([await stored(server), await stored(`${server}-b`)]).toEqual([[id], []]);
    });

    it('knows an event again in another spelling', async () => {
      const [id, server] = [fresh(), fresh()];
      const first = await publish([fact(id, server)]);
      expect(await publish([fact(id, server, {}, { time: '2026-03-01T13:00:00+01:00', schemaversion: '1' })])).toEqual(
        first,
      );
    });

    it('stores each event of racing batches once, and answers every one of them with the same place', async () => {
      const run = fresh();
      const events = Array.from({ length: 30 }, (_, index) => fact(`${run}-${index}`, `${run}-s${index % 4}`));
      const before = await size();
      const batches = Array.from({ length: 12 }, (_, index) => [...events.slice(index), ...events.slice(0, index)]);
      const answers = await Promise.all(batches.map((batch, index) => publish(batch, index % 2 === 0 ? 0 : 1)));
      expect(await size()).toBe(before + events.length);
      const places = answers.map((outcomes, index) => [
        ...outcomes.slice(events.length - index),
        ...outcomes.slice(0, events.length - index),
      ]);
      for (const place of places) expect(place).toEqual(places[0]);
    });

    it('lets exactly one of racing events with one id and different contents be stored', async () => {
      const [id, server] = [fresh(), fresh()];
      const rivals = Array.from({ length: 10 }, (_, index) => fact(id, `${server}-${index}`));
      const before = await size();
      const answers = await Promise.all(rivals.map((event, index) => publish([event], index % 2 === 0 ? 0 : 1)));
      const winners = answers.flat().filter((one) => one !== 'id-reused');
      expect(winners).toHaveLength(1);
      expect(await size()).toBe(before + 1);
    });

    it('lets nothing of racing batches be stored behind an event that lost', async () => {
      const [id, server] = [fresh(), fresh()];
      const before = await size();
      const batches = Array.from({ length: 10 }, (_, index) => [
        fact(id, server, { reason: `${index}` }),
        fact(`${id}-${index}`, server),
      ]);
      const answers = await Promise.all(batches.map((batch, index) => publish(batch, index % 2 === 0 ? 0 : 1)));
      const losers = answers.filter(([first]) => first === 'id-reused');
      expect(losers).toEqual(Array.from({ length: 9 }, () => ['id-reused', 'predecessor-refused']));
      expect(await size()).toBe(before + 2);
      expect(await stored(server)).toHaveLength(2);
    });

    it('takes the same id of another source for another event', async () => {
      const [id, server] = [fresh(), fresh()];
      const other = { callerId: 'cccccccc', scopes: ['publisher'], source: 'urn:billing:us' };
      const [first] = await publish([fact(id, server)]);
      const [second] = await desk.intake.publish(other, [fact(id, server, { reason: 'x' }, { source: other.source })]);
      expect(second).toMatchObject({ refused: false });
      expect(outcomeOf(second)).not.toEqual(first);
      expect(await stored(server)).toEqual([id, id]);
    });
  });
}
