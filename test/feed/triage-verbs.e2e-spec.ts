import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { StoredViolations } from './stored-violations.js';

let engine: RunningEngine;
let sensor: StoredViolations;
beforeAll(async () => {
  engine = await RunningEngine.start();
  sensor = new StoredViolations(engine);
});
afterAll(() => engine.stop());

const say = (...words: string[]): Promise<Said> =>
  portledger(['violations', ...words], speakingTo(engine, engine.tokens['security-analyst']));

describe('portledger violations', () => {
  it('acts on a violation, and shows what was done about it with no mark that would forge a line', async () => {
    await sensor.detected('v1');
    expect(await say('ack', 'v1', '--assignee', 'token:network')).toMatchObject({
      code: 0,
      out: 'v1 is acknowledged, with token:network.\n',
    });
    expect((await say('comment', 'v1', '--text', 'a\n\u001b[31mb\u202e')).code).toBe(0);
    expect((await say('ticket', 'v1', '--link', 'https://tickets.example/1')).code).toBe(0);
    expect((await say('resolve', 'v1', '--comment', 'unplugged')).out).toBe('v1 is resolved, with token:network.\n');
    const { code, out } = await say('show', 'v1');
    expect(code).toBe(0);
    expect(out).toContain('state       resolved, with token:network, https://tickets.example/1');
    expect(out).toMatch(/^why +\S/m);
    expect(out).toMatch(/commented +token:security-analyst +a\\u000a\\u001b\[31mb\\u202e\n/);
    const shown = JSON.parse((await say('show', 'v1', '--json')).out) as { history: { what: string }[] };
    expect(shown.history.map(({ what }) => what)).toEqual(['acknowledged', 'commented', 'ticket', 'resolved']);
    expect((await say('list', '--state', 'resolved', '--json')).out).toContain('"violationId":"v1"');
  });

  it('ends with 4 where somebody acted since, and where the table refuses it', async () => {
    await sensor.detected('v2');
    const { etag } = JSON.parse((await say('show', 'v2', '--json')).out) as { etag: string };
    await say('false-positive', 'v2', '--comment', 'a cluster');
    const late = await say('ack', 'v2', '--etag', etag);
    expect(late).toMatchObject({ code: 4, err: expect.stringContaining('token:security-analyst did this') as string });
    expect(await say('resolve', 'v2')).toMatchObject({
      code: 4,
      err: expect.stringContaining('acknowledge it') as string,
    });
    expect((await say('ack', 'nobody')).code).toBe(3);
  });

  it('mutes after saying what that hides, lists mutes and ends them', async () => {
    await sensor.detected('v3', { port: 'leaf3:Ethernet1' });
    const scope = ['--rule', 'address-spoof', '--port', 'leaf3:Ethernet1'];
    expect((await say('mute', ...scope, '--dry-run')).out).toContain('It would hide 1 violations, 1 of them open');
    const made = await say('mute', ...scope, '--reason', 'the card is replaced', '--for', '7d', '--json');
    const { muteId } = JSON.parse(made.out) as { muteId: string };
    expect((await say('list', '--muted', 'true', '--json')).out).toContain('"violationId":"v3"');
    expect((await say('mutes')).out).toMatch(new RegExp(`${muteId} +active +address-spoof leaf3:Ethernet1 .*the card`));
    expect(await say('unmute', muteId)).toMatchObject({ code: 0, out: `${muteId} has ended.\n` });
    expect((await say('unmute', muteId)).code).toBe(4);
    expect((await say('mutes', '--state', 'active')).out).toBe('There are no mutes.\n');
  });

  it.each([
    [['ack'], 'expected one id'],
    [['comment', 'v1'], '--text is missing'],
    [['mute', 'v1', '--for', '1d'], '--reason is missing'],
    [['mute', 'v1', '--reason', 'x'], 'Until when?'],
    [['mute', '--rule', 'address-spoof', '--reason', 'x', '--for', '1d'], 'expected the id of one violation'],
    [['resolv', 'v1'], 'Did you mean resolve?'],
    [['ack', 'v1', '--coment', 'x'], 'Did you mean comment?'],
  ])('refuses %j as wrong usage', async (words, why) => {
    const { code, err } = await say(...words);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(why) as string });
  });
});
