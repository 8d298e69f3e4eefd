import { TriageWatch } from '../../src/feed/triage-watch.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { StoredViolations } from './stored-violations.js';
import { TriageClient } from './triage-client.js';

const hour = 3_600_000;
let engine: RunningEngine;
let sensor: StoredViolations;
let analyst: TriageClient;
/** The clocks of the watch: ms since the test began by the wall, and by the one that nobody sets. */
let wall: number;
let elapsed: number;
const began = Date.now();

beforeAll(async () => {
  engine = await RunningEngine.start();
  sensor = new StoredViolations(engine);
  analyst = new TriageClient(engine, engine.tokens['security-analyst']);
});
afterAll(() => engine.stop());

/** The tests share one engine: what each makes has names of its own. */
let tests = 0;
const own = (name: string): string => `t${tests}-${name}`;
const quietOnes = async (): Promise<string[]> =>
  (await analyst.ids('?quiet=true')).filter((id) => id.startsWith(own('')));
beforeEach(() => {
  tests++;
  [wall, elapsed] = [0, 0];
});

function newWatch(): TriageWatch {
  const { store, violationIndex: index, log } = engine.parts;
  return new TriageWatch({
    store,
    index,
    quietMs: 24 * hour,
    log,
    now: () => began + wall,
    elapsed: () => elapsed,
  });
}

/** Time goes by on both clocks, and the watch looks. */
async function pass(watch: TriageWatch, ms: number): Promise<void> {
  wall += ms;
  elapsed += ms;
  await watch.look();
  const head = await engine.parts.store.head();
  expect(await engine.parts.projector.liveMap.reached(head?.ordinal ?? -1, 60_000)).toBe(true);
}

const instant = (ms: number): string => new Date(began + ms).toISOString();
const typesIn = async (stream: string): Promise<string[]> =>
  (await engine.parts.store.readStream(stream, { limit: 100 })).events.map(({ type }) => type);
const heard = (id: string, ms: number): Promise<void> => sensor.repeated(id, 1, instant(ms));

/** Mutes until an instant without asking the engine, whose clock is the real one. */
const mute = (muteId: string, untilMs: number, violationId = own('v1')): Promise<void> =>
  sensor.store(
    '',
    'ViolationMuted',
    { muteId, violationId, reason: 'known', until: instant(untilMs), by: 'token:a' },
    `mute-${muteId}`,
  );

describe('a violation that is not heard', () => {
  it('is marked quiet once after a day, stays open, and loses the mark by the next frame', async () => {
    for (const id of [own('v1'), own('v2'), own('closed')]) await sensor.detected(id, { frameTime: instant(0) });
    await analyst.act(own('closed'), 'resolve');
    const watch = newWatch();
    await pass(watch, 23 * hour);
    expect(await quietOnes()).toEqual([]);
    await heard(own('v2'), 23 * hour);
    await pass(watch, hour);
    await pass(watch, hour);
    expect(await quietOnes()).toEqual([own('v1')]);
    expect(await analyst.show(own('v1'))).toMatchObject({
      state: 'new',
      quiet: true,
      history: [{ what: 'quiet', at: instant(24 * hour), text: 'for 24 h' }],
    });
    expect(await typesIn(`violation-${own('v1')}`)).toEqual(['ViolationDetected', 'ViolationQuiet']);
    expect(await typesIn(`violation-${own('closed')}`)).toEqual(['ViolationDetected', 'ViolationResolved']);
    await heard(own('v1'), 25 * hour);
    expect(await quietOnes()).toEqual([]);
    await pass(watch, 24 * hour);
    await pass(watch, hour);
    expect((await typesIn(`violation-${own('v1')}`)).filter((type) => type === 'ViolationQuiet')).toHaveLength(2);
  });

  it('is told once of each silence also when the engine starts again, and when it was down as the day ended', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await sensor.detected(own('v2'), { frameTime: instant(hour) });
    await pass(newWatch(), 24 * hour);
    await engine.restart();
    await until(() => engine.parts.violationIndex.live);
    await pass(newWatch(), hour);
    await pass(newWatch(), hour);
    for (const id of [own('v1'), own('v2')])
      expect(await typesIn(`violation-${id}`)).toEqual(['ViolationDetected', 'ViolationQuiet']);
  });

  it('is quiet again when it is taken up after it was closed', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    const watch = newWatch();
    await pass(watch, 25 * hour);
    await analyst.act(own('v1'), 'resolve');
    expect(await analyst.show(own('v1'))).not.toHaveProperty('quiet');
    await analyst.act(own('v1'), 'acknowledge');
    await pass(watch, hour);
    expect(await analyst.show(own('v1'))).toMatchObject({ state: 'acknowledged', quiet: true });
  });
});

describe('a mute', () => {
  it('is ended at its time by one event of that time, however late it is written', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await mute(own('m1'), hour);
    await mute(own('m2'), 40 * hour);
    const watch = newWatch();
    await pass(watch, hour - 1);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted']);
    await engine.restart();
    await until(() => engine.parts.violationIndex.live);
    const after = newWatch();
    await pass(after, 2 * hour);
    await pass(after, hour);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
    const { events } = await engine.parts.store.readStream(`mute-${own('m1')}`, { backwards: true, limit: 1 });
    expect(events[0]).toMatchObject({ metadata: { time: instant(hour) }, data: { by: 'expiry' } });
    expect(await typesIn(`mute-${own('m2')}`)).toEqual(['ViolationMuted']);
  });

  it('that somebody ended, or a violation that is not there, is left alone', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await mute(own('m1'), hour);
    await mute(own('m3'), hour, own('nobody'));
    expect((await analyst.post(`mutes/${own('m1')}/end`)).status).toBe(200);
    const watch = newWatch();
    await pass(watch, 2 * hour);
    await pass(watch, hour);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
    expect(await typesIn(`mute-${own('m3')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
  });
});

describe('two watches that look at once', () => {
  it('write down each silence and each end once', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await mute(own('m1'), hour);
    [wall, elapsed] = [25 * hour, 25 * hour];
    await Promise.all([newWatch(), newWatch()].map((watch) => watch.look()));
    expect(await typesIn(`violation-${own('v1')}`)).toEqual(['ViolationDetected', 'ViolationQuiet']);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
  });
});

describe('a wall clock that jumps', () => {
  it('ahead and back within one look ends nothing, and one that stays ahead is believed at the second look', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await mute(own('m1'), hour);
    const watch = newWatch();
    await pass(watch, 1000);
    wall += 48 * hour;
    await pass(watch, 1000);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted']);
    wall -= 48 * hour;
    await pass(watch, 1000);
    await pass(watch, 1000);
    expect([await typesIn(`mute-${own('m1')}`), await typesIn(`violation-${own('v1')}`)]).toEqual([
      ['ViolationMuted'],
      ['ViolationDetected'],
    ]);
    wall += 48 * hour;
    await pass(watch, 1000);
    await pass(watch, 1000);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
  });

  it('back writes nothing a second time', async () => {
    await sensor.detected(own('v1'), { frameTime: instant(0) });
    await mute(own('m1'), hour);
    const watch = newWatch();
    await pass(watch, 25 * hour);
    wall -= 30 * hour;
    await pass(watch, 1000);
    await pass(watch, 31 * hour);
    expect(await typesIn(`mute-${own('m1')}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
    expect(await typesIn(`violation-${own('v1')}`)).toEqual(['ViolationDetected', 'ViolationQuiet']);
  });
});

describe('the watch of a running engine', () => {
  it('ends by itself a mute whose time is over', async () => {
    await sensor.detected(own('v1'));
    const scope = { violationId: own('v1') };
    const made = await analyst.post('mutes', { scope, reason: 'short', until: instant(hour) });
    expect(made.status).toBe(201);
    const { store, violationIndex: index, log } = engine.parts;
    const now = (): number => Date.now() + 2 * hour;
    const watch = new TriageWatch({ store, index, quietMs: 24 * hour, log, everyMs: 20, now });
    watch.start();
    const ended = (): boolean =>
      [...index.mutes.all()].some(({ muteId, endedBy }) => muteId === made.body['muteId'] && endedBy === 'expiry');
    await until(ended);
    expect(await analyst.show(own('v1'))).toMatchObject({ wasMuted: { muteId: made.body['muteId'] } });
    await watch.close();
  });
});
