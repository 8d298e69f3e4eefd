import { MuteDesk } from '../../src/feed/mute-desk.js';
import { readAction } from '../../src/feed/triage-actions.js';
import { TriageDesk } from '../../src/feed/triage-desk.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { StoredViolations } from './stored-violations.js';
import { TriageClient } from './triage-client.js';

type Store = RunningEngine['parts']['store'];
const day = 24 * 3_600_000;
let engine: RunningEngine;
let sensor: StoredViolations;
let analyst: TriageClient;
beforeAll(async () => {
  engine = await RunningEngine.start();
  sensor = new StoredViolations(engine);
  analyst = new TriageClient(engine, engine.tokens['security-analyst']);
});
afterAll(() => engine.stop());

const typesIn = async (stream: string): Promise<string[]> =>
  (await engine.parts.store.readStream(stream, { limit: 100 })).events.map(({ type }) => type);

/** The log, where nobody's act is stored before so many have looked. */
function meeting(store: Store, most: number): Pick<Store, 'appendMany' | 'readStream'> {
  let come = 0;
  let open = (): void => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return {
    readStream: store.readStream.bind(store),
    async appendMany(requests) {
      if (++come >= most) open();
      await all;
      return store.appendMany(requests);
    },
  };
}

describe('two who act on what both of them saw', () => {
  it('are told who came first: one act is stored, at the revision that was looked at', async () => {
    const { store, projector } = engine.parts;
    await sensor.detected('v1');
    const { etag } = await analyst.show('v1');
    const desk = new TriageDesk(meeting(store, 2), projector.liveMap);
    const order = (by: string, name: 'resolve' | 'acknowledge') => {
      const action = readAction(name, {}, by);
      if ('problem' in action) throw new Error(action.problem);
      return desk.act({ violationId: 'v1', etag, action: action.value });
    };
    const outcomes = await Promise.all([order('token:a', 'resolve'), order('token:b', 'acknowledge')]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'stale']);
    expect(await typesIn('violation-v1')).toHaveLength(2);
  });

  it('are both served where the other one only counted frames', async () => {
    const { store, projector } = engine.parts;
    await sensor.detected('v2');
    const { etag } = await analyst.show('v2');
    const slow = meeting(store, 2);
    const action = readAction('resolve', {}, 'token:a');
    if ('problem' in action) throw new Error(action.problem);
    const acted = new TriageDesk(slow, projector.liveMap).act({ violationId: 'v2', etag, action: action.value });
    await sensor.repeated('v2');
    await slow.appendMany([]);
    expect(await acted).toMatchObject({ outcome: 'done', row: { state: 'resolved', count: 2 } });
  });
});

describe('a mute', () => {
  const muted = async (violationId: string): Promise<string> => {
    const until = new Date(Date.now() + day).toISOString();
    const made = await analyst.post('mutes', { scope: { violationId }, reason: 'known', until });
    expect(made.status).toBe(201);
    return String(made.body['muteId']);
  };

  it('that two end at once is ended by one of them', async () => {
    const { store, projector } = engine.parts;
    await sensor.detected('v3');
    const muteId = await muted('v3');
    const desk = new MuteDesk(store, projector.liveMap);
    const outcomes = await Promise.all(['token:a', 'token:b'].map((by) => desk.end(muteId, by, undefined)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['done', 'over']);
    expect(await typesIn(`mute-${muteId}`)).toEqual(['ViolationMuted', 'ViolationMuteEnded']);
  });

  it('whose time is over is ended by nobody, also before that is written down', async () => {
    const { store, projector } = engine.parts;
    await sensor.detected('v4');
    const muteId = await muted('v4');
    const desk = new MuteDesk(store, projector.liveMap, () => Date.now() + 2 * day);
    expect(await desk.end(muteId, 'token:a', undefined)).toMatchObject({ outcome: 'over' });
    expect(await typesIn(`mute-${muteId}`)).toEqual(['ViolationMuted']);
  });
});
