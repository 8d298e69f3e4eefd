import { join } from 'node:path';
import { parseConfig } from '../../src/config/load-config.js';
import { StampFile } from '../../src/drivers/stamp-file.js';
import { exampleEvent, type PublishedType } from '../../src/intake/event-examples.js';
import type { Move } from '../../src/reactors/moves.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { describeLab } from './describe-lab.js';
import { until } from './lab.js';
import { address, type Leaf, leaves, mac, patienceMs, type PeerChange, prefix, TwoGateways } from './two-gateways.js';

const newPort = 'leaf2:Ethernet16';

describeLab('a move between two real gateways', () => {
  let lab: TwoGateways;
  let engine: RunningEngine;
  afterEach(async () => {
    await engine.stop();
    await lab.close();
  });

  async function start(overlappingMoves: readonly { from: string; to: string }[]): Promise<void> {
    lab = await TwoGateways.create();
    const stateFile = (leaf: Leaf): string => join(lab.directory, `${leaf}.state.json`);
    const gateways = leaves.map((leaf, index) => ({
      ...{ switch: leaf, site: `site${index + 1}` },
      devices: [
        {
          ...{ name: leaf, mode: 'enforce', interfacePattern: 'vlan{vlan}', stateFile: stateFile(leaf) },
          // The new gateway's MED is the higher one: the peer turns to it only when the old one withdraws.
          ...{ med: index * 50, ports: { [`${leaf}:Ethernet16`]: 'vlan16' } },
          driver: { kind: 'linux', netns: lab.namespaceOf(leaf) },
          bgp: lab.birdOf(leaf),
        },
      ],
    }));
    const sites = [1, 2].map((number) => ({ name: `site${number}`, neighbourAs: 64_513 }));
    const config = parseConfig({ gateways, sites, overlappingMoves }, join(lab.directory, 'portledger.json'));
    // No timer repairs what nobody woke anybody for: the move comes to its end by its own wake-ups, or never.
    const resyncSeconds = 86_400;
    const settings = { sites: config.sites, overlappingMoves: config.overlappingMoves, resyncSeconds };
    engine = await RunningEngine.start(undefined, { gateways: config.gateways, settings });
    const stamp = { logId: engine.parts.store.logId, ordinal: -1 };
    for (const leaf of leaves) await new StampFile(leaf, stateFile(leaf)).write(stamp);
  }

  let nextId = 0;
  async function publish(type: PublishedType, data: Record<string, unknown>): Promise<void> {
    const time = new Date().toISOString();
    const event = exampleEvent(type, { id: `fact-${nextId++}`, subject: data['serverId'], time, data });
    expect((await engine.publish(event, engine.tokens.publisher)).status).toBe(201);
  }
  async function sell(): Promise<void> {
    await publish('ServerAdded', { serverId: 's16', customerId: 'c1', port: 'leaf1:Ethernet16', vlan: 16, mac });
    await publish('Ipv6PrefixAssigned', { serverId: 's16', prefix });
    await publish('Ipv4AddOnBought', { serverId: 's16', addOnId: 'a', address });
    await until('the peer hears both from leaf1', () => changes().every(({ length }) => length === 1), patienceMs);
    const { liveMap } = engine.parts.projector;
    await until('the link at leaf2 is known', () => liveMap.map.linkOf(newPort) === 'up', patienceMs);
  }
  const changes = (): PeerChange[][] => [prefix, `${address}/32`].map((one) => lab.peerChanges(one));
  const moves = async (): Promise<Move[]> => {
    const headers = { authorization: `Bearer ${engine.tokens.operator}` };
    return (await engine.call('/v1/moves', { headers })).body['moves'] as Move[];
  };
  async function move(): Promise<void> {
    await publish('ServerMoved', { serverId: 's16', port: newPort, vlan: 16 });
    const isOver = async (): Promise<boolean> => {
      const all = await moves();
      return all.length === 2 && all.every(({ state }) => state === 'finished');
    };
    const seen = async (): Promise<string> => JSON.stringify({ moves: await moves(), devices: statuses() });
    await until('the move is over', isOver, patienceMs).catch(async (cause: unknown) => {
      throw new Error(`${String(cause)}: ${await seen()}`, { cause });
    });
    await until('the peer hears it', () => lab.peerChanges().length === 3, patienceMs);
  }
  const statuses = (): unknown[] => leaves.map((leaf) => engine.parts.devices.get(leaf)?.status);

  it('never shows the peer two next hops, and says how long there was none', async () => {
    await start([]);
    await sell();
    await move();
    expect(lab.peerChanges()).toEqual([
      { leaf: 'leaf1', change: 'added' },
      { leaf: 'leaf1', change: 'removed' },
      { leaf: 'leaf2', change: 'added' },
    ]);
    expect(lab.nextHops()).toEqual([1, 0, 1]);
    for (const { manner, oldSide, blackoutMs } of await moves()) {
      expect([manner, oldSide]).toEqual(['withdraw-first', 'confirmed']);
      expect(blackoutMs).toBeGreaterThan(0);
    }
  });

  it('that overlaps leaves the peer with a route at every moment, before and after which the server answers', async () => {
    await start([{ from: 'site1', to: 'site2' }]);
    await sell();
    await lab.answers('2001:db8:16::1');
    await move();
    // Nothing is counted in between: what travels to the old gateway while it withdraws is for BGP and two kernels to lose.
    await lab.answers('2001:db8:16::1');
    expect(lab.peerChanges()).toEqual([
      { leaf: 'leaf1', change: 'added' },
      { leaf: 'leaf2', change: 'added' },
      { leaf: 'leaf1', change: 'removed' },
    ]);
    expect(lab.nextHops()).toEqual([1, 2, 1]);
    for (const { manner, blackoutMs } of await moves()) expect([manner, blackoutMs]).toEqual(['announce-first', 0]);
  });
});
