import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { linkLocalOf, type MacAddress } from '../../events/index.js';
import type { DhcpStatus } from '../../src/reactors/dhcp-status.js';
import { serverFact } from '../story/billing.js';
import { portName, vlanOf } from '../story/stage.js';
import { describeLab } from './describe-lab.js';
import { DhcpClients } from './dhcp-clients.js';
import { type Kea, keaIn } from './kea.js';
import { createLab, type Lab, type LabPort, until } from './lab.js';
import { run } from './lab-process.js';
import { type LabEngine, startLabEngine } from './lab-engine.js';

describeLab('an engine that hands out by DHCP', () => {
  let lab: Lab;
  let site: LabEngine;
  let kea4: Kea;
  let kea6: Kea;

  beforeAll(async () => {
    lab = await createLab();
    await lab.byHand(...lab.interfaces.map((port) => `addr add 100.64.0.${vlanOf(port)}/32 dev ${port}`));
    kea4 = keaIn(lab.sw, lab.directory, 4);
    kea6 = keaIn(lab.sw, lab.directory, 6);
    await Promise.all([kea4.start(), kea6.start()]);
    site = await startLabEngine(lab, { dhcp: { socket4: kea4.socket, socket6: kea6.socket } });
  });
  afterAll(async () => {
    await site.engine.stop();
    await Promise.all([kea4.stop(), kea6.stop()]);
    await site.stage.close();
  });

  const status = (): Promise<DhcpStatus> => site.ask<DhcpStatus>('/v1/devices/leaf1/dhcp');
  /** A token may ask 50 times a second. */
  const untilAsked = (what: string, holds: () => Promise<boolean>): Promise<void> =>
    until(what, async () => (await holds()) || sleep(30, false));
  const untilDhcp = (what: string, holds: (status: DhcpStatus) => boolean): Promise<void> =>
    untilAsked(what, async () => holds(await status())).catch(async (cause: unknown) => {
      throw new Error(`${String(cause)}: ${JSON.stringify(await status())}`, { cause });
    });
  const clientsAt = (port: LabPort): DhcpClients => new DhcpClients(lab.directory, lab.servers[port].namespace);
  const hostAt = async (port: LabPort) => (await status()).hosts.find((one) => one.interface === port);
  const pair16 = { ipv6: '2001:db8:16::c633:6410', prefix: '2001:db8:16::/48' };

  it('shows its first plan and hands out nothing, then what an operator approved', async () => {
    await untilDhcp('the first plan is whole', ({ brake, plan }) => brake?.code === 'first-plan' && plan.length >= 14);
    expect(await clientsAt('vlan16').udhcpc()).toEqual({});
    const shown = await site.cli('dhcp', 'leaf1');
    expect(shown).toContain('+ dhcp4 vlan16 52:54:00:00:00:16 198.51.100.16');
    const hash = /dhcp apply leaf1 ([0-9a-f]{16})/.exec(shown)?.[1] ?? '';
    expect(await site.asOperator('dhcp', 'apply', 'leaf1', hash)).toContain(`plan ${hash}: confirmed`);
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16', router: '198.51.100.1' });
    expect(await hostAt('vlan16')).toMatchObject({ serverId: 'srv-16', listens: [4, 6], ...pairOf('vlan16') });
  });

  const pairOf = (port: LabPort) => ({ ipv4: lab.servers[port].ipv4, prefixes: [lab.servers[port].prefix] });

  it('gives firmware, loader, installer and system the same pair, whatever each calls itself', async () => {
    for (const duid of [
      '00030001525400000016',
      '000100012a2b2c2d525400000016',
      '000200000137aabbcc',
      '0004aabbccddeeff00112233445566778899',
    ]) {
      expect(await clientsAt('vlan16').dhclient6(duid, 40)).toEqual(pair16);
      expect(await clientsAt('vlan16').dhclient4(duid)).toMatchObject({ ipv4: '198.51.100.16' });
    }
    const journal = await site.cli('log', 'stream', 'journal-leaf1-dhcp', '--json');
    expect(journal).toContain('lease6 vlan 16 2001:db8:16::/48 of 00:03:00:01:52:54:00:00:00:16');
  });

  it('gives the network card that is sold at another port nothing, and the security team hears where it is', async () => {
    const { mac } = lab.servers.vlan16;
    const own = lab.servers.vlan11.mac;
    await lab.replaceNic('vlan11', mac);
    expect(await clientsAt('vlan11').udhcpc()).toEqual({});
    for (const duid of ['00030001525400000016', '0004aabbccddeeff00112233445566778899'])
      expect(await clientsAt('vlan11').dhclient6(duid, 4)).toEqual({});
    const { namespace } = lab.servers.vlan11;
    // It asks for its gateway, as every machine does; nobody hears of it from DHCP.
    await run('ip', ['netns', 'exec', namespace, 'ping', '-c', '1', '-W', '1', 'fe80::1%eth0']).catch(() => '');
    const detected = async (): Promise<string> => {
      const { violations } = await site.ask<{ violations: { violationId: string }[] }>(
        '/v1/violations?port=leaf1:Ethernet11',
      );
      const streams = violations.map(({ violationId }) => `violation-${violationId}`);
      return (await Promise.all(streams.map((stream) => site.cli('log', 'stream', stream, '--json')))).join('\n');
    };
    let stored = '';
    await untilAsked('the violation is stored', async () => (stored = await detected()).includes('"mac-moved"'));
    const [, violation = '{}'] = /^(.*"mac-moved".*)$/m.exec(stored) ?? [];
    expect(JSON.parse(violation)).toMatchObject({
      type: 'ViolationDetected',
      data: { rule: 'mac-moved', port: 'leaf1:Ethernet11', vlan: 11, claimedMac: mac, offenderServerId: 'srv-11' },
    });
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
    await lab.replaceNic('vlan11', own);
    expect(await clientsAt('vlan11').udhcpc()).toMatchObject({ ipv4: '198.51.100.11' });
  });

  /** Where the kernel of the gateway sends what is for the server at vlan16: what it asks nobody for. */
  const wayTo16 = async () => {
    type Entry = { dst: string; lladdr: string };
    type Way = { dst: string; gateway?: string; dev: string };
    const entries = (await lab.switchKernel('neigh', 'show', 'dev', 'vlan16', 'nud', 'permanent')) as Entry[];
    const ways = (await lab.switchKernel('-6', 'route', 'show', lab.servers.vlan16.prefix)) as Way[];
    return {
      entries: new Set(entries.map(({ dst, lladdr }) => `${dst} ${lladdr}`)),
      ways: ways.map(({ dst, gateway, dev }) => `${dst} via ${gateway} dev ${dev}`),
    };
  };

  it('moves leases, neighbour entries and route together to a replaced network card, and gives the old one nothing', async () => {
    const mac = '52:54:00:00:00:99' as MacAddress;
    const linkLocal = linkLocalOf(mac);
    const before = await hostAt('vlan16');
    expect(before?.leases).toContain('198.51.100.16');
    await site.publish(serverFact('ServerNicReplaced', 'srv-16', { mac }));
    await untilDhcp(
      'the new MAC is known',
      ({ hosts, state }) => state === 'equal' && hosts.some((one) => one.mac === mac),
    );
    expect((await hostAt('vlan16'))?.leases).not.toContain('198.51.100.16');
    const wanted = {
      entries: new Set([`${linkLocal} ${mac}`, `198.51.100.16 ${mac}`]),
      ways: [`2001:db8:16::/48 via ${linkLocal} dev vlan16`],
    };
    await until('the gateway sends everything to the new one', async () => isDeepStrictEqual(await wayTo16(), wanted));
    expect((await lab.upstreamRoutes()).has('2001:db8:16::/48')).toBe(true);
    expect(await clientsAt('vlan16').udhcpc()).toEqual({});
    expect(await clientsAt('vlan16').dhclient6('00030001525400000016', 4)).toEqual({});
    await lab.replaceNic('vlan16', mac);
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
    expect(await clientsAt('vlan16').dhclient6('00030001525400000099', 40)).toEqual(pair16);
  });

  it('ends what a suspended server has, and gives it back when it is resumed', async () => {
    await site.publish(serverFact('ServerSuspended', 'srv-16'));
    await untilDhcp(
      'nothing is handed out there',
      ({ hosts, state }) => state === 'equal' && !hosts.some((one) => one.interface === 'vlan16'),
    );
    expect(await clientsAt('vlan16').udhcpc()).toEqual({});
    await site.publish(serverFact('ServerResumed', 'srv-16'));
    await untilDhcp('it is again', ({ hosts, state }) => state === 'equal' && hosts.length === 2);
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
  });

  const alerts = async (): Promise<string> => JSON.stringify(await (await fetch(`${site.engine.url}/readyz`)).json());

  it('goes on with DHCPv6 while the daemon of DHCPv4 is stopped, and alerts; then it catches up', async () => {
    await kea4.stop();
    await until('the alert says so', async () => /dhcp-failing.*kea-dhcp4 is not running/.test(await alerts()));
    await site.publish(
      serverFact('Ipv6PrefixAssigned', 'srv-16', { prefix: '2001:db8:1600::/48' }),
      serverFact('Ipv4AddOnCancelled', 'srv-11', { addOnId: 'a' }),
    );
    await untilDhcp('DHCPv6 has the change', ({ state, error, hosts }) => {
      const changed = hosts.some(({ prefixes }) => prefixes.includes('2001:db8:1600::/48'));
      return changed && state === 'failing' && /kea-dhcp4 is not running/.test(error ?? '');
    });
    expect(JSON.stringify((await kea6.config())['shared-networks'])).toContain('2001:db8:1600::');
    await kea4.start();
    await untilDhcp('DHCPv4 has it too', ({ state, error, hosts }) => {
      const [eleven] = hosts.filter((one) => one.interface === 'vlan11');
      return state === 'equal' && error === undefined && eleven?.ipv4 === undefined;
    });
    await until('the alert is over', async () => !(await alerts()).includes('dhcp-failing'));
    expect(await clientsAt('vlan11').udhcpc()).toEqual({});
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
    await site.publish(
      serverFact('Ipv6PrefixReleased', 'srv-16', { prefix: '2001:db8:1600::/48' }),
      serverFact('Ipv4AddOnBought', 'srv-11', { addOnId: 'b', address: lab.servers.vlan11.ipv4 }),
    );
    await untilDhcp(
      'all is as before',
      ({ state, hosts }) => state === 'equal' && hosts.every(({ ipv4 }) => ipv4 !== undefined),
    );
  });

  it('tells that Kea is stopped, and goes on where it was when it is started again', async () => {
    await kea4.stop();
    await untilDhcp(
      'it is told',
      ({ state, error }) => state === 'failing' && /kea-dhcp4 is not running/.test(error ?? ''),
    );
    await kea4.start();
    await untilDhcp('it hands out as before', ({ state, hosts }) => state === 'equal' && hosts.length === 2);
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
  });

  it('keeps the last good state where Kea refuses, tells what it refuses, and recovers by itself', async () => {
    const { ipv4 } = site.stage.servers.vlan66;
    const taken = { id: 7, subnet: `${ipv4}/32`, interface: 'vlan66' };
    await lab.setCarrier('vlan66', true);
    await kea4.command('config-set', (config) => ({ ...config, subnet4: [...(config.subnet4 ?? []), taken] }));
    const { mac } = site.stage.servers.vlan66;
    await site.publish(
      serverFact('ServerAdded', 'srv-66', { customerId: 'c1', port: portName('vlan66'), vlan: 66, mac }),
      serverFact('Ipv4AddOnBought', 'srv-66', { addOnId: 'a', address: ipv4 }),
    );
    await untilDhcp(
      'the refusal is told',
      ({ state, error }) => state === 'failing' && /already exists/.test(error ?? ''),
    );
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
    await kea4.command('config-set', (config) => ({
      ...config,
      subnet4: config.subnet4?.filter(({ id }) => id !== 7),
    }));
    await untilDhcp('it is handed out', ({ state, hosts }) => state === 'equal' && hosts.length === 3);
    expect(await clientsAt('vlan66').udhcpc()).toMatchObject({ ipv4 });
  });

  it('puts back what somebody changed in Kea by hand', async () => {
    // Kea tells whole seconds: what follows a push at once is found by the next look of its own.
    await until('nothing was pushed for a while', async () => (await kea4.sinceConfigured()) >= 3);
    await kea4.command('config-set', (config) => ({ ...config, subnet4: [] }));
    await until('all is as it was', async () => (await kea4.config()).subnet4?.length === 3);
    expect(await clientsAt('vlan16').udhcpc()).toMatchObject({ ipv4: '198.51.100.16' });
  });
});
