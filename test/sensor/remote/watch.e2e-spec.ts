import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleEvent } from '../../../src/intake/event-examples.js';
import { portledger } from '../../cli/said.js';
import { ownCaptures } from '../capture/capture-files.js';
import { arp, ethernet } from '../capture/frames.js';
import { until } from '../judge/sensor-rig.js';
import { type TimedFrame } from '../replay/timed-pcap.js';
import { GrowingCapture, RemoteRig } from './remote-rig.js';

let rig: RemoteRig;
beforeEach(async () => {
  rig = await RemoteRig.start();
});
afterEach(() => rig.stop());

const start = Date.now() - 60_000;
const owner = '525400000066';
const claimAt = (ms: number, address: string, mac = owner): TimedFrame => ({
  at: start + ms,
  bytes: ethernet(0x0806, arp(2, mac, address, '001c73000099', 'c6336401'), { from: mac }),
});
/** One violation for each of these addresses, sold to others or to nobody; the last octet tells them apart. */
const forged = (from: number, to: number): TimedFrame[] =>
  Array.from({ length: to - from }, (_, index) =>
    claimAt(from + index, `cb0071${(from + index).toString(16).padStart(2, '0')}`),
  );
const claimed = async (): Promise<string[]> =>
  (await rig.dataOf('ViolationDetected')).map((data) => String(data['claimedAddress'])).sort();
const addresses = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `203.0.113.${from + index}`).sort();

const spooled = (spool: string): string =>
  readdirSync(spool)
    .filter((name) => name.endsWith('.spool'))
    .map((name) => readFileSync(join(spool, name), 'utf8'))
    .join('');

const watchFile = async (file: string, token: string, ...words: string[]) =>
  portledger(['sensor', 'watch', '--engine', rig.engine.url, '--token-file', token, '-r', file, ...words]);

describe('portledger sensor watch', () => {
  it('judges a capture by the map of the engine, and sends each verdict once, however often it is asked to', async () => {
    const night = [claimAt(0, 'c6336442'), claimAt(1, 'c6336410'), claimAt(2, 'c6336410'), ...forged(3, 5)];
    const file = rig.capture('night.pcap', night);
    const { file: token } = rig.tokenOf('tap-66');
    for (let round = 0; round < 2; round++) {
      const said = await watchFile(file, token);
      expect(said).toMatchObject({
        code: 0,
        out: expect.stringContaining('watches leaf1:Ethernet66 VLAN 66') as string,
      });
    }
    expect(await claimed()).toEqual(['198.51.100.16', ...addresses(3, 5)]);
    const [spoof] = (await rig.dataOf('ViolationDetected')).filter((one) => one['rule'] === 'address-spoof');
    expect(spoof).toMatchObject({
      sensor: 'tap-66',
      port: 'leaf1:Ethernet66',
      offenderServerId: 'srv-66',
      victimServerId: 'srv-16',
    });
    expect(await rig.dataOf('MacSeen')).toHaveLength(1);
  });

  it('finds in a capture the scan that its meter counted', async () => {
    const said = await watchFile(join(ownCaptures, 'arp-scan-24.pcap'), rig.tokenOf('tap-66').file);
    expect(said).toMatchObject({ code: 0 });
    expect((await rig.dataOf('ViolationDetected')).map((one) => one['rule'])).toContain('neighbour-scan');
  });

  it('goes on while the engine is away, and each violation is stored once when it is back', async () => {
    const attack = new GrowingCapture(rig.path('attack.pcap'));
    const spool = rig.path('spool');
    const watcher = rig.watch('-r', attack.path, '--spool', spool);
    await attack.add(forged(1, 4));
    await until('the first are stored', async () => (await claimed()).length === 3);
    await rig.engine.stopForNow();
    await attack.add(forged(4, 9));
    await until('they wait in the spool', () => readdirSync(spool).some((name) => name.endsWith('.spool')));
    await rig.engine.startAgain();
    await attack.add(forged(9, 12));
    attack.end();
    expect(await watcher.ended).toBe(0);
    expect(await claimed()).toEqual(addresses(1, 12));
  });

  it('loses nothing that its spool took, and sends nothing twice, though it is killed while the engine is away', async () => {
    const attack = new GrowingCapture(rig.path('attack.pcap'));
    const spool = rig.path('spool');
    const watcher = rig.watch('-r', attack.path, '--spool', spool);
    await attack.add(forged(1, 3));
    await until('the first are stored', async () => (await claimed()).length === 2);
    const waiting = (): string => spooled(spool);
    await rig.engine.stopForNow();
    await attack.add(forged(3, 40));
    await until('some wait in the spool', () => waiting().split('\n').length > 10);
    watcher.kill('SIGKILL');
    await watcher.ended;
    const taken = [...waiting().matchAll(/"claimedAddress":"([0-9.]+)"[^\n]*\n/g)].map(([, address = '']) => address);
    expect(taken.length).toBeGreaterThan(5);
    await rig.engine.startAgain();
    const nothing = rig.capture('nothing.pcap', []);
    expect(await watchFile(nothing, rig.tokenOf('tap-66').file, '--spool', spool)).toMatchObject({ code: 0 });
    // An answer may not have reached the spool's file: what was answered may still stand there, and is sent again.
    expect(await claimed()).toEqual([...new Set([...addresses(1, 3), ...taken])].sort());
  });

  it('stores nothing of what was no violation by facts that came while the engine was away, and says by which', async () => {
    const attack = new GrowingCapture(rig.path('attack.pcap'));
    const spool = rig.path('spool');
    const watcher = rig.watch('-r', attack.path, '--spool', spool);
    await attack.add(forged(1, 2));
    await until('the first is stored', async () => (await claimed()).length === 1);
    await rig.engine.stopForNow();
    await attack.add([...forged(4, 8), ...forged(4, 8)]);
    const waiting = (): string => spooled(spool);
    await until('they wait in the spool', () => waiting().includes('203.0.113.7'));
    watcher.kill('SIGTERM');
    await until('what it counts waits there too', () => waiting().includes('ViolationRepeated'));
    attack.end();
    await watcher.ended;
    await rig.engine.startAgain();
    const time = new Date(start - 1_000).toISOString();
    const sale = (serverId: string, address: string): object =>
      exampleEvent('Ipv4AddOnBought', {
        id: `late-${address}`,
        subject: serverId,
        time,
        data: { serverId, addOnId: address, address },
      });
    for (const sold of [sale('srv-66', '203.0.113.4'), sale('srv-16', '203.0.113.6')])
      expect(await rig.engine.publish(sold)).toMatchObject({ status: 201 });
    const nothing = rig.capture('nothing.pcap', []);
    const said = await watchFile(nothing, rig.tokenOf('tap-66').file, '--spool', spool);
    expect(said).toMatchObject({ code: 0, err: expect.stringContaining('Ipv4AddOnBought in server-srv-66') as string });
    expect(await claimed()).toEqual(['203.0.113.1', '203.0.113.5', '203.0.113.6', '203.0.113.7']);
    const [spoof] = (await rig.dataOf('ViolationDetected')).filter((one) => one['claimedAddress'] === '203.0.113.6');
    expect(spoof).toMatchObject({ rule: 'address-spoof', victimServerId: 'srv-16' });
    const repeated = (await rig.dataOf('ViolationRepeated')).map((one) => one['violationId']);
    expect(repeated).toContain(spoof?.['violationId']);
    expect(await rig.dataOf('ViolationExonerated')).toEqual([]);
  });

  it('is told at once that what it was told on the command line is not what the engine has', async () => {
    const file = rig.capture('night.pcap', forged(1, 2));
    const { file: token } = rig.tokenOf('tap-66');
    const said = await watchFile(file, token, '--port', 'leaf1:Ethernet16');
    expect(said).toMatchObject({
      code: 2,
      err: expect.stringContaining('--port: found leaf1:Ethernet16, but the engine has leaf1:Ethernet66') as string,
    });
    const unknown = await watchFile(file, rig.tokenOf('tap-99').file);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('no remote sensor tap-99') as string });
    expect(await claimed()).toEqual([]);
  });
});

describe('the door of remote sensors', () => {
  const post = async (path: string, token: string, body: unknown): Promise<Response> =>
    fetch(`${rig.engine.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('is open to tokens of sensors alone, and opens nothing else to them', async () => {
    const { text } = rig.tokenOf('tap-66');
    for (const token of [rig.engine.tokens.publisher, rig.engine.tokens.operator, rig.engine.tokens.every])
      expect((await post('/v1/sensor/verdicts', token, { verdicts: [] })).status).toBe(403);
    expect((await post('/v1/sensor/verdicts', text, { verdicts: [] })).status).toBe(200);
    expect((await rig.engine.publish({ specversion: '1.0' }, text)).status).toBe(403);
    for (const path of ['/v1/map', '/v1/violations', '/v1/log', '/v1/devices'])
      expect((await fetch(rig.engine.url + path, { headers: { authorization: `Bearer ${text}` } })).status).toBe(403);
  });

  it('takes no verdict about another place, of another sensor, or of another kind', async () => {
    const heard = rig.capture('night.pcap', [claimAt(0, 'c6336410')]);
    await watchFile(heard, rig.tokenOf('tap-66').file);
    const [event] = (await rig.engine.parts.store.readAll({ limit: 100 })).events.filter(
      (one) => one.type === 'ViolationDetected',
    );
    if (event === undefined) throw new Error('nothing was stored');
    const { sourceId, schemaVersion, time } = event.metadata;
    const verdict = { sourceId, type: event.type, schemaVersion, time, data: event.data };
    const other = rig.tokenOf('tap-16').text;
    const own = rig.tokenOf('tap-66').text;
    // The engine also tells, whenever it notices, that the rig made tokens.
    const stored = async (): Promise<string[]> => {
      const { events, next } = await rig.engine.parts.store.readAll({ limit: 500 });
      expect(next).toBeUndefined();
      return events.filter(({ stream }) => stream !== 'access').map(({ id }) => id);
    };
    const outcomeOf = async (token: string, value: unknown): Promise<unknown> => {
      const { results } = (await (await post('/v1/sensor/verdicts', token, { verdicts: [value] })).json()) as {
        results: Record<string, unknown>[];
      };
      return results[0];
    };
    const before = await stored();
    expect(await outcomeOf(own, verdict)).toMatchObject({ outcome: 'duplicate' });
    expect(await outcomeOf(other, verdict)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('data.sensor') as string,
    });
    const mine = { ...verdict, data: { ...(event.data as object), sensor: 'tap-16' } };
    expect(await outcomeOf(other, mine)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('hears at leaf1:Ethernet16') as string,
    });
    const violationId = '00000000-0000-5000-8000-000000000001';
    const forgedId = { ...verdict, data: { ...(event.data as object), violationId } };
    expect(await outcomeOf(own, forgedId)).toMatchObject({
      reason: expect.stringContaining('not the id of') as string,
    });
    const times = { firstFrameTime: time, lastFrameTime: time };
    const repeat = { ...verdict, type: 'ViolationRepeated', schemaVersion: 1 };
    const { violationId: known } = event.data as { violationId: string };
    expect(await outcomeOf(other, { ...repeat, data: { violationId: known, count: 1, ...times } })).toMatchObject({
      outcome: 'refused',
    });
    const sold = { ...verdict, type: 'ServerAdded', schemaVersion: 1, data: { serverId: 'srv-1', customerId: 'c' } };
    expect(await outcomeOf(own, sold)).toMatchObject({ reason: expect.stringContaining('nothing else') as string });
    const future = { ...verdict, time: new Date(Date.now() + 3_600_000).toISOString() };
    expect(await outcomeOf(own, future)).toMatchObject({ reason: expect.stringContaining('ahead') as string });
    expect(await stored()).toEqual(before);
  });

  it('stores a detection of what is stored already as a repeat, also when it is sent again', async () => {
    const { file: token } = rig.tokenOf('tap-66');
    await watchFile(rig.capture('one.pcap', [claimAt(0, 'c6336410')]), token);
    const [first] = (await rig.engine.parts.store.readAll({ limit: 100 })).events.filter(
      (one) => one.type === 'ViolationDetected',
    );
    const later = new Date(start + 5_000).toISOString();
    const sourceId = '00000000-0000-5000-8000-00000000abcd';
    const { schemaVersion } = first?.metadata ?? {};
    const data = { ...(first?.data as object), frameTime: later };
    const again = { sourceId, type: 'ViolationDetected', schemaVersion, time: later, data };
    for (let round = 0; round < 2; round++) {
      const answer = await post('/v1/sensor/verdicts', rig.tokenOf('tap-66').text, { verdicts: [again] });
      expect(await answer.json()).toEqual({ results: [{ sourceId, outcome: 'repeat' }] });
    }
    expect(await rig.dataOf('ViolationDetected')).toHaveLength(1);
    expect(await rig.dataOf('ViolationRepeated')).toMatchObject([{ count: 1, firstFrameTime: later }]);
  });

  it('shows what a sensor says of itself, and that one says nothing', async () => {
    const capture = { state: 'failed', reason: 'no such device', cure: 'make it' };
    const counts = { frames: 3, unbelievable: 1, dropped: 0, behindMs: 2, queued: 0, refused: 0, lost: 0 };
    const { text } = rig.tokenOf('tap-66');
    expect((await post('/v1/sensor/state', text, { capture, ...counts, mapOrdinal: 7 })).status).toBe(204);
    expect((await post('/v1/sensor/state', text, { capture, ...counts, mapOrdinal: 7, more: 1 })).status).toBe(422);
    const { remoteSensors } = rig.engine.parts;
    expect(remoteSensors.sensors()).toMatchObject([
      { name: 'tap-66', capture: { state: 'failed', reason: 'no such device' }, frames: 3, unbelievable: 1 },
      { name: 'tap-16', capture: { state: 'waiting' } },
    ]);
  });
});
