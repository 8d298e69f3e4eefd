import type { ExceptionsAnswer } from '../../../src/sensor/exceptions/exceptions.controller.js';
import { portledger, type Said, speakingTo } from '../../cli/said.js';
import { type RunningEngine, source } from '../../e2e/running-engine.js';
import { arp, ethernet } from '../capture/frames.js';
import { asked, Captures, sensorOn, startSensing } from '../coverage/sensing-engine.js';
import { tell, until } from '../judge/sensor-rig.js';

let captures: Captures;
let engine: RunningEngine;
beforeEach(async () => {
  captures = new Captures();
  engine = await startSensing(captures, { sensors: [sensorOn(66)] });
  await tell(engine.parts.store);
  await until('it listens and the port is sold', () => {
    const { map } = engine.parts.projector.liveMap;
    return captures.running === 1 && map.binding('srv-66') !== undefined;
  });
});
afterEach(() => engine.stop());

const verb = (words: string[], token = engine.tokens.operator): Promise<Said> =>
  portledger(['exceptions', ...words], speakingTo(engine, token));
const scoped = ['--rule', 'address-spoof', '--port', 'leaf1:Ethernet66'];
const because = ['--owner', 'network team', '--reason', 'a cluster moves its address', '--source', source];
const list = async (): Promise<ExceptionsAnswer> =>
  (await asked(engine, '/v1/exceptions')).body as unknown as ExceptionsAnswer;
const violations = (): number => [...engine.parts.projector.liveMap.map.violations.values()].length;

/** Its server claims the address of another one. */
const spoof = (): void =>
  captures.send(
    'leaf1-e66',
    ethernet(0x0806, arp(2, '525400000066', 'c6336410', '001c73000099', 'c6336401'), { from: '525400000066' }),
  );

async function granted(): Promise<string> {
  const { code, out } = await verb(['grant', ...scoped, ...because, '--for', '7d', '--json']);
  expect(code).toBe(0);
  const { exceptionId } = JSON.parse(out) as { exceptionId: string };
  await until('the map has it', async () => (await list()).exceptions.length === 1);
  return exceptionId;
}

describe('an exception', () => {
  it('is granted by an operator, counts what it excuses, and is shown with it', async () => {
    expect((await verb([])).out).toBe('There are no exceptions.\n');
    const exceptionId = await granted();
    spoof();
    spoof();
    await until('both were counted', async () => (await list()).exceptions[0]?.hits === 2);
    const { countedSince, exceptions } = await list();
    expect(exceptions).toMatchObject([
      {
        exceptionId,
        state: 'active',
        rule: 'address-spoof',
        scope: { port: 'leaf1:Ethernet66' },
        owner: 'network team',
      },
    ]);
    expect(Date.parse(exceptions[0]?.expires ?? '') - Date.parse(exceptions[0]?.granted ?? '')).toBe(7 * 86_400_000);
    expect(Date.parse(exceptions[0]?.lastHit ?? '')).toBeGreaterThanOrEqual(Date.parse(countedSince));
    expect(violations()).toBe(0);
    const { out } = await verb([]);
    expect(out).toMatch(
      /^ID +STATE +RULE +SCOPE +OWNER +UNTIL +HITS +LAST HIT +REASON\nexception-[0-9a-f]{8} +active /,
    );
    expect(out).toMatch(
      / 2 +20\S+ +a cluster moves its address\nHits are counted since the engine started, 20\S+\.\n$/,
    );
    expect(JSON.parse((await verb(['--json'])).out)).toEqual(await list());
  });

  it('excuses nothing after an operator ended it', async () => {
    const exceptionId = await granted();
    expect((await verb(['end', exceptionId, '--reason', 'it is gone', '--source', source])).code).toBe(0);
    await until('the map has it', async () => (await list()).exceptions[0]?.state === 'ended');
    await until('its next claim is a violation', () => {
      spoof();
      return violations() === 1;
    });
    const again = await verb(['end', exceptionId, '--reason', 'it is gone', '--source', source]);
    expect(again).toMatchObject({ code: 4, err: expect.stringContaining('is over already (ended)') as string });
    expect((await verb(['end', 'exception-none', '--reason', 'x', '--source', source])).code).toBe(3);
  });

  it('without a scope or an end, for more than 30 days or from no rule is refused with the cure, and not stored', async () => {
    const refused: readonly (readonly [words: string[], why: RegExp])[] = [
      [['--rule', 'address-spoof', '--for', '7d'], /Name at least one of --port, --mac, --prefix/],
      [[...scoped, '--for', '31d'], /longer than 30 days; grant it for 30 days at most/],
      [[...scoped, '--expires', '2999-01-01T00:00:00Z'], /longer than 30 days/],
      [[...scoped, '--expires', '2020-01-01T00:00:00Z'], /is over/],
      [[...scoped, '--for', 'a week'], /expected a time such as 90m, 12h or 7d/],
      [scoped, /Expected one of --for/],
      [[...scoped, '--for', '7d', '--expires', '2999-01-01T00:00:00Z'], /Expected one of --for/],
      [['--rule', 'arp', '--mac', '02:00:00:00:00:01', '--for', '7d'], /--rule: found "arp", expected one of/],
    ];
    for (const [words, why] of refused) {
      const { code, err } = await verb(['grant', ...words, ...because]);
      expect([words, code, err]).toEqual([words, 2, expect.stringMatching(why)]);
    }
    expect((await list()).exceptions).toEqual([]);
  });

  it('is granted for 30 days at most, and at a place that is spelt as one', async () => {
    expect((await verb(['grant', ...scoped, ...because, '--for', '30d'])).code).toBe(0);
    const { code, err } = await verb(['grant', '--rule', 'address-spoof', '--mac', 'x', ...because, '--for', '1h']);
    expect([code, err]).toEqual([1, expect.stringContaining('mac')]);
  });

  it('is granted by nobody but an operator, and read by who may read the feed', async () => {
    expect((await verb(['grant', ...scoped, ...because, '--for', '7d'], engine.tokens.publisher)).code).toBe(1);
    const { tokens } = engine;
    for (const scope of ['security-analyst', 'auditor', 'operator'] as const)
      expect([scope, (await asked(engine, '/v1/exceptions', tokens[scope])).status]).toEqual([scope, 200]);
    for (const scope of ['publisher', 'link-source', 'viewer'] as const)
      expect([scope, (await asked(engine, '/v1/exceptions', tokens[scope])).status]).toEqual([scope, 403]);
    expect((await asked(engine, '/v1/exceptions?state=active')).status).toBe(400);
  });
});
