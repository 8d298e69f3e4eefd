import type { DhcpStatus } from '../../src/reactors/dhcp-status.js';
import type { GuardStatus } from '../../src/reactors/guard-status.js';
import { approveFirstPlan } from '../support/approve.js';
import { ask, publish, serverFact } from '../story/billing.js';
import { makeTokens, portledger, startStoryEngine, type StoryEngine, type Tokens } from '../story/engine.js';
import { labStage } from '../story/lab.stage.js';
import { portName, type Stage, vlanOf } from '../story/stage.js';
import { describeLab } from './describe-lab.js';
import { DhcpClients } from './dhcp-clients.js';
import { arp } from './frames.js';
import { type Kea, keaIn } from './kea.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { fetchAsFirmware, type Tftp, tftpIn } from './tftp.js';

const [tftpServer, tftpFile, kernel] = ['192.0.2.9', 'kernel8.img', 'what a board starts with\n'];
const start16 = { ipv4: '10.64.0.66', mask: '255.255.255.252', router: '10.64.0.65' };

describeLab('an engine that starts machines from the private /30 of their port', () => {
  let lab: Lab;
  let stage: Stage;
  let tokens: Tokens;
  let engine: StoryEngine;
  let kea4: Kea;
  let tftp: Tftp;

  beforeAll(async () => {
    lab = await createLab();
    await lab.byHand(
      `addr add ${tftpServer}/32 dev lo`,
      'addr add 10.64.0.65/30 dev vlan16',
      'addr add 10.64.1.9/30 dev vlan66',
    );
    kea4 = keaIn(lab.sw, lab.directory, 4);
    [tftp] = await Promise.all([tftpIn(lab.sw, lab.directory, tftpServer, { [tftpFile]: kernel }), kea4.start()]);
    const bare = labStage(lab);
    const boot = [{ architectures: [11], tftpServer, tftpFile }];
    const dhcp = { socket4: kea4.socket, netboot: '10.64.0.0/18', boot };
    stage = { ...bare, deviceConfig: { ...bare.deviceConfig, dhcp, guard: { mode: 'drop' } } };
    tokens = makeTokens(stage);
    engine = await startStoryEngine(stage, 'data');
    const gateway = { switch: 'leaf1', addresses: ['fe80::1', '198.51.100.1'], macs: ['52:54:00:ff:00:01'] };
    await publish(engine, tokens, [{ type: 'GatewayDeclared', subject: 'leaf1', data: gateway }], 'operator');
    for (const port of ['vlan16', 'vlan66', 'vlan21'] as const) {
      const { mac, prefix } = stage.servers[port];
      await publish(engine, tokens, [
        serverFact('ServerAdded', `srv-${vlanOf(port)}`, {
          customerId: 'c1',
          port: portName(port),
          vlan: vlanOf(port),
          mac,
        }),
        serverFact('Ipv6PrefixAssigned', `srv-${vlanOf(port)}`, { prefix }),
      ]);
    }
    await approveFirstPlan(engine.url, tokens.operator, 'leaf1', (lines) => lines.length === 6);
    await untilDhcp('its first plan is there', ({ brake, plan }) => brake?.code === 'first-plan' && plan.length >= 7);
    const { planHash } = await dhcpStatus();
    await portledger(engine, tokens.operatorFile, ['dhcp', 'apply', 'leaf1', planHash ?? '']);
    await untilDhcp('it hands out', ({ state, hosts }) => state === 'equal' && hosts.length === 2);
    for (const port of ['vlan16', 'vlan66', 'vlan21'] as const) await lab.setCarrier(port, true);
    await untilDhcp('it listens where there is carrier now', ({ state, hosts }) => {
      return state === 'equal' && hosts.every(({ listens }) => listens.length === 1);
    });
    const guard = await ask<GuardStatus>(engine, tokens, '/v1/devices/leaf1/guard');
    await portledger(engine, tokens.operatorFile, ['guard', 'apply', 'leaf1', guard.planHash ?? '']);
  });
  afterAll(async () => {
    await engine?.stop();
    await Promise.all([kea4?.stop(), tftp?.stop()]);
    await lab.close();
  });

  const dhcpStatus = (): Promise<DhcpStatus> => ask<DhcpStatus>(engine, tokens, '/v1/devices/leaf1/dhcp');
  const untilDhcp = (what: string, holds: (status: DhcpStatus) => boolean): Promise<void> =>
    until(what, async () => holds(await dhcpStatus()));
  const clientsAt = (port: LabPort): DhcpClients => new DhcpClients(lab.directory, lab.servers[port].namespace);
  const entriesOf = async (port: LabPort): Promise<string[]> => {
    const shown = await lab.switchKernel('-4', 'neigh', 'show', 'dev', port, 'nud', 'permanent');
    return (shown as { dst: string }[]).map(({ dst }) => dst);
  };
  const guardOf = async (port: LabPort) =>
    (await ask<GuardStatus>(engine, tokens, '/v1/devices/leaf1/guard')).ports.find((one) => one.interface === port);
  const asArm = ['-x', '0x5d:000b'];

  it('leases a board without IPv4 its address, and the board fetches its file though the gateway asks nobody', async () => {
    await until('the guard drops', async () => (await guardOf('vlan16'))?.effect === 'drops');
    const given = await clientsAt('vlan16').udhcpc(...asArm);
    expect(given).toEqual({ ...start16, boot: tftpFile, bootServer: tftpServer });
    const asked = await stage.questionsDuring('vlan16', async () => {
      expect(await fetchAsFirmware(lab.servers.vlan16.namespace, lab.directory, given)).toBe(kernel);
    });
    expect(asked).toEqual([]);
    expect(await entriesOf('vlan16')).toEqual([start16.ipv4]);
  });

  it('announces no route for it', async () => {
    await until('the prefix is announced', async () => (await lab.upstreamRoutes()).has('2001:db8:16::/48'));
    expect([...(await lab.upstreamRoutes()).keys()].filter((destination) => destination.startsWith('10.64.'))).toEqual(
      [],
    );
  });

  it('withholds it by name where the interface has not its own /30', async () => {
    expect((await dhcpStatus()).withheld).toEqual([
      {
        serverId: 'srv-21',
        what: '10.64.0.86',
        reason: 'vlan21 has no 10.64.0.85/30 to start it from; give it to vlan21, and to no other interface',
      },
    ]);
  });

  it('finds nothing in its claims on its own port, and address-spoof on another', async () => {
    const claim = (port: LabPort): string =>
      arp({ operation: 2, etherSource: lab.servers[port].mac, senderIp: start16.ipv4, targetIp: start16.router });
    const found = async () =>
      (
        await ask<{ violations: { rule: string; port?: string }[] }>(engine, tokens, '/v1/violations')
      ).violations.filter((one) => JSON.stringify(one).includes(start16.ipv4));
    await lab.forge('vlan16', [claim('vlan16')]);
    await lab.forge('vlan66', [claim('vlan66')]);
    await until('the forged one is found', async () => (await found()).length > 0);
    expect((await found()).map(({ rule, port }) => [rule, port])).toEqual([['address-spoof', 'leaf1:Ethernet66']]);
  });

  it('gives it way to an address that is sold, and comes back to it when that is cancelled', async () => {
    const address = '198.51.100.16';
    const untilLeased = (ipv4: string): Promise<void> =>
      untilDhcp(`${ipv4} is handed out`, ({ state, hosts }) => {
        return state === 'equal' && hosts.some((one) => one.interface === 'vlan16' && one.ipv4 === ipv4);
      });
    await lab.byHand('addr add 100.64.0.16/32 dev vlan16');
    await publish(engine, tokens, [serverFact('Ipv4AddOnBought', 'srv-16', { addOnId: 'a', address })]);
    await untilLeased(address);
    expect(await clientsAt('vlan16').udhcpc(...asArm)).toMatchObject({ ipv4: address, mask: '255.255.255.255' });
    await until('its entry is the only one', async () => (await entriesOf('vlan16')).join() === address);
    await publish(engine, tokens, [serverFact('Ipv4AddOnCancelled', 'srv-16', { addOnId: 'a' })]);
    await untilLeased(start16.ipv4);
    expect(await clientsAt('vlan16').udhcpc(...asArm)).toMatchObject(start16);
    await until('its entry is back', async () => (await entriesOf('vlan16')).join() === start16.ipv4);
  });
});
