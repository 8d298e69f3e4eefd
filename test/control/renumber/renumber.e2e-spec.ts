import type { ViolationView } from '../../../src/feed/violation-view.js';
import { portledger, speakingTo } from '../../cli/said.js';
import { until } from '../../reactors/reactor-bench.js';
import { newPrefix, oldPrefix, RenumberRig } from './renumber-rig.js';

let rig: RenumberRig;
afterEach(() => rig.stop());

/** Found, and written down. */
const stateIs = (state: string): Promise<void> =>
  until(async () => {
    const now = await rig.only();
    return now.state === state && now.since !== undefined;
  });
const assign = (prefix: string): Promise<void> => rig.publish('Ipv6PrefixAssigned', { serverId: 'srv-16', prefix });
const release = (prefix: string): Promise<void> => rig.publish('Ipv6PrefixReleased', { serverId: 'srv-16', prefix });

async function begun(quiet: string, listening = true): Promise<string> {
  rig = await RenumberRig.start(listening);
  await rig.sell();
  await until(() => rig.announced().includes(oldPrefix));
  const words = ['--customer', 'cust-7', '--from', oldPrefix, '--to', newPrefix, '--quiet', quiet];
  const { code, out } = await rig.say('start', ...words);
  expect([code, out]).toEqual([0, expect.stringContaining('planned')]);
  return (await rig.only()).renumberingId;
}

async function bothLive(id: string): Promise<void> {
  expect((await rig.say('next', id)).code).toBe(0);
  await stateIs('waiting-for-grant');
  await assign(newPrefix);
  await until(async () => ['both-live', 'safe-to-remove'].includes((await rig.only()).state));
}

async function finished(id: string): Promise<void> {
  expect((await rig.say('next', id)).code).toBe(0);
  await stateIs('waiting-for-release');
  await release(oldPrefix);
  await stateIs('finished');
}

describe('a renumbering', () => {
  it('keeps both prefixes alive until the old one is quiet, and ends when billing released it', async () => {
    const id = await begun('3s');
    expect(rig.billing.received).toEqual([]);
    await bothLive(id);
    expect(rig.announced()).toEqual([newPrefix, oldPrefix].sort());
    // For as long as the old prefix is used it does not become safe to remove.
    const states = new Set<string>();
    const end = Date.now() + 4_500;
    while (Date.now() < end) {
      rig.useOldPrefix();
      states.add((await rig.only()).state);
    }
    expect([...states]).toEqual(['both-live']);
    const refused = await rig.say('next', id);
    expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('not known to be quiet')]);
    await stateIs('safe-to-remove');
    const { heard, detail } = await rig.only();
    expect(heard.frames).toBeGreaterThan(0);
    expect(detail).toContain('not heard by neighbour discovery for 3 s');
    expect(Date.parse(heard.quietAt ?? '') - Date.parse(heard.last ?? '')).toBeGreaterThanOrEqual(3_000);
    await until(async () => JSON.stringify((await rig.engine.call('/readyz')).body['alerts']).includes(id));
    const overview = await portledger(['overview'], speakingTo(rig.engine, rig.engine.tokens.every));
    expect(overview.out).toContain(`portledger renumber next ${id} asks billing to release it`);

    expect((await rig.say('next', id)).out).toContain(`Billing must publish Ipv6PrefixReleased ${oldPrefix}`);
    await stateIs('waiting-for-release');
    await until(async () => !JSON.stringify((await rig.engine.call('/readyz')).body['alerts']).includes(id));
    expect(rig.announced()).toContain(oldPrefix);
    await release(oldPrefix);
    await stateIs('finished');
    expect(rig.announced()).toEqual([newPrefix]);
    await until(() => rig.billing.received.length === 2);
    expect(
      rig.billing.received.map(({ type, data }) => [type, data['asked'], data['serverId'], data['prefix']]),
    ).toEqual([
      ['renumbering.asked', 'Ipv6PrefixAssigned', 'srv-16', newPrefix],
      ['renumbering.asked', 'Ipv6PrefixReleased', 'srv-16', oldPrefix],
    ]);
    const told = await rig.told(id);
    expect(told.filter((one) => !one.endsWith('waiting-for-route') && !one.endsWith('withdrawal'))).toEqual([
      'RenumberingStarted',
      'RenumberingAdvanced',
      'RenumberingProgressed waiting-for-grant',
      'RenumberingProgressed both-live',
      'RenumberingProgressed safe-to-remove',
      'RenumberingAdvanced',
      'RenumberingProgressed waiting-for-release',
      'RenumberingProgressed finished',
    ]);
    const explained = await portledger(
      ['audit', 'explain', 'server:srv-16'],
      speakingTo(rig.engine, rig.engine.tokens.every),
    );
    expect(explained.out).toMatch(
      /Ipv6PrefixAssigned[^]*RenumberingStarted[^]*Ipv6PrefixReleased[^]*RenumberingProgressed/,
    );
    const ofAnother = ['audit', 'explain', '2001:db8:99::1'];
    expect((await portledger(ofAnother, speakingTo(rig.engine, rig.engine.tokens.every))).out).not.toContain(
      'Renumbering',
    );
    expect(rig.engine.logLines.filter((line) => line.includes('a renumbering went on')).length).toBeGreaterThan(4);
  });

  it('is told in the feed of what still uses the old prefix after its release, and changes no verdict', async () => {
    const id = await begun('1s');
    await bothLive(id);
    await stateIs('safe-to-remove');
    await finished(id);
    const found = async (...words: string[]): Promise<ViolationView[]> => {
      const asked = ['violations', '--json', ...words];
      const { code, out } = await portledger(asked, speakingTo(rig.engine, rig.engine.tokens.every));
      expect(code).toBe(0);
      return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ViolationView]));
    };
    expect(await found()).toEqual([]);
    rig.useOldPrefix();
    await until(async () => (await found()).length > 0);
    const [violation] = await found('--renumbering', id);
    expect(violation?.rule).toBe('unassigned-address');
    expect(violation?.offender?.serverId).toBe('srv-16');
    const told = { renumberingId: id, serverId: 'srv-16', from: oldPrefix, to: newPrefix, prefix: 'old' };
    expect(violation?.renumbering).toEqual({ ...told, state: 'finished' });
    expect(await found('--renumbering', 'rn-another')).toEqual([]);
    const words = ['violations', 'show', violation?.violationId ?? ''];
    const { out } = await portledger(words, speakingTo(rig.engine, rig.engine.tokens.every));
    expect(out).toContain(`${oldPrefix} is the old prefix of srv-16, which goes to ${newPrefix}: finished`);
    // Taken back, the address is sold again, and what was heard before says how the renumbering is now.
    expect((await rig.say('back', id, '--reason', 'too early')).code).toBe(0);
    await stateIs('waiting-for-old');
    expect((await found())[0]?.renumbering?.state).toBe('waiting-for-old');
  });

  it('is rolled back before the release: billing is asked for the new prefix back, and the old one stays', async () => {
    const id = await begun('1h');
    await bothLive(id);
    const { out } = await rig.say('back', id, '--reason', 'the customer is on holiday');
    expect(out).toContain(`Billing must publish Ipv6PrefixReleased ${newPrefix}`);
    await stateIs('waiting-for-return');
    expect((await rig.say('next', id)).code).toBe(4);
    await release(newPrefix);
    await stateIs('rolled-back');
    expect(rig.announced()).toEqual([oldPrefix]);
    expect(await rig.only()).toMatchObject({ reason: 'the customer is on holiday', by: 'token:every' });
    await until(() => rig.billing.received.length === 2);
    expect(rig.billing.received[1]?.data).toMatchObject({
      ...{ asked: 'Ipv6PrefixReleased', prefix: newPrefix, reason: 'the customer is on holiday' },
    });
  });

  it('is taken back after the release: billing is asked for the old prefix again, and both live once more', async () => {
    const id = await begun('1s');
    await bothLive(id);
    await stateIs('safe-to-remove');
    await finished(id);
    expect((await rig.say('back', id, '--reason', 'a monitor used it')).out).toContain('waiting-for-old');
    await stateIs('waiting-for-old');
    expect((await rig.say('back', id, '--reason', 'and more')).code).toBe(4);
    await assign(oldPrefix);
    await until(async () => ['both-live', 'safe-to-remove'].includes((await rig.only()).state));
    expect(rig.announced()).toEqual([newPrefix, oldPrefix].sort());
    await rig.say('back', id, '--reason', 'all of it');
    await release(newPrefix);
    await stateIs('rolled-back');
    expect(rig.announced()).toEqual([oldPrefix]);
  });

  it('ends at once when it is taken back before anything was asked, and billing hears nothing', async () => {
    const id = await begun('1h');
    expect((await rig.say('back', id, '--reason', 'the wrong one')).out).toContain('rolled-back');
    expect(await rig.told(id)).toEqual(['RenumberingStarted', 'RenumberingTakenBack']);
    // Another one of the same prefix may begin, under another id.
    const again = await rig.say('start', '--server', 'srv-16', '--from', oldPrefix, '--to', newPrefix, '--json');
    expect((JSON.parse(again.out) as { renumberingId: string }).renumberingId).not.toBe(id);
    expect(rig.billing.received).toEqual([]);
  });

  it('says that nobody hears the port, and goes on only by an operator who says why', async () => {
    const id = await begun('1s', false);
    await bothLive(id);
    expect((await rig.only()).detail).toContain('no sensor of this engine hears the port');
    expect((await rig.say('next', id)).code).toBe(4);
    expect((await rig.say('next', id, '--not-quiet')).code).toBe(1);
    await rig.say('next', id, '--not-quiet', '--reason', 'the customer says so');
    await stateIs('waiting-for-release');
    expect((await rig.only()).reason).toBe('the customer says so');
  });

  it('counts the quiet from anew after a start of the engine, and remembers what it found', async () => {
    const id = await begun('1s');
    await bothLive(id);
    await stateIs('safe-to-remove');
    await rig.engine.restart();
    await until(async () => (await rig.told(id)).filter((one) => one.endsWith('both-live')).length === 2);
    await stateIs('safe-to-remove');
    expect((await rig.only()).renumberingId).toBe(id);
  });
});

describe('the list of renumberings', () => {
  it('is told again only where something changed since', async () => {
    const id = await begun('1h');
    const headers = { authorization: `Bearer ${rig.engine.tokens.viewer}` };
    const ask = (known: object = {}) =>
      fetch(`${rig.engine.url}/v1/renumberings`, { headers: { ...headers, ...known } });
    await stateIs('planned');
    const tag = (await ask()).headers.get('etag') ?? '';
    expect((await ask({ 'if-none-match': tag })).status).toBe(304);
    expect((await rig.say('next', id)).code).toBe(0);
    const { status, headers: told } = await ask({ 'if-none-match': tag });
    expect([status, told.get('etag') === tag]).toEqual([200, false]);
  });
});

describe('the orders of two people', () => {
  it('need an etag, and the second of them is told what is so', async () => {
    const id = await begun('1h');
    const path = `/v1/renumberings/${id}`;
    const { etag } = await rig.only();
    expect((await rig.call(`${path}/next`, { body: {} })).status).toBe(428);
    expect((await rig.call(`${path}/next`, { body: {}, etag: '"x"' })).status).toBe(400);
    expect((await rig.call(`${path}/next`, { body: {}, etag: `"${etag}"` })).status).toBe(200);
    const late = await rig.call(`${path}/back`, { body: { reason: 'no' }, etag });
    expect([late.status, late.body['renumbering']]).toEqual([412, expect.objectContaining({ renumberingId: id })]);
    expect((await rig.call(`${path}/back`, { body: {}, etag })).status).toBe(400);
    expect((await rig.call('/v1/renumberings/rn-0/next', { body: {}, etag })).status).toBe(404);
    const viewer = { token: rig.engine.tokens.viewer };
    expect((await rig.call(path, viewer)).status).toBe(200);
    expect((await rig.call(`${path}/next`, { body: {}, etag, ...viewer })).status).toBe(403);
  });

  it('cannot renumber a prefix twice, one that is not sold, or into itself', async () => {
    await begun('1h');
    const start = async (from: string, to: string, serverId = 'srv-16'): Promise<[number, unknown]> => {
      const { status, body } = await rig.call('/v1/renumberings', { body: { serverId, from, to } });
      return [status, (body['type'] as string).replace(/.*\//, '')];
    };
    expect(await start(oldPrefix, '2001:db8:2::/48')).toEqual([409, 'renumbering-under-way']);
    expect(await start('2001:db8:99::/64', newPrefix)).toEqual([409, 'renumbering-refused']);
    expect(await start(oldPrefix, oldPrefix)).toEqual([409, 'renumbering-refused']);
    expect(await start(oldPrefix, '2001:db8:16::1:0/112')).toEqual([409, 'renumbering-refused']);
    expect(await start('2001:db8:16::1/64', newPrefix)).toEqual([400, 'renumbering-malformed']);
    expect(await start(oldPrefix, newPrefix, 'srv-none')).toEqual([409, 'renumbering-refused']);
  });
});
