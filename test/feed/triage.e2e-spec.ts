import { RunningEngine } from '../e2e/running-engine.js';
import { StoredViolations } from './stored-violations.js';
import { TriageClient } from './triage-client.js';

let engine: RunningEngine;
let sensor: StoredViolations;
let analyst: TriageClient;
let auditor: TriageClient;
beforeAll(async () => {
  engine = await RunningEngine.start();
  sensor = new StoredViolations(engine);
  analyst = new TriageClient(engine, engine.tokens['security-analyst']);
  auditor = new TriageClient(engine, engine.tokens.auditor);
});
afterAll(() => engine.stop());

const typesIn = async (id: string): Promise<string[]> => {
  const { events } = await engine.parts.store.readStream(`violation-${id}`, { limit: 1000 });
  return events.map(({ type }) => type);
};
const problem = (name: string): object => ({ type: `https://portledger.dev/problems/${name}` });
const inADay = (): string => new Date(Date.now() + 24 * 3_600_000).toISOString();

describe('an action', () => {
  it('is stored in the name of who asks, and answers the violation with its new etag', async () => {
    await sensor.detected('a1');
    const before = await analyst.show('a1');
    expect(before).toMatchObject({ state: 'new', history: [] });
    const { status, body } = await analyst.post('violations/a1/acknowledge', { comment: 'on it' }, `"${before.etag}"`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ violationId: 'a1', state: 'acknowledged', assignee: 'token:security-analyst' });
    expect(body['etag']).not.toBe(before.etag);
    expect((await analyst.show('a1')).history).toMatchObject([
      { what: 'acknowledged', by: 'token:security-analyst', assignee: 'token:security-analyst', text: 'on it' },
    ]);
    expect(await typesIn('a1')).toEqual(['ViolationDetected', 'ViolationAcknowledged']);
  });

  it('needs If-Match, and one that says what was seen', async () => {
    await sensor.detected('a2');
    expect(await analyst.post('violations/a2/resolve')).toMatchObject({ status: 428, body: problem('etag-missing') });
    expect(await analyst.post('violations/a2/resolve', undefined, '*')).toMatchObject({ status: 428 });
    for (const bad of ['abc', '"1", "2"', '""'])
      expect(await analyst.post('violations/a2/resolve', undefined, bad)).toMatchObject({
        status: 400,
        body: problem('etag-malformed'),
      });
    expect(await typesIn('a2')).toEqual(['ViolationDetected']);
  });

  it('by who looked before somebody else acted is answered 412, and names who, what and when', async () => {
    await sensor.detected('a3');
    const { etag } = await analyst.show('a3');
    const other = new TriageClient(engine, engine.tokens.every);
    await other.act('a3', 'ticket', { url: 'https://tickets.example/4711' });
    await other.act('a3', 'resolve', { comment: 'unplugged' });
    const { status, body } = await analyst.post('violations/a3/acknowledge', {}, etag);
    expect(status).toBe(412);
    expect(body).toMatchObject({
      ...problem('violation-changed'),
      detail: expect.stringMatching(/^token:every did this at 2\S+Z: resolved\. It is resolved now/) as string,
      acts: [
        { what: 'ticket', by: 'token:every', text: 'https://tickets.example/4711' },
        { what: 'resolved', by: 'token:every', text: 'unplugged' },
      ],
      violation: { state: 'resolved', ticket: 'https://tickets.example/4711' },
    });
    expect(await typesIn('a3')).toHaveLength(3);
  });

  it('is not made late by frames that are only counted, and takes the ETag of one violation as it is', async () => {
    await sensor.detected('a4');
    const { headers } = await analyst.get('violations/a4');
    await sensor.repeated('a4', 50);
    const { status, body } = await analyst.post('violations/a4/acknowledge', {}, headers.get('etag') ?? '');
    expect({ status, state: body['state'], count: body['count'] }).toEqual({
      status: 200,
      state: 'acknowledged',
      count: 51,
    });
  });

  it('of many who saw the same is done once', async () => {
    await sensor.detected('a5');
    const { etag } = await analyst.show('a5');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        analyst.post(`violations/a5/${n % 2 ? 'resolve' : 'comment'}`, n % 2 ? {} : { text: `${n}` }, etag),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 11 }, () => 412)]);
    expect(await typesIn('a5')).toHaveLength(2);
  });

  it('that the table refuses says why, and stores nothing', async () => {
    await sensor.detected('a6');
    await analyst.act('a6', 'false-positive', { comment: 'a cluster address' });
    expect(await analyst.act('a6', 'resolve')).toMatchObject({
      status: 409,
      body: { ...problem('not-in-this-state'), detail: expect.stringContaining('acknowledge it first') as string },
    });
    expect(await analyst.act('a6', 'acknowledge')).toMatchObject({ status: 200, body: { state: 'acknowledged' } });
  });

  it.each([
    ['acknowledge', { asignee: 'x' }, 'asignee: no such field; acknowledge takes assignee and comment'],
    ['acknowledge', { assignee: 7 }, 'assignee: expected a text'],
    ['false-positive', {}, 'comment: missing'],
    ['comment', { text: '' }, 'text: expected a text of 1 to 2000 characters'],
    ['comment', { text: 'x'.repeat(2001) }, 'text: expected a text of 1 to 2000 characters'],
    ['ticket', { url: 'javascript:alert(1)' }, 'url: expected an http or https URL'],
    ['resolve', { by: 'token:somebody-else' }, 'by: no such field'],
    ['acknowledge', { violationId: 'other' }, 'violationId: no such field'],
  ])('%s with words that it does not take is refused (%#)', async (action, body, why) => {
    if (engine.parts.projector.liveMap.map.violations.get('a7') === undefined) await sensor.detected('a7');
    const before = await typesIn('a7');
    const answer = await analyst.act('a7', action, body);
    expect(answer).toMatchObject({ status: 400, body: { ...problem('action-malformed') } });
    expect(answer.body['detail']).toContain(why);
    expect(await typesIn('a7')).toEqual(before);
  });

  it('on a violation that is not there, or of which an event cannot be read, says so', async () => {
    expect(await analyst.post('violations/none/resolve', {}, '1')).toMatchObject({
      status: 404,
      body: problem('unknown-violation'),
    });
    await sensor.detected('a8');
    const { etag } = await analyst.show('a8');
    await sensor.store('a8', 'ViolationResolved', { violationId: 'a8', by: 7 });
    expect(await analyst.post('violations/a8/resolve', {}, etag)).toMatchObject({
      status: 409,
      body: problem('stream-frozen'),
    });
  });

  it('keeps the words of a person as they were written', async () => {
    await sensor.detected('a9');
    const text = '<script>alert(1)</script>\n\u001b[31mred\u202e';
    await analyst.act('a9', 'comment', { text });
    expect((await analyst.show('a9')).history).toMatchObject([{ what: 'commented', text }]);
  });

  it('is for security analysts; auditors read', async () => {
    await sensor.detected('a10');
    const { etag } = await auditor.show('a10');
    for (const action of ['acknowledge', 'resolve', 'false-positive', 'comment', 'ticket'])
      expect((await auditor.post(`violations/a10/${action}`, {}, etag)).status).toBe(403);
    for (const path of ['violations/bulk', 'mutes', 'mutes/m/end'])
      expect((await auditor.post(path, {})).status).toBe(403);
    for (const path of ['violations', 'violations/a10', 'mutes']) {
      expect((await auditor.get(path)).status).toBe(200);
      expect((await new TriageClient(engine, engine.tokens.viewer).get(path)).status).toBe(403);
    }
    expect((await auditor.post('mutes/preview', { scope: { violationId: 'a10' } })).status).toBe(200);
    expect(await typesIn('a10')).toEqual(['ViolationDetected']);
  });
});

describe('a closed violation that is heard again', () => {
  it('is new again with what it was, and asks for an exception where it was called a false positive', async () => {
    await sensor.detected('c1');
    await sensor.detected('c2');
    await analyst.act('c1', 'acknowledge');
    await analyst.act('c1', 'resolve');
    await analyst.act('c2', 'false-positive', { comment: 'a cluster' });
    const later = new Date(Date.now() + 1000).toISOString();
    await sensor.repeated('c1', 2, later);
    await sensor.repeated('c2', 2, later);
    const [c1, c2] = [await analyst.show('c1'), await analyst.show('c2')];
    expect(c1).toMatchObject({ state: 'new', reopenedFrom: 'resolved', count: 3 });
    expect(c1).not.toHaveProperty('assignee');
    expect(c1.history.map(({ what }) => what)).toEqual(['acknowledged', 'resolved', 'reopened']);
    expect(c2).toMatchObject({ state: 'false-positive', asksForException: true, count: 3 });
    expect(await analyst.ids('?state=new,acknowledged&q=c1')).toEqual(['c1']);
  });
});

describe('a bulk', () => {
  it('answers in the order of its items, each by itself', async () => {
    for (const id of ['b1', 'b2', 'b3']) await sensor.detected(id);
    const etags = Object.fromEntries(
      await Promise.all(['b1', 'b2', 'b3'].map(async (id) => [id, (await analyst.show(id)).etag])),
    ) as Record<string, string>;
    await analyst.act('b2', 'acknowledge');
    const items = ['b3', 'b2', 'nobody', 'b1', 'b3'].map((id) => ({ id, etag: etags[id] ?? '1' }));
    const { status, body } = await analyst.post('violations/bulk', { action: 'resolve', comment: 'one switch', items });
    expect(status).toBe(200);
    expect(body['results']).toMatchObject([
      { id: 'b3', status: 200, violation: { state: 'resolved' } },
      { id: 'b2', status: 412, code: 'violation-changed' },
      { id: 'nobody', status: 404, code: 'unknown-violation' },
      { id: 'b1', status: 200, violation: { state: 'resolved' } },
      { id: 'b3', status: 412, code: 'violation-changed' },
    ]);
    expect(await typesIn('b3')).toEqual(['ViolationDetected', 'ViolationResolved']);
    expect((await analyst.show('b2')).state).toBe('acknowledged');
  });

  it('takes 500 and no more, and refuses as a whole what it does not understand', async () => {
    const items = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `n${n}`, etag: '1' }));
    const all = await analyst.post('violations/bulk', { action: 'acknowledge', items: items(500) });
    expect((all.body['results'] as { status: number }[]).map(({ status }) => status)).toEqual(
      Array.from({ length: 500 }, () => 404),
    );
    for (const [body, why] of [
      [{ action: 'acknowledge', items: items(501) }, 'items: expected 1 to 500'],
      [{ action: 'acknowledge', items: [] }, 'items: expected 1 to 500'],
      [{ action: 'mute', items: items(1) }, 'action: expected one of acknowledge'],
      [{ action: 'comment', items: items(1) }, 'text: missing'],
      [{ action: 'resolve', items: [{ id: 'b1' }] }, 'items/0/etag: expected'],
      [{ action: 'resolve', items: [{ etag: '1' }] }, 'items/0/id: expected'],
    ] as const) {
      const answer = await analyst.post('violations/bulk', body);
      expect(answer).toMatchObject({ status: 400, body: problem('action-malformed') });
      expect(answer.body['detail']).toContain(why);
    }
  });
});

describe('the list', () => {
  it('is answered 304 while nothing in it changed, and one violation as well', async () => {
    await sensor.detected('l1', { port: 'leaf7:Ethernet1', switch: 'leaf7' });
    const query = '?switch=leaf7';
    const [list, one] = [await analyst.get(`violations${query}`), await analyst.get('violations/l1')];
    const [listTag, oneTag] = [list, one].map(({ headers }) => headers.get('etag') ?? '');
    expect(listTag).toMatch(/^W\/"/);
    await sensor.detected('l2');
    for (const [path, tag] of [
      [`violations${query}`, listTag],
      ['violations/l1', oneTag],
    ] as const) {
      expect(await analyst.get(path, { 'if-none-match': `"x", ${tag}` })).toMatchObject({ status: 304, body: {} });
      expect((await analyst.get(path, { 'if-none-match': '"x"' })).status).toBe(200);
    }
    await sensor.repeated('l1');
    expect((await analyst.get(`violations${query}`, { 'if-none-match': listTag ?? '' })).status).toBe(200);
    expect((await analyst.get('violations/l1', { 'if-none-match': oneTag ?? '' })).status).toBe(200);
  });

  it('tells what became new since the position that an earlier answer gave', async () => {
    const { position } = await analyst.list();
    expect(await analyst.ids(`?newSince=${position}`)).toEqual([]);
    await analyst.act('l1', 'resolve');
    await sensor.repeated('l2');
    expect(await analyst.ids(`?newSince=${position}`)).toEqual([]);
    await sensor.detected('l3');
    await sensor.repeated('l1', 1, new Date(Date.now() + 2000).toISOString());
    expect((await analyst.ids(`?newSince=${position}`)).sort()).toEqual(['l1', 'l3']);
  });
});

describe('a mute', () => {
  it('hides what its preview said, and what it hid comes back with a mark when it is ended', async () => {
    const port = 'leaf8:Ethernet1';
    for (const id of ['m1', 'm2', 'm3'])
      await sensor.detected(id, { port, rule: id === 'm3' ? 'mac-moved' : 'mac-mismatch' });
    const scope = { rule: 'mac-mismatch', port };
    const preview = await analyst.post('mutes/preview', { scope });
    expect(preview.body).toMatchObject({ hides: 2, open: 2, alreadyMuted: 0, similar: [] });
    expect((preview.body['sample'] as { violationId: string }[]).map((one) => one.violationId).sort()).toEqual([
      'm1',
      'm2',
    ]);
    const until = inADay();
    const made = await analyst.post('mutes', { scope, reason: 'the card is replaced', until });
    expect(made).toMatchObject({
      status: 201,
      body: { state: 'active', scope, until, by: 'token:security-analyst', expiresSoon: true },
    });
    expect(await analyst.ids(`?port=${port}&muted=false`)).toEqual(['m3']);
    expect((await analyst.ids(`?port=${port}&muted=true`)).sort()).toEqual(['m1', 'm2']);
    expect(await analyst.show('m1')).toMatchObject({ state: 'new', muted: { reason: 'the card is replaced', until } });
    expect((await analyst.act('m1', 'acknowledge')).status).toBe(200);
    const muteId = String(made.body['muteId']);
    expect(await analyst.post(`mutes/${muteId}/end`, { reason: 'done' })).toMatchObject({
      status: 200,
      body: { state: 'ended', endedBy: 'token:security-analyst', endReason: 'done' },
    });
    expect(await analyst.post(`mutes/${muteId}/end`)).toMatchObject({ status: 409, body: problem('mute-over') });
    expect(await analyst.post('mutes/none/end')).toMatchObject({ status: 404, body: problem('unknown-mute') });
    const back = await analyst.show('m1');
    expect(back).toMatchObject({ state: 'acknowledged', wasMuted: { muteId, reason: 'the card is replaced' } });
    expect(back).not.toHaveProperty('muted');
    expect(back.history.map(({ what, by }) => [what, by])).toEqual([
      ['muted', 'token:security-analyst'],
      ['acknowledged', 'token:security-analyst'],
      ['mute-ended', 'token:security-analyst'],
    ]);
    expect((await analyst.post('mutes/preview', { scope })).body).toMatchObject({ hides: 2, similar: [{ muteId }] });
  });

  it('is listed with those that are over, asked by state, by what it is like and by when it ends', async () => {
    const one = await analyst.post('mutes', { scope: { violationId: 'm3' }, reason: 'known', until: inADay() });
    const long = new Date(Date.now() + 29 * 24 * 3_600_000).toISOString();
    const other = await analyst.post('mutes', {
      scope: { rule: 'mac-moved', customerId: 'cust-66' },
      reason: 'known',
      until: long,
    });
    const [id, otherId] = [one, other].map(({ body }) => body['muteId']);
    const listed = async (query: string): Promise<unknown[]> =>
      ((await analyst.get(`mutes${query}`)).body['mutes'] as { muteId: string }[]).map(({ muteId }) => muteId);
    expect(await listed('?state=active')).toEqual([id, otherId]);
    expect(await listed('?expiring-within=48')).toEqual([id]);
    expect(await listed('?violationId=m3')).toEqual([id, otherId]);
    expect(await listed('?rule=mac-moved&customerId=cust-66')).toEqual([id, otherId]);
    expect(await listed('?state=ended')).toHaveLength(1);
    for (const query of ['?state=over', '?rule=mac-moved', '?expiring-within=0', '?colour=red'])
      expect((await analyst.get(`mutes${query}`)).status).toBe(400);
  });

  it.each([
    [
      { scope: { violationId: 'm1' }, until: '2999-01-01T00:00:00Z', reason: 'x' },
      'until: a mute lasts 30 days at most',
    ],
    [
      { scope: { violationId: 'm1' }, until: '2020-01-01T00:00:00Z', reason: 'x' },
      'until: 2020-01-01T00:00:00.000Z is over',
    ],
    [{ scope: { violationId: 'm1' }, reason: 'x' }, 'until: expected an RFC 3339 instant'],
    [{ scope: { violationId: 'm1' }, until: inADay() }, 'reason: say why'],
    [{ scope: { violationId: 'm1' }, until: inADay(), reason: 'a\nb' }, 'reason: expected a text of 1 to 500'],
    [{ scope: { rule: 'mac-moved' }, until: inADay(), reason: 'x' }, 'scope: expected {violationId}'],
    [{ scope: { port: 'leaf1:Ethernet1' }, until: inADay(), reason: 'x' }, 'scope: expected'],
    [
      { scope: { rule: 'no-rule', port: 'leaf1:Ethernet1' }, until: inADay(), reason: 'x' },
      'scope/rule: expected one of',
    ],
    [{ scope: { violationId: 'm1', rule: 'mac-moved' }, until: inADay(), reason: 'x' }, 'scope: expected'],
    [{ scope: {}, until: inADay(), reason: 'x' }, 'scope: expected'],
    [{ until: inADay(), reason: 'x', by: 'me' }, 'by: no such field'],
  ])('%j is refused: %s', async (body, why) => {
    const answer = await analyst.post('mutes', body);
    expect(answer).toMatchObject({ status: 400, body: problem('mute-malformed') });
    expect(answer.body['detail']).toContain(why);
  });
});

describe('an engine that starts again', () => {
  it('shows states, assignees, histories, mutes and etags as before', async () => {
    const before = await Promise.all(['a1', 'a3', 'c1', 'c2', 'm1', 'm3'].map((id) => analyst.show(id)));
    const mutes = (await analyst.get('mutes')).body;
    const { etag } = await analyst.show('a1');
    await engine.restart();
    expect(await Promise.all(before.map(({ violationId }) => analyst.show(violationId)))).toEqual(before);
    expect((await analyst.get('mutes')).body).toEqual(mutes);
    expect((await analyst.post('violations/a1/resolve', {}, etag)).status).toBe(200);
  });
});
