import { join } from 'node:path';
import type { PortId, SwitchName, Vlan } from '../../events/index.js';
import { SensorConfig } from '../../src/config/app-config.js';
import { parseConfig } from '../../src/config/load-config.js';
import type { RenumberingView } from '../../src/control/renumber/renumber-view.js';
import { StampFile } from '../../src/drivers/stamp-file.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import { portledger, type Said, speakingTo } from '../cli/said.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { describeLab } from './describe-lab.js';
import { until } from './lab.js';
import { ipBatch } from './lab-process.js';
import { mac, patienceMs, TwoGateways } from './two-gateways.js';

const port = 'leaf1:Ethernet16';
const [oldPrefix, newPrefix] = ['2001:db8:16::/64', '2001:db8:1016::/48'];
const [oldAddress, newAddress] = ['2001:db8:16::1', '2001:db8:1016::1'];

describeLab('a server that is moved from a /64 to a /48', () => {
  let lab: TwoGateways;
  let engine: RunningEngine;
  afterEach(async () => {
    await engine.stop();
    await lab.close();
  });

  async function start(): Promise<void> {
    lab = await TwoGateways.create();
    const stateFile = join(lab.directory, 'leaf1.state.json');
    const device = {
      ...{ name: 'leaf1', mode: 'enforce', interfacePattern: 'vlan{vlan}', stateFile, ports: { [port]: 'vlan16' } },
      driver: { kind: 'linux', netns: lab.namespaceOf('leaf1') },
      bgp: lab.birdOf('leaf1'),
    };
    const { gateways } = parseConfig(
      { gateways: [{ switch: 'leaf1', devices: [device] }] },
      join(lab.directory, 'portledger.json'),
    );
    const sensor = Object.assign(new SensorConfig(), {
      ...{ name: 'e16', switch: 'leaf1' as SwitchName, port: port as PortId, vlan: 16 as Vlan },
      ...{ netns: lab.namespaceOf('leaf1'), interface: 'vlan16' },
    });
    engine = await RunningEngine.start(undefined, { gateways, settings: { sensors: [sensor] } });
    await new StampFile('leaf1', stateFile).write({ logId: engine.parts.store.logId, ordinal: -1 });
  }

  let nextId = 0;
  async function publish(type: PublishedType, data: Record<string, unknown>): Promise<void> {
    const time = new Date().toISOString();
    const event = exampleEvent(type, {
      id: `fact-${nextId++}`,
      subject: 's16',
      time,
      data: { serverId: 's16', ...data },
    });
    expect((await engine.publish(event, engine.tokens.publisher)).status).toBe(201);
  }
  const say = (...words: string[]): Promise<Said> =>
    portledger(['renumber', ...words], speakingTo(engine, engine.tokens.operator));
  const now = async (): Promise<RenumberingView> => JSON.parse((await say('list', '--json')).out) as RenumberingView;
  const stateIs = (...states: string[]): Promise<void> =>
    until(`it is ${states.join(' or ')}`, async () => states.includes((await now()).state), patienceMs);
  const changesOf = (prefix: string): string[] => lab.peerChanges(prefix).map(({ change }) => change);
  const inServer = (...commands: string[]): Promise<unknown> => ipBatch(lab.namespaceOf('server'), commands);
  const reached = (...targets: string[]): Promise<unknown> => Promise.all(targets.map((one) => lab.answers(one)));

  it('answers on both while the old one is used, and loses it at the peer only after billing released it', async () => {
    await start();
    await inServer(`addr add ${oldAddress}/128 dev leaf1 nodad`);
    await publish('ServerAdded', { customerId: 'c1', port, vlan: 16, mac });
    await publish('Ipv6PrefixAssigned', { prefix: oldPrefix });
    await until('the peer hears the old prefix', () => changesOf(oldPrefix).length === 1, patienceMs);
    await reached(oldAddress);
    await say('start', '--customer', 'c1', '--from', oldPrefix, '--to', newPrefix, '--quiet', '3s');
    const { renumberingId } = await now();
    expect((await say('next', renumberingId)).code).toBe(0);

    await inServer(`addr add ${newAddress}/128 dev leaf1 nodad`);
    await publish('Ipv6PrefixAssigned', { prefix: newPrefix });
    await stateIs('both-live', 'safe-to-remove');
    await until('the peer hears the new prefix', () => changesOf(newPrefix).length === 1, patienceMs);
    await reached(oldAddress, newAddress);
    // Whoever answers from the old address has to find the gateway anew, and asks from that address.
    await until(
      'its use is heard',
      async () => {
        await inServer('neigh flush dev leaf1');
        await reached(oldAddress);
        return (await now()).heard.frames > 0;
      },
      patienceMs,
    );
    await stateIs('both-live');
    expect((await say('next', renumberingId)).code).toBe(4);

    await inServer(`addr del ${oldAddress}/128 dev leaf1`);
    await stateIs('safe-to-remove');
    await reached(oldAddress, newAddress);
    expect((await say('next', renumberingId)).code).toBe(0);
    await stateIs('waiting-for-release');
    expect([changesOf(oldPrefix), changesOf(newPrefix)]).toEqual([['added'], ['added']]);
    await publish('Ipv6PrefixReleased', { prefix: oldPrefix });
    await stateIs('finished');
    await until('the peer lost the old prefix', () => changesOf(oldPrefix).length === 2, patienceMs);
    await reached(newAddress);
    expect([changesOf(oldPrefix), changesOf(newPrefix)]).toEqual([['added', 'removed'], ['added']]);
  });

  it('keeps the old prefix through a rollback, and the peer loses the new one', async () => {
    await start();
    await inServer(`route add local ${newPrefix} dev lo`);
    await publish('ServerAdded', { customerId: 'c1', port, vlan: 16, mac });
    await publish('Ipv6PrefixAssigned', { prefix: oldPrefix });
    await until('the peer hears the old prefix', () => changesOf(oldPrefix).length === 1, patienceMs);
    await say('start', '--server', 's16', '--from', oldPrefix, '--to', newPrefix);
    const { renumberingId } = await now();
    await say('next', renumberingId);
    await publish('Ipv6PrefixAssigned', { prefix: newPrefix });
    await stateIs('both-live');
    await reached(oldAddress, newAddress);
    expect((await say('back', renumberingId, '--reason', 'the customer is not ready')).code).toBe(0);
    await publish('Ipv6PrefixReleased', { prefix: newPrefix });
    await stateIs('rolled-back');
    await until('the peer lost the new prefix', () => changesOf(newPrefix).length === 2, patienceMs);
    await reached(oldAddress);
    expect([changesOf(oldPrefix), changesOf(newPrefix)]).toEqual([['added'], ['added', 'removed']]);
  });
});
