import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { IpAddress, MacAddress } from '../../../events/index.js';
import { CoverageConfig } from '../../../src/config/sensing-config.js';
import { parseConfig } from '../../../src/config/load-config.js';
import type { PortState } from '../../../src/control/switches/port-state.js';
import type { SwitchPort } from '../../../src/control/switches/switch-ports.js';
import type { SwitchAnswer } from '../../../src/control/switches/switches.controller.js';
import { SimulatedBgp } from '../../../src/drivers/bgp/simulated.bgp.js';
import { SimulatedSwitch } from '../../../src/drivers/switch/simulated.switch.js';
import { portledger, speakingTo } from '../../cli/said.js';
import { RunningEngine } from '../../e2e/running-engine.js';
import { rack } from '../../projections/rules/rack.js';
import { arp, ethernet } from '../../sensor/capture/frames.js';
import { Captures, sensorOn } from '../../sensor/coverage/sensing-engine.js';
import { tell, until } from '../../sensor/judge/sensor-rig.js';
import { storeFact } from '../../support/publish.js';

jest.setTimeout(120_000);

const numbers = [11, 16, 21, 66];
const watched = [11, 16, 66].map((number) => sensorOn(number));
const nic = '52:54:00:00:00:66';

describe('the ports of a switch', () => {
  let engine: RunningEngine;
  let captures: Captures;
  let leaf1: SimulatedSwitch;
  beforeAll(async () => {
    captures = new Captures();
    leaf1 = new SimulatedSwitch({
      device: 'leaf1',
      interfaces: Object.fromEntries(numbers.map((number) => [`vlan${number}`, ['fe80::1' as IpAddress]])),
      boxAddresses: ['198.51.100.1' as IpAddress],
    });
    for (const number of [11, 16, 66]) leaf1.setCarrier(`vlan${number}`, true);
    const device = {
      name: 'leaf1',
      mode: 'enforce',
      interfacePattern: 'vlan{vlan}',
      ports: Object.fromEntries(numbers.map((number) => [`leaf1:Ethernet${number}`, `vlan${number}`])),
      driver: { kind: 'simulated' },
      bgp: { kind: 'simulated' },
    };
    const { gateways } = parseConfig({ gateways: [{ switch: 'leaf1', devices: [device] }] }, 'portledger.json');
    engine = await RunningEngine.start(undefined, {
      gateways,
      hands: {
        openCapture: captures.open,
        devices: new Map([['leaf1', { switch: leaf1, bgp: new SimulatedBgp('leaf1', leaf1) }]]),
      },
      settings: {
        sensors: watched,
        resyncSeconds: 1,
        coverage: Object.assign(new CoverageConfig(), { silentSeconds: 4 }),
      },
    });
    await leaf1.writeStamp({ logId: engine.parts.store.logId, ordinal: -1 });
    await tell(engine.parts.store, rack);
    for (const number of [11, 16, 66]) await untilState(number, 'matched');
  });
  afterAll(() => engine.stop());

  const get = async (path: string, token = engine.tokens.every, headers: Record<string, string> = {}) =>
    fetch(`${engine.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const front = async (token?: string): Promise<SwitchAnswer> =>
    (await (await get('/v1/switches/leaf1/ports', token)).json()) as SwitchAnswer;
  const portOf = async (number: number, token?: string): Promise<SwitchPort | undefined> =>
    (await front(token)).ports.find((port) => port.interface === `Ethernet${number}`);

  /** Waits until the port is so, and gives it; the last that was seen is told where it never is. */
  async function untilState(number: number, state: PortState): Promise<SwitchPort> {
    let seen: SwitchPort | undefined;
    await until(`Ethernet${number} is ${state}`, async () => (seen = await portOf(number))?.state === state).catch(
      (error: unknown) => {
        throw new Error(`${String(error)} Seen last: ${JSON.stringify(seen)}`, { cause: error });
      },
    );
    if (seen === undefined) throw new Error(`Ethernet${number} is not on the panel.`);
    return seen;
  }

  it('shows who has each port, and how the ports stand on the metal', async () => {
    const { switch: name, site, devices, panel, counts, ports } = await front();
    expect([name, site, panel.from]).toEqual(['leaf1', 'default', 'names']);
    expect(devices).toEqual([{ device: 'leaf1', mode: 'enforce', state: 'equal' }]);
    expect(panel.blocks.flatMap((block) => block.ports)).toEqual(ports.map((port) => port.interface));
    expect(counts).toMatchObject({ matched: 3, violation: 0 });
    expect(await portOf(16)).toEqual({
      port: 'leaf1:Ethernet16',
      interface: 'Ethernet16',
      state: 'matched',
      why: 'as billing sold it',
      also: [],
      link: 'up',
      servers: [
        {
          serverId: 'srv-16',
          state: 'active',
          customerId: 'cust-16',
          vlan: 16,
          mac: '52:54:00:00:00:16',
          addresses: ['198.51.100.16', '2001:db8:16::/48'],
        },
      ],
    });
  });

  it('says that the link of a sold port went down, and that it came back', async () => {
    leaf1.setCarrier('vlan16', false);
    expect(await untilState(16, 'sold-down')).toMatchObject({ link: 'down', why: 'the link is down' });
    leaf1.setCarrier('vlan16', true);
    await untilState(16, 'matched');
  });

  it('says that something is plugged in where nothing is sold', async () => {
    leaf1.setCarrier('vlan21', true);
    expect(await untilState(21, 'up-unsold')).toMatchObject({ servers: [], link: 'up' });
    leaf1.setCarrier('vlan21', false);
    await untilState(21, 'free');
  });

  it('says that somebody edited the switch, and then that it was put right', async () => {
    const held = leaf1.entries().find(({ address }) => address === '198.51.100.16');
    if (held === undefined) throw new Error('The switch holds no entry of srv-16.');
    // Nothing is written for as long as the switch is locked, so what is seen stays.
    leaf1.fault = 'locked';
    leaf1.handSet({ ...held, mac: nic as MacAddress });
    expect((await untilState(16, 'drift')).why).toContain('198.51.100.16');
    leaf1.fault = 'none';
    leaf1.setCarrier('vlan16', true);
    await untilState(16, 'matched');
  });

  it('says that what billing sold is not on the switch yet', async () => {
    leaf1.fault = 'locked';
    await storeFact(engine.parts.store, 'Ipv4AddOnBought', {
      serverId: 'srv-11',
      addOnId: 'more',
      address: '198.51.100.111',
    });
    await until('the port says what is to come', async () => {
      const { state, why } = (await portOf(11)) ?? {};
      return state === 'push-pending' && why?.includes('198.51.100.111') === true;
    });
    leaf1.fault = 'none';
    await untilState(11, 'matched');
    expect((await portOf(11))?.servers[0]?.addresses).toContain('198.51.100.111');
  });

  it('says that the device is frozen, by whom and why, and that it goes on', async () => {
    const say = (...words: string[]) => portledger(words, speakingTo(engine, engine.tokens.every));
    expect((await say('freeze', 'leaf1', '--reason', 'it is being replaced')).code).toBe(0);
    expect((await untilState(16, 'frozen')).why).toMatch(/^leaf1 is frozen by .+: it is being replaced$/);
    expect((await portOf(21))?.state).toBe('free');
    expect((await front()).devices).toMatchObject([{ state: 'frozen' }]);
    expect((await say('resume', 'leaf1')).code).toBe(0);
    await untilState(16, 'matched');
  });

  it('says that a forged frame was heard there until somebody closes it, and what it was to those who may know', async () => {
    const claim = arp(2, '525400000066', 'c6336410', '001c73000099', 'c6336401');
    captures.send('leaf1-e66', ethernet(0x0806, claim, { from: '525400000066' }));
    const shown = await untilState(66, 'violation');
    expect(shown.why).toBe('high: address spoof');
    const { violationId } = shown;
    expect(await portOf(66, engine.tokens.viewer)).toMatchObject({
      state: 'violation',
      why: expect.not.stringContaining('spoof') as string,
    });
    expect(await portOf(66, engine.tokens.viewer)).not.toHaveProperty('violationId');
    const authorization = `Bearer ${engine.tokens.every}`;
    const { headers } = await get(`/v1/violations/${violationId}`);
    const closed = await engine.call(`/v1/violations/${violationId}/resolve`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'if-match': headers.get('etag') ?? '' },
      body: JSON.stringify({ comment: 'the customer was called' }),
    });
    expect(closed.status).toBe(200);
    await untilState(66, 'matched');
  });

  it('says that nobody would hear a forged frame', async () => {
    captures.say('leaf1-e11', { state: 'failed', reason: 'tcpdump ended', cure: 'start it', retryInMs: 60_000 });
    expect((await untilState(11, 'not-watched')).why).toMatch(/^its sensor does not hear: /);
    captures.say('leaf1-e11', { state: 'running' });
    await untilState(11, 'matched');
  });

  it('gives the same answer once: who knows it is told that nothing changed, and told again once something did', async () => {
    const path = '/v1/switches/leaf1/ports';
    // What is under way changes the answer between two questions; nothing is, once two in a row are the same.
    let tag = '';
    await until('nothing changes', async () => {
      const before = tag;
      tag = (await get(path)).headers.get('etag') ?? '';
      return tag !== '' && tag === before;
    });
    const same = await get(path, engine.tokens.every, { 'if-none-match': tag });
    expect([same.status, await same.text()]).toEqual([304, '']);
    leaf1.setCarrier('vlan66', false);
    await untilState(66, 'sold-down');
    const other = await get(path, engine.tokens.every, { 'if-none-match': tag });
    expect(other.status).toBe(200);
    await other.text();
    leaf1.setCarrier('vlan66', true);
    await untilState(66, 'matched');
  });

  it('follows a server to the switch it moves to, and who waits for what it held', async () => {
    const { store } = engine.parts;
    const listed = async (): Promise<Record<string, Record<string, number>>> => {
      const { switches } = (await (await get('/v1/switches')).json()) as {
        switches: { switch: string; counts: Record<string, number> }[];
      };
      return Object.fromEntries(switches.map(({ switch: name, counts }) => [name, counts]));
    };
    await storeFact(store, 'ServerAdded', {
      serverId: 'srv-90',
      customerId: 'cust-90',
      port: 'edge2:swp4',
      vlan: 90,
      mac: '52:54:00:00:00:90',
    });
    await storeFact(store, 'Ipv4AddOnBought', { serverId: 'srv-90', addOnId: 'a', address: '198.51.100.111' });
    // srv-11 has that address: srv-90 waits for it, on a switch that no device of this engine is.
    await until('edge2 shows that it waits', async () => (await listed())['edge2']?.['push-pending'] === 1);
    await storeFact(store, 'Ipv4AddOnCancelled', { serverId: 'srv-11', addOnId: 'more' });
    await until('it waits no more', async () => (await listed())['edge2']?.['sold-down'] === 1);
    await storeFact(store, 'ServerMoved', { serverId: 'srv-90', port: 'edge10:swp4', vlan: 90 });
    await until('it is on edge10', async () => (await listed())['edge10']?.['sold-down'] === 1);
    expect(Object.keys(await listed())).toEqual(['edge10', 'leaf1']);
    expect((await get('/v1/switches/edge2/ports')).status).toBe(404);
  });

  it('lists the switches that have a port in a state, page by page, with the sum over all', async () => {
    const ask = async (query: string) => (await (await get(`/v1/switches?${query}`)).json()) as Record<string, unknown>;
    for (const number of [11, 16, 66]) await untilState(number, 'matched');
    const rows = async (query: string) =>
      ((await ask(query))['switches'] as { switch: string }[]).map(({ switch: name }) => name);
    expect(await rows('state=matched')).toEqual(['leaf1']);
    expect(await rows('state=sold-down')).toEqual(['edge10']);
    expect(await rows('q=EDGE')).toEqual(['edge10']);
    const first = await ask('limit=1');
    expect(first).toMatchObject({ switches: [{ switch: 'edge10', ports: 4 }], next: 'edge10', counted: 2, of: 2 });
    expect(first['totals']).toMatchObject({ matched: 3, 'sold-down': 1 });
    expect(await rows('limit=1&after=edge10')).toEqual(['leaf1']);
  });

  it('is drawn in a terminal, by symbols, with what is wrong below', async () => {
    await untilState(16, 'matched');
    leaf1.setCarrier('vlan66', false);
    await untilState(66, 'sold-down');
    const say = (...words: string[]) => portledger(['switches', ...words], speakingTo(engine, engine.tokens.every));
    const { code, out } = await say('leaf1');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('Switch leaf1 (site default): leaf1 enforce, equal');
    expect(lines[2]).toBe('  Ethernet1 to Ethernet66');
    // Odd ports on top, even ones below: 11 is the sixth on top, 16 the eighth and 66 the last below.
    const line = (columns: string) => `   ${columns}`;
    expect(lines.slice(3, 7)).toEqual([
      line('. . . . . =  . . . . . .  . . . . . .  . . . . . .'),
      line('. . . . . .  . = . . . .  . . . . . .  . . . . . .'),
      line('. . . . . .  . . .'),
      line('. . . . . .  . . v'),
    ]);
    expect(out).toMatch(/^v 1 sold-down {3}= 2 matched {3}\. 63 free$/m);
    expect(out).toMatch(/^v +Ethernet66 +sold-down +srv-66 +cust-66 +the link is down$/m);
    const list = await say('--state', 'sold-down');
    expect(list.out).toMatch(/^SWITCH +SITE +PORTS +VIOLATION /);
    expect(list.out).toMatch(/^leaf1 +default +66 /m);
    expect(JSON.parse((await say('leaf1', '--json')).out)).toMatchObject({ switch: 'leaf1', counts: { matched: 2 } });
    expect(await say('nobody')).toMatchObject({ code: 3, err: expect.stringContaining('nobody') as string });
    leaf1.setCarrier('vlan66', true);
    await untilState(66, 'matched');
  });

  it.each([
    ['/v1/switches?state=broken', 400, 'question-malformed'],
    ['/v1/switches?limit=0', 400, 'question-malformed'],
    ['/v1/switches?states=drift', 400, 'question-malformed'],
    ['/v1/switches/nobody/ports', 404, 'unknown-switch'],
  ])('refuses %s with %i', async (path, status, code) => {
    const answer = await engine.call(path, { headers: { authorization: `Bearer ${engine.tokens.every}` } });
    expect([answer.status, answer.body['type']]).toEqual([status, `https://portledger.dev/problems/${code}`]);
  });

  // Last: the stream stays frozen.
  it('says that an event that cannot be read holds what billing says of the server', async () => {
    const id = randomUUID();
    const time = new Date().toISOString();
    const event = {
      id,
      type: 'ServerNicReplaced',
      data: { serverId: 'srv-16', mac: 'nonsense' },
      metadata: { source: 'urn:billing:eu', sourceId: id, schemaVersion: 1, time },
    };
    await engine.parts.store.append({ stream: 'server-srv-16', expected: 'any', events: [event] });
    expect((await untilState(16, 'frozen')).why).toBe(
      'an event of server-srv-16 cannot be read, and holds the later ones',
    );
  });
});
