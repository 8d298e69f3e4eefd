import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage, type StagePort, vlanOf } from '../story/stage.js';
import { describeLab } from './describe-lab.js';
import { approveFirstPlan } from '../support/approve.js';
import { createLab, type Lab, until } from './lab.js';
import { run } from './lab-process.js';
import { descendantsOf, isRunning } from './processes.js';

interface Status {
  readonly state: string;
  readonly error?: string;
}
interface Ready {
  readonly status: string;
  readonly alerts: readonly { readonly code: string; readonly key: string; readonly detail: string }[];
}

describeLab('an engine whose devices go away', () => {
  let lab: Lab;
  let stage: Stage;
  let tokens: Tokens;
  let engine: StoryEngine;

  /** Nobody has approved its first plan yet. */
  let isNew = true;

  const open = async (options: { startBird?: boolean } = {}): Promise<void> => {
    lab = await createLab(options);
    isNew = true;
    stage = labStage(lab);
    tokens = makeTokens(stage);
    engine = await startStoryEngine(stage, 'data');
    const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
  };
  afterEach(async () => {
    await engine.stop();
    await stage.close();
  });

  async function sell(port: StagePort): Promise<void> {
    const { mac, ipv4, prefix } = stage.servers[port];
    const serverId = `srv-${vlanOf(port)}`;
    await publish(engine, tokens, [
      serverFact('ServerAdded', serverId, { customerId: 'c1', port: portName(port), vlan: vlanOf(port), mac }),
      serverFact('Ipv6PrefixAssigned', serverId, { prefix }),
      serverFact('Ipv4AddOnBought', serverId, { addOnId: 'a', address: ipv4 }),
    ]);
    if (isNew) await approveFirstPlan(engine.url, tokens.operator);
    isNew = false;
  }
  const untilEntries = (count: number): Promise<void> =>
    until(`${count} entries stand on the switch`, async () => (await stage.entries()).size === count);
  const untilAnnounced = (...ports: StagePort[]): Promise<void> =>
    until(`exactly ${ports.join(', ')} announced`, async () => {
      const wanted = ports.flatMap((port) => [stage.servers[port].prefix, `${stage.servers[port].ipv4}/32`]);
      const heard = [...(await stage.announced()).keys()].filter((one) => /^(2001:db8:\d+::\/48|.*\/32)$/.test(one));
      return heard.sort().join() === wanted.sort().join();
    });
  const untilStatus = async (state: string): Promise<Status> => {
    let status: Status | undefined;
    await until(
      `the device is ${state}`,
      async () => (status = await ask<Status>(engine, tokens, '/v1/devices/leaf1')).state === state,
    );
    return status ?? { state: 'unknown' };
  };
  const ready = async (): Promise<Ready> => (await (await fetch(`${engine.url}/readyz`)).json()) as Ready;
  const alertOf = async (code: string): Promise<string | undefined> =>
    (await ready()).alerts.find((alert) => alert.code === code)?.detail;

  it('sets entries without BIRD, names the socket and the cure, and announces when BIRD is started', async () => {
    await open({ startBird: false });
    await sell('vlan16');
    await stage.setCarrier('vlan16', true);
    await untilEntries(2);
    const { error } = await untilStatus('failing');
    expect(error).toContain(lab.bird.socket);
    expect(error).toContain('systemctl start bird');
    expect(await alertOf('device-failing')).toBe(error);
    expect((await ready()).status).toBe('degraded');
    await lab.startBird();
    await untilAnnounced('vlan16');
    await untilStatus('equal');
    expect((await ready()).alerts).toEqual([]);
  });

  it('goes on with entries when BIRD dies, keeps what may be announced, and converges when BIRD is back', async () => {
    await open();
    await sell('vlan16');
    await stage.setCarrier('vlan16', true);
    await untilAnnounced('vlan16');
    await lab.stopBird();
    await sell('vlan11');
    await stage.setCarrier('vlan11', true);
    await publish(engine, tokens, [serverFact('ServerRemoved', 'srv-16', {})]);
    await untilEntries(4); // the new ones are set, those of the removed server wait for their routes
    expect((await untilStatus('failing')).error).toContain(lab.bird.socket);
    await lab.startBird();
    await untilAnnounced('vlan11');
    await untilEntries(2);
    await untilStatus('equal');
    expect((await ready()).alerts).toEqual([]);
  });

  it('keeps the last link states while the namespace of the switch is gone, and recovers when it is there again', async () => {
    await open();
    await sell('vlan16');
    await stage.setCarrier('vlan16', true);
    await untilAnnounced('vlan16');
    await untilStatus('equal');
    // A process inside keeps the namespace itself: only its name goes, and comes back.
    const [inside = 0] = (await run('ip', ['netns', 'pids', lab.sw])).split('\n').map(Number);
    const stays = lab.pids().includes(inside) ? inside : lab.pids().at(-1);
    await run('ip', ['netns', 'del', lab.sw]);
    try {
      await sell('vlan11');
      const { error } = await untilStatus('failing');
      expect(error).toContain(`network namespace ${lab.sw} is gone`);
      expect(error).toContain('ip netns add');
      await until('the links are told unreadable', async () => (await alertOf('links-unreadable')) !== undefined);
      const [binding] = (await ask<{ bindings: { link: string }[] }>(engine, tokens, '/v1/map?server=srv-16')).bindings;
      expect(binding?.link).toBe('up');
    } finally {
      await run('ip', ['netns', 'attach', lab.sw, String(stays)]);
    }
    await untilEntries(4);
    await stage.setCarrier('vlan11', true);
    await untilAnnounced('vlan16', 'vlan11');
    await untilStatus('equal');
    await until('no alert stands', async () => (await ready()).alerts.length === 0);
  });

  it('leaves no process behind when it is killed', async () => {
    await open();
    const names = (): string[] => [...new Set(descendantsOf(engine.pid ?? -1).map(({ name }) => name))].sort();
    await until('it works with ip and tcpdump', () => names().join().includes('ip,tcpdump'));
    const children = descendantsOf(engine.pid ?? -1);
    expect(children.length).toBeGreaterThan(4);
    await engine.kill();
    await until('every child has ended', () => !children.some(isRunning));
  });
});
