import { randomUUID } from 'node:crypto';
import type { IpAddress, PortId } from '../../events/index.js';
import { grantLines, mapHash } from '../../projections/index.js';
import { parseConfig } from '../../src/config/load-config.js';
import { SimulatedBgp } from '../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../src/drivers/switch/simulated.switch.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { until } from '../reactors/reactor-bench.js';
import { approveFirstPlan } from '../support/approve.js';
import { storeFact } from '../support/publish.js';

const port = 'leaf1:Ethernet16' as PortId;
const stream = 'server-s16';
const firstMac = '52:54:00:00:00:16';
const someId = '11111111-1111-4111-8111-111111111111';
const laterMac = '52:54:00:00:00:17';

let engine: RunningEngine;
let world: { switch: SimulatedSwitch; bgp: SimulatedBgp };
beforeEach(async () => {
  const device = new SimulatedSwitch({
    device: 'leaf1',
    interfaces: { vlan16: ['fe80::1' as IpAddress] },
    boxAddresses: ['198.51.100.1' as IpAddress],
  });
  world = { switch: device, bgp: new SimulatedBgp('leaf1', device) };
  const gateway = {
    name: 'leaf1',
    mode: 'enforce',
    interfacePattern: 'vlan{vlan}',
    ports: { [port]: 'vlan16' },
    driver: { kind: 'simulated' },
    bgp: { kind: 'simulated' },
  };
  const { gateways } = parseConfig({ gateways: [{ switch: 'leaf1', devices: [gateway] }] }, 'portledger.json');
  engine = await RunningEngine.start(undefined, { gateways, hands: { devices: new Map([['leaf1', world]]) } });
});
afterEach(() => engine.stop());

const ask = (as: keyof RunningEngine['tokens'], ...words: string[]): Promise<Said> =>
  portledger(['parked', ...words], speakingTo(engine, engine.tokens[as]));
const onDevice = (): string[] => world.switch.entries().map(({ mac }) => mac);
const parked = (): readonly string[] => engine.parts.projector.liveMap.frozenStreams().map((one) => one.parked.id);
const hash = (): string => mapHash(engine.parts.projector.liveMap.map);

/** Data as no intake lets in: it came from an older version, or by a hand. */
async function storeBroken(type = 'ServerNicReplaced', data: object = { serverId: 's16', mac: 'nonsense' }) {
  const id = randomUUID();
  const metadata = { source: 'urn:billing:eu', sourceId: id, schemaVersion: 1, time: '2026-03-01T00:00:00.000Z' };
  await engine.parts.store.append({ stream, expected: 'any', events: [{ id, type, data, metadata }] });
  return id;
}

async function sellAndBreak(): Promise<string> {
  const { store } = engine.parts;
  await storeFact(store, 'ServerAdded', { serverId: 's16', customerId: 'c1', port, vlan: 16, mac: firstMac });
  await approveFirstPlan(engine.url, engine.tokens.every);
  await until(() => onDevice().length > 0);
  const id = await storeBroken();
  await storeFact(store, 'ServerNicReplaced', { serverId: 's16', mac: laterMac });
  await until(() => (engine.parts.projector.liveMap.frozenStreams()[0]?.held.length ?? 0) === 1);
  return id;
}

describe('a parked event', () => {
  it('is listed and shown while the engine is degraded and the device keeps its last good state', async () => {
    const id = await sellAndBreak();
    await until(async () => (await engine.call('/readyz')).body['status'] === 'degraded');
    const list = await ask('auditor', 'list');
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(/^STREAM .*\nserver-s16 +#\d+ +ServerNicReplaced .* 1 +mac: expected .*\n$/);
    expect(JSON.parse((await ask('auditor', 'list', '--json')).out)).toMatchObject({ stream, parked: { id }, held: 1 });
    const show = await ask('operator', 'show', stream);
    expect(show.out).toContain('Data  {"mac":"nonsense","serverId":"s16"}');
    expect(show.out).toContain(`portledger parked skip ${stream} --reason TEXT --confirm ${id}`);
    expect(onDevice()).toEqual([firstMac]);
  });

  it('lets go of the held events once it is skipped, and the same map is made by a restart', async () => {
    const id = await sellAndBreak();
    const skipped = await ask('operator', 'skip', stream, '--reason', 'sent anew', '--confirm', id);
    expect(skipped).toMatchObject({ code: 0, err: '' });
    expect(skipped.out).toMatch(/is passed over \(#\d+ EventSkipped\); 1 held events are folded\.\n$/);
    await until(() => onDevice().join() === laterMac);
    expect(await ask('auditor', 'list')).toMatchObject({
      code: 0,
      out: 'Nothing is parked: every event can be read.\n',
    });
    const [skip] = (await engine.parts.store.readStream(stream, { backwards: true, limit: 1 })).events;
    expect(skip).toMatchObject({
      type: 'EventSkipped',
      data: { eventId: id, reason: 'sent anew' },
      metadata: { source: 'urn:portledger:control', causedBy: [id] },
    });
    const logged = engine.logLines.find((line) => line.includes('parked event skipped')) ?? '{}';
    expect(JSON.parse(logged)).toMatchObject({ eventId: id, callerId: engine.tokens.operator.split('_')[1] });
    const before = { hash: hash(), lines: grantLines(engine.parts.projector.liveMap.map) };
    await engine.restart();
    await until(() => engine.parts.projector.liveMap.live);
    expect({ hash: hash(), lines: grantLines(engine.parts.projector.liveMap.map) }).toEqual(before);
  });

  it('is not skipped under the name of another one, nor twice', async () => {
    const first = await sellAndBreak();
    const second = await storeBroken('ServerPainted', {});
    const other = await ask('operator', 'skip', stream, '--reason', 'x', '--confirm', second);
    expect(other).toMatchObject({ code: 4, err: expect.stringContaining(`is ${first}`) as string });
    const skipped = await ask('operator', 'skip', stream, '--reason', 'x', '--confirm', first, '--json');
    expect(JSON.parse(skipped.out)).toMatchObject({
      released: 1,
      parkedNext: { parked: { id: second, type: 'ServerPainted' }, held: 0 },
    });
    expect(parked()).toEqual([second]);
    await until(async () => JSON.stringify((await engine.call('/readyz')).body['alerts']).includes(second));
    expect(await ask('operator', 'skip', stream, '--reason', 'x', '--confirm', first)).toMatchObject({ code: 4 });
    expect(await ask('operator', 'skip', stream, '--reason', 'x', '--confirm', second)).toMatchObject({ code: 0 });
    expect(await ask('operator', 'skip', stream, '--reason', 'x', '--confirm', second)).toMatchObject({ code: 3 });
  });

  it('is skipped once by two operators at a time', async () => {
    const id = await sellAndBreak();
    const skip = (): Promise<Said> => ask('operator', 'skip', stream, '--reason', 'x', '--confirm', id);
    const codes = (await Promise.all([skip(), skip(), skip()])).map(({ code }) => code);
    expect(codes.filter((code) => code === 0)).toHaveLength(1);
    const { events } = await engine.parts.store.readStream(stream);
    expect(events.filter(({ type }) => type === 'EventSkipped')).toHaveLength(1);
  });

  it('is still unreadable for the code that froze it', async () => {
    await sellAndBreak();
    const { code, out } = await ask('operator', 'retry', stream);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringMatching(/^#\d+ ServerNicReplaced of server-s16 still cannot be read: mac: expected/) as string,
    });
  });

  it.each([
    ['auditor', ['skip', stream, '--reason', 'x', '--confirm', someId], 1, 'needs operator'],
    ['viewer', ['list'], 1, 'operator or auditor'],
    ['operator', ['show', 'server-none'], 3, 'Nothing is parked in server-none'],
    ['operator', ['retry', 'server-none'], 3, 'Nothing is parked'],
    ['operator', ['skip', 'server-none', '--reason', 'x', '--confirm', someId], 3, 'Nothing is parked'],
    ['operator', ['skip', stream], 2, '--reason'],
    ['operator', ['show'], 2, 'parked list'],
    ['operator', ['lst'], 2, 'Did you mean list?'],
    ['operator', ['list', '--data', '/nowhere', '--url', 'http://127.0.0.1:9'], 2, '--data and --url'],
  ] as const)('answers a %s who says %j with %i', async (as, words, code, why) => {
    await sellAndBreak();
    expect(await ask(as, ...words)).toMatchObject({ code, out: '', err: expect.stringContaining(why) as string });
    expect(parked()).toHaveLength(1);
  });

  it('is shown, and nothing is done, where nobody confirms it', async () => {
    const id = await sellAndBreak();
    const { code, err } = await ask('operator', 'skip', stream, '--reason', 'x');
    expect(code).toBe(2);
    expect(err).toContain('Nothing was done.');
    expect(err).toContain(`--confirm ${id}`);
    expect(parked()).toEqual([id]);
  });

  it.each([
    ['{}', 400, 'skip-malformed'],
    ['{"eventId":"x","reason":""}', 400, 'skip-malformed'],
    [`{"eventId":"${someId}","reason":"x"}`, 409, 'other-event-parked'],
  ])('answers a skip with %s as a problem', async (body, status, code) => {
    await sellAndBreak();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${engine.tokens.operator}` };
    const answer = await engine.call(`/v1/parked/${stream}/skip`, { method: 'POST', headers, body });
    expect(answer).toMatchObject({ status, body: { type: `https://portledger.dev/problems/${code}` } });
  });

  it('is found in a stream whose name has to be quoted in a path', async () => {
    const id = randomUUID();
    const metadata = { source: 'x', sourceId: id, schemaVersion: 1, time: '2026-03-01T00:00:00.000Z' };
    const events = [{ id, type: 'LinkUp', data: {}, metadata }];
    await engine.parts.store.append({ stream: 'port-leaf1:Ethernet1/1', expected: 'any', events });
    await until(() => parked().length === 1);
    expect((await ask('operator', 'show', 'port-leaf1:Ethernet1/1')).out).toContain(id);
  });
});

describe('a log that no engine runs on', () => {
  it('is read while an engine runs on it, but not written to', async () => {
    const id = await sellAndBreak();
    const here = ['--data', engine.dataDir];
    expect((await portledger(['parked', 'list', ...here])).out).toContain(stream);
    expect((await portledger(['parked', 'show', stream, ...here])).out).toContain(id);
    const skip = await portledger(['parked', 'skip', stream, '--reason', 'x', '--confirm', id, ...here]);
    expect(skip).toMatchObject({ code: 4, err: expect.stringContaining('--url') as string });
    expect(parked()).toEqual([id]);
  });

  it('takes the skip, and the next engine makes the map of it', async () => {
    const id = await sellAndBreak();
    await engine.parts.store.close();
    const here = ['--data', engine.dataDir];
    const wrong = await portledger(['parked', 'skip', stream, '--reason', 'x', '--confirm', randomUUID(), ...here]);
    expect(wrong).toMatchObject({ code: 4, err: expect.stringContaining(id) as string });
    const done = await portledger(['parked', 'skip', stream, '--reason', 'x', '--confirm', id, ...here]);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('1 held events are folded') as string });
    await engine.restart();
    await until(() => onDevice().join() === laterMac);
    expect(parked()).toEqual([]);
  });

  it('is not made where a mistyped directory is named', async () => {
    const none = `${engine.directory}/none`;
    const said = await portledger([
      'parked',
      'skip',
      stream,
      '--reason',
      'x',
      '--confirm',
      randomUUID(),
      '--data',
      none,
    ]);
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining('There is no log') as string });
    expect((await portledger(['parked', 'list', '--data', none])).code).toBe(1);
  });
});
