import { type Fact, idFromContent, UnansweredError } from '../../src/client/index.js';
import { eventually } from '../contracts/event-store.check.js';
import { fact, moody, time, token } from './moody-client.js';
import type { Mood } from './moody-engine.js';

const { engine, client } = moody();
const many = (count: number, from = 0): Fact[] =>
  Array.from({ length: count }, (_, index) => fact(`f${from + index}`, `s${from + index}`));
/** These moods, one request each, then well. */
const inTurn = (...moods: Mood[]): void => {
  engine().mood = () => moods.shift() ?? 'well';
};

describe('a fact that is published', () => {
  it('is answered where it stands and what it means, once it is stored', async () => {
    engine().more = {
      conflicts: [{ claim: 'mac 1', holder: 's9' }],
      backDated: true,
      effect: 'a newer word',
      newer: 1,
    };
    expect(await client().publish(fact('f1', 's1'))).toEqual({
      stored: true,
      id: 'f1',
      eventId: 'urn:test f1',
      position: 'p0',
      ordinal: 0,
      effect: 'a newer word',
      conflicts: [{ claim: 'mac 1', holder: 's9' }],
      backDated: true,
    });
    expect(engine().log).toEqual([
      {
        specversion: '1.0',
        type: 'ServerSuspended',
        source: 'urn:test',
        id: 'f1',
        subject: 's1',
        time,
        schemaversion: 1,
        data: { serverId: 's1', reason: 'yes' },
      },
    ]);
  });

  it('that is refused is answered with the words of the engine, and sent once', async () => {
    expect(await client().publish(fact('f1', 's1', 'no'))).toEqual({
      stored: false,
      id: 'f1',
      status: 422,
      code: 'invalid-event',
      detail: 'The reason is no.',
      errors: [{ pointer: '/data/reason', detail: 'not this one' }],
    });
    expect(engine().requests).toHaveLength(1);
  });

  it.each([400, 401, 403, 409, 413, 422])(
    'is refused with the whole request by a %d, and sent once',
    async (status) => {
      inTurn({ status });
      expect(await client().publish(fact('f1', 's1'))).toMatchObject({
        stored: false,
        status,
        code: 'a-reason',
        detail: 'Because.',
      });
      expect(engine().requests).toHaveLength(1);
    },
  );

  it('gets the same id from the same content, and the id is stored once', async () => {
    const of = (data: Fact<'ServerMoved'>['data'], when: string | Date = time): Fact => ({
      type: 'ServerMoved',
      id: idFromContent,
      time: when,
      data,
    });
    const one = client();
    const outcomes = await Promise.all([
      one.publish(of({ serverId: 's1', port: 'leaf1:1', vlan: 1 })),
      one.publish(of({ vlan: 1, port: 'leaf1:1', serverId: 's1' }, new Date(time))),
      one.publish(of({ serverId: 's1', port: 'leaf1:1', vlan: 2 })),
    ]);
    const [first, same, other] = outcomes.map(({ id }) => id);
    expect(same).toBe(first);
    expect(other).not.toBe(first);
    expect(engine().log).toHaveLength(2);
  });

  it('larger than any request is refused in its turn, and so is what waits behind it', async () => {
    const one = client();
    const outcomes = await Promise.all([
      one.publish(fact('f1', 's1')),
      one.publish(fact('f2', 's1', 'x'.repeat(1_100_000))),
      one.publish(fact('f3', 's1')),
      one.publish(fact('f4', 's2')),
    ]);
    expect(outcomes.map((outcome) => (outcome.stored ? 201 : outcome.code))).toEqual([
      201,
      'event-too-large',
      'predecessor-refused',
      201,
    ]);
    expect(engine().storedIds().sort()).toEqual(['f1', 'f4']);
  });

  it('of a type that only the engine writes is not sent', async () => {
    const wrong = { ...fact('f1', 's1'), type: 'MacSeen' } as unknown as Fact;
    await expect(client().publish(wrong)).rejects.toThrow('type: found "MacSeen", expected one of ServerAdded');
    expect(engine().requests).toEqual([]);
  });
});

describe('facts that are offered together', () => {
  it('share a request, up to 500', async () => {
    const one = client({ gatherMs: 50 });
    await Promise.all(many(1_201).map((each) => one.publish(each)));
    expect(engine().requests.map(({ ids }) => ids.length)).toEqual([500, 500, 201]);
  });

  it('share a request only as far as it stays below 1 MiB', async () => {
    const one = client();
    const large = 'x'.repeat(60_000);
    await Promise.all(
      many(40).map(({ id, data }) => one.publish(fact(String(id), (data as { serverId: string }).serverId, large))),
    );
    expect(engine().log).toHaveLength(40);
    expect(Math.max(...engine().requests.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024);
    expect(engine().requests).toHaveLength(3);
  });

  it('go side by side for different subjects, as many requests as allowed', async () => {
    const held: (() => void)[] = [];
    engine().beforeAnswer = () => new Promise((resolve) => held.push(resolve));
    const one = client({ concurrency: 3 });
    const outcomes = Promise.all(many(2_500).map((each) => one.publish(each)));
    await eventually(() => held.length >= 3, 'three requests are held', 60_000);
    // Time for a fourth, which would be too many.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(engine().mostAtOnce).toBe(3);
    engine().beforeAnswer = () => Promise.resolve();
    for (const release of held) release();
    await outcomes;
    expect(engine().mostAtOnce).toBe(3);
    // What waited meanwhile is more than one request may hold.
    expect(Math.max(...engine().requests.map(({ ids }) => ids.length))).toBe(500);
  });

  it('of one subject are never in two requests at once, and keep their order', async () => {
    engine().beforeAnswer = () => new Promise((resolve) => setImmediate(resolve));
    const one = client({ gatherMs: 0 });
    const ids = Array.from({ length: 300 }, (_, index) => `f${index}`);
    const outcomes: Promise<unknown>[] = [];
    for (const [index, id] of ids.entries()) {
      outcomes.push(one.publish(fact(id, index % 3 === 0 ? 'busy' : `s${index}`)));
      if (index % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(outcomes);
    expect([...engine().overlaps]).toEqual([]);
    expect(engine().requests.filter(({ ids: sent }) => sent.length > 0).length).toBeGreaterThan(3);
    expect(engine().storedIds('busy')).toEqual(ids.filter((_, index) => index % 3 === 0));
  });

  it('behind a refused one of their subject are refused too, and told so; another that is published after that is taken', async () => {
    let release = (): void => undefined;
    engine().beforeAnswer = () => new Promise((resolve) => (release = resolve));
    const one = client({ gatherMs: 0 });
    const early = one.publish(fact('f0', 's1', 'no'));
    await eventually(() => engine().requests.length === 1, 'the first request came', 60_000);
    const late = one.publish(fact('f1', 's1'));
    engine().beforeAnswer = () => Promise.resolve();
    const other = one.publish(fact('f2', 's2'));
    release();
    expect(await early).toMatchObject({ status: 422 });
    expect(await late).toMatchObject({
      stored: false,
      id: 'f1',
      status: 424,
      code: 'predecessor-refused',
      detail: 'f0, before it in s1, was refused (invalid-event). Mend that one, then publish both again.',
    });
    expect(await other).toMatchObject({ stored: true });
    expect(await one.publish(fact('f3', 's1'))).toMatchObject({ stored: true });
    expect(engine().storedIds()).toEqual(['f2', 'f3']);
  });
});

describe('a fact whose request goes wrong', () => {
  it.each<[string, Mood]>([
    ['a connection that breaks before it is stored', 'reset before'],
    ['a connection that breaks after it was stored', 'reset after'],
    ['half an answer', 'half body'],
    ['no answer in time', 'silent'],
    ['the page of a proxy', 'proxy'],
    ['a 429', { status: 429 }],
    ['a 503', { status: 503 }],
    ['a 507', { status: 507 }],
    ['a redirect, which is not followed', { status: 307, location: '/elsewhere' }],
    ['what is no answer of an engine', { status: 200 }],
  ])('is sent again after %s, with the same id, and stored once', async (_what, mood) => {
    inTurn(mood, mood);
    const one = client({ requestTimeoutMs: mood === 'silent' ? 200 : 20_000 });
    expect(await one.publish(fact('f1', 's1'))).toMatchObject({ stored: true, position: 'p0' });
    expect(engine().requests.length).toBeGreaterThanOrEqual(3);
    expect(new Set(engine().requests.map(({ path, ids }) => `${path} ${ids.join()}`))).toEqual(
      new Set(['/v1/events f1']),
    );
    expect(engine().storedIds()).toEqual(['f1']);
  });

  it('waits as long as the engine asks, and so does every other fact of the client', async () => {
    inTurn({ status: 503, retryAfter: '1' });
    const one = client({ gatherMs: 0 });
    const first = one.publish(fact('f1', 's1'));
    await eventually(() => engine().requests.length === 1, 'the first request came', 60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = one.publish(fact('f2', 's2'));
    await Promise.all([first, second]);
    const [asked, ...later] = engine().requests.map(({ at }) => at);
    // Timers may be a millisecond early, never more.
    for (const at of later) expect(at - (asked ?? 0)).toBeGreaterThanOrEqual(990);
    expect(later).toHaveLength(2);
  });

  it('waits until the date that the engine names', async () => {
    const date = new Date(Date.now() + 2_000).toUTCString();
    inTurn({ status: 507, retryAfter: date });
    await client().publish(fact('f1', 's1'));
    const again = performance.timeOrigin + (engine().requests[1]?.at ?? 0);
    expect(again).toBeGreaterThanOrEqual(Date.parse(date) - 50);
  });

  it('is given up at its deadline, and says how it stands, without the token', async () => {
    engine().mood = () => ({ status: 503 });
    const error: unknown = await client()
      .publish(fact('f1', 's1'), { deadlineMs: 2_000 })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnansweredError);
    expect(error).toMatchObject({ about: 'The fact f1 of urn:test', mayBeStored: true });
    expect(String(error)).toContain(
      'nobody waits longer than 2000 ms. It may be stored or not: publish the same again',
    );
    expect(engine().requests.length).toBeGreaterThan(1);
  });

  it('is given up also in the middle of the hour that the engine asked for, and the client can be closed', async () => {
    engine().mood = () => ({ status: 503, retryAfter: '3600' });
    const one = client();
    await expect(one.publish(fact('f1', 's1'), { deadlineMs: 1_000 })).rejects.toBeInstanceOf(UnansweredError);
    await one.close();
    expect(engine().log).toEqual([]);
  });

  it('is given up when its publisher says so, and sent no more', async () => {
    engine().mood = () => 'reset before';
    const control = new AbortController();
    const one = client();
    const outcome = one.publish(fact('f1', 's1'), { signal: control.signal });
    await eventually(() => engine().requests.length > 1, 'it was sent again', 60_000);
    control.abort();
    await expect(outcome).rejects.toMatchObject({ name: 'UnansweredError', mayBeStored: true });
    await one.close();
    const sent = engine().requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(engine().requests).toHaveLength(sent);
  });

  it('and is given up is overtaken by none that waits behind it', async () => {
    engine().mood = () => 'reset before';
    const one = client({ gatherMs: 0 });
    const first = one.publish(fact('f1', 's1'), { deadlineMs: 2_000 });
    await eventually(() => engine().requests.length > 1, 'it was sent again', 60_000);
    const behind = one.publish(fact('f2', 's1'));
    await expect(first).rejects.toMatchObject({ mayBeStored: true });
    await expect(behind).rejects.toMatchObject({ mayBeStored: false, attempts: 0 });
    engine().mood = () => 'well';
    expect(await one.publish(fact('f3', 's1'))).toMatchObject({ stored: true });
    expect(engine().storedIds()).toEqual(['f3']);
  });

  it('and is given up takes along what shares its request and its subject, and nothing else', async () => {
    engine().mood = () => 'reset before';
    const control = new AbortController();
    const one = client();
    const first = one.publish(fact('f1', 's1'), { signal: control.signal });
    const behind = one.publish(fact('f2', 's1'));
    const other = one.publish(fact('f3', 's2'));
    await eventually(() => engine().requests.length > 1, 'they were sent again', 60_000);
    control.abort();
    await expect(first).rejects.toMatchObject({ mayBeStored: true });
    await expect(behind).rejects.toMatchObject({ mayBeStored: true });
    engine().mood = () => 'well';
    expect(await other).toMatchObject({ stored: true });
    expect(engine().storedIds()).toEqual(['f3']);
  });

  it('is given up at once where the engine cannot be trusted to be it', async () => {
    const distrusted = Object.assign(new TypeError('fetch failed'), { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    const one = client({ fetch: () => Promise.reject(distrusted) });
    await expect(one.publish(fact('f1', 's1'))).rejects.toThrow(
      'got no answer in 1 attempt: DEPTH_ZERO_SELF_SIGNED_CERT.',
    );
  });
});

describe('the token', () => {
  it('goes with every request, asked anew each time', async () => {
    const tokens = ['one', 'two\n'];
    const one = client({ token: () => Promise.resolve(tokens.shift() ?? 'none') });
    await one.publish(fact('f1', 's1'));
    await one.publish(fact('f2', 's1'));
    expect(engine().requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
  });

  it('is in no error and in nothing that is printed', async () => {
    const { inspect } = await import('node:util');
    const bad = 'portledger_secret with a space';
    expect(() => client({ token: bad })).toThrow(TypeError);
    const one = client();
    engine().mood = () => ({ status: 401 });
    const told: unknown[] = [one, await one.publish(fact('f1', 's1'))];
    engine().mood = () => 'reset before';
    told.push(await one.publish(fact('f2', 's1'), { deadlineMs: 1_000 }).catch((error: unknown) => error));
    const asking = client({ token: () => bad });
    told.push(await asking.publish(fact('f3', 's1')).catch((error: unknown) => error));
    const printed = inspect(told, { depth: 20, showHidden: true, getters: true });
    expect(printed).toContain('UnansweredError');
    expect(printed).not.toContain(token);
    expect(printed).not.toContain('portledger_secret');
  });
});

describe('a dry run', () => {
  it('is not believed where the engine does not say that it was one', async () => {
    const tried = client().dryRun([fact('f1', 's1')]);
    await expect(tried).rejects.toThrow('The engine answered f1, but does not say that it was a dry run.');
    expect(engine().requests[0]?.path).toBe('/v1/events?dryRun=true');
  });
});

describe('a client that is closed', () => {
  it('has settled everything it took, and takes nothing more', async () => {
    inTurn('reset after', { status: 503 });
    const one = client({ gatherMs: 60_000 });
    const outcomes = Promise.all(many(3).map((each) => one.publish(each)));
    await one.close();
    expect((await outcomes).map(({ stored }) => stored)).toEqual([true, true, true]);
    await expect(one.publish(fact('f9', 's9'))).rejects.toThrow('This client was closed');
    await expect(one.capacity()).rejects.toThrow('This client was closed');
  });
});

describe('a URL', () => {
  it.each(['ftp://engine', 'engine', 'http://user:secret@engine', 'http://secret@engine', 'http://engine/?a=b'])(
    '%s is not taken, and not repeated',
    (url) => {
      const make = () => client({ url });
      expect(make).toThrow(TypeError);
      expect(make).not.toThrow('secret');
    },
  );
});
