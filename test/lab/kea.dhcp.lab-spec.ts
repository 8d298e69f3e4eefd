import type { Ipv4Address, Ipv6Prefix, MacAddress } from '../../events/index.js';
import type { DhcpDriver, DhcpHost4, DhcpHost6 } from '../../src/drivers/dhcp/dhcp.port.js';
import { createKeaDhcp } from '../../src/drivers/dhcp/kea.dhcp.js';
import { describeLab } from './describe-lab.js';
import { DhcpClients } from './dhcp-clients.js';
import { labHost4, labHost6, vlanOf } from './dhcp-hosts.js';
import { type Kea, keaIn } from './kea.js';
import { createLab, type Lab, type LabPort } from './lab.js';

const stamp = { logId: 'log-1', ordinal: 41 };

describeLab('the kea.dhcp driver on real daemons', () => {
  let lab: Lab;
  let kea4: Kea;
  let kea6: Kea;
  let dhcp: DhcpDriver;

  const host4 = (port: LabPort): DhcpHost4 => labHost4(lab, port);
  const host6 = (port: LabPort): DhcpHost6 => labHost6(lab, port);
  /** The gateway asks nobody; the entries of its driver lead its answers to the machines. */
  const knowNeighbours = (): Promise<void> =>
    lab.byHand(
      ...lab.interfaces.map((port) => {
        const { linkLocal, mac } = lab.servers[port];
        return `neigh replace ${linkLocal} lladdr ${mac} dev ${port} nud permanent`;
      }),
    );
  const clientsAt = (port: LabPort): DhcpClients => new DhcpClients(lab.directory, lab.servers[port].namespace);

  beforeAll(async () => {
    lab = await createLab({ startBird: false });
    await lab.byHand(...lab.interfaces.map((port) => `addr add 100.64.0.${vlanOf(port)}/32 dev ${port}`));
    for (const port of lab.interfaces) await lab.setCarrier(port, true);
    await knowNeighbours();
    kea4 = keaIn(lab.sw, lab.directory, 4);
    kea6 = keaIn(lab.sw, lab.directory, 6);
    await Promise.all([kea4.start(), kea6.start()]);
    dhcp = createKeaDhcp({
      device: 'leaf1',
      socket4: kea4.socket,
      socket6: kea6.socket,
      netns: lab.sw,
      interfaces: lab.interfaces,
      pollMs: 100,
      loaders: [
        {
          architectures: [7, 9],
          ipxe: false,
          tftp: { server: '192.0.2.9' as Ipv4Address, file: 'ipxe.efi' },
          url6: 'tftp://[2001:db8::9]/ipxe.efi',
        },
        { architectures: [16], ipxe: false, url4: 'http://192.0.2.9/ipxe.efi', url6: 'http://[2001:db8::9]/ipxe.efi' },
        { architectures: [7], ipxe: true, url4: 'http://192.0.2.9/boot.ipxe' },
      ],
    });
  });
  afterAll(async () => {
    await dhcp.close();
    await Promise.all([kea4.stop(), kea6.stop()]);
    await lab.close();
  });

  it('finds nothing of ours in a fresh Kea', async () => {
    const { v4, v6, leases } = await dhcp.read();
    for (const daemon of [v4, v6])
      expect(daemon).toMatchObject({ hosts: new Map(), altered: new Set(), settings: 'changed', stamp: undefined });
    expect(leases).toEqual([]);
  });

  it('reads back what it pushed, with every socket open', async () => {
    const ports: LabPort[] = ['vlan11', 'vlan16'];
    await dhcp.apply({ hosts4: ports.map(host4), hosts6: ports.map(host6), endLeases: [] }, stamp);
    const { v4, v6 } = await dhcp.read();
    expect([v4?.settings, v6?.settings]).toEqual(['intact', 'intact']);
    expect(v4).toMatchObject({ altered: new Set(), stamp, saved: true, listening: new Set(ports) });
    expect([...(v4?.hosts.values() ?? [])]).toEqual(ports.map(host4));
    expect(v6).toMatchObject({ altered: new Set(), stamp, saved: true, listening: new Set(ports) });
    expect([...(v6?.hosts.values() ?? [])]).toEqual(ports.map(host6));
  });

  it('gives udhcpc its address, and the same MAC on another port nothing', async () => {
    const { ipv4, mac } = lab.servers.vlan16;
    const given = { ipv4, mask: '255.255.255.255', router: '198.51.100.1' };
    expect(await clientsAt('vlan16').udhcpc()).toEqual(given);
    await lab.replaceNic('vlan11', mac);
    await knowNeighbours();
    expect(await clientsAt('vlan11').udhcpc()).toEqual({});
    expect(await clientsAt('vlan11').dhclient6('00030001525400000016', 4)).toEqual({});
    await lab.replaceNic('vlan11', '52:54:00:00:00:11' as MacAddress);
    await knowNeighbours();
  });

  it('gives the same address to a machine that calls itself otherwise', async () => {
    for (const name of ['firmware', 'installer'])
      expect(await clientsAt('vlan16').dhclient4(name)).toMatchObject({ ipv4: lab.servers.vlan16.ipv4 });
  });

  it('gives address and prefix by DHCPv6, to any DUID once the lease of the one before was ended', async () => {
    const wanted = { ipv6: '2001:db8:16::2', prefix: '2001:db8:16::/48' as Ipv6Prefix };
    for (const duid of ['00030001525400000016', '000200000137aabbcc', '0004000102030405060708090a0b0c0d0e0f']) {
      expect(await clientsAt('vlan16').dhclient6(duid)).toEqual(wanted);
      const held = (await dhcp.read()).leases.filter(({ family }) => family === 6);
      expect(held.map((lease) => lease.duid)).toEqual(held.map(() => (duid.match(/../g) ?? []).join(':')));
      expect((await dhcp.read()).refused).toEqual(new Set());
      expect(await clientsAt('vlan16').dhclient6('000300010000000000ff', 3)).toEqual({});
      const { leases, refused } = await dhcp.read();
      expect(refused).toEqual(new Set([16]));
      await dhcp.apply({ endLeases: leases.filter(({ family }) => family === 6) }, stamp);
      expect((await dhcp.read()).refused).toEqual(new Set());
    }
  });

  it('starts each machine with what is for its architecture, and iPXE with what is for iPXE', async () => {
    const started = async (...sends: string[]) => {
      const { boot, bootServer } = await clientsAt('vlan16').udhcpc(...sends);
      return [boot, bootServer];
    };
    expect(await started()).toEqual([undefined, undefined]);
    expect(await started('-x', '0x5d:0007')).toEqual(['ipxe.efi', '192.0.2.9']);
    expect(await started('-x', '0x5d:0010', '-V', 'HTTPClient:Arch:00016')).toEqual([
      'http://192.0.2.9/ipxe.efi',
      undefined,
    ]);
    expect(await started('-x', '0x5d:0007', '-x', '0x4d:69505845')).toEqual(['http://192.0.2.9/boot.ipxe', undefined]);
    const over6 = async (architecture: number) =>
      (await clientsAt('vlan11').dhclient6('0003000152540000aa11', 20, architecture)).boot;
    expect(await over6(9)).toBe('tftp://[2001:db8::9]/ipxe.efi');
    expect(await over6(16)).toBe('http://[2001:db8::9]/ipxe.efi');
    await dhcp.apply({ endLeases: (await dhcp.read()).leases }, stamp);
  });

  it('says of an interface that is down that no socket is open there, and of one that came up again that it is', async () => {
    const ports: LabPort[] = ['vlan11', 'vlan16', 'vlan21'];
    await lab.adminDown('vlan21');
    await dhcp.apply({ hosts4: ports.map(host4), hosts6: ports.map(host6), endLeases: [] }, stamp);
    const { v4, v6 } = await dhcp.read();
    expect([v4?.hosts.size, v6?.hosts.size]).toEqual([3, 3]);
    for (const daemon of [v4, v6]) expect(daemon?.listening).toEqual(new Set(['vlan11', 'vlan16']));
    await lab.adminUp('vlan21');
    await lab.restoreGateway('vlan21');
    await dhcp.apply({ hosts4: ports.map(host4), hosts6: ports.map(host6), endLeases: [] }, stamp);
    const again = await dhcp.read();
    for (const daemon of [again.v4, again.v6]) expect(daemon?.listening).toEqual(new Set(ports));
  });

  it('keeps what it had where Kea refuses a place, and names what Kea said', async () => {
    const before = await dhcp.read();
    const gone = { ...host4('vlan66'), interface: 'vlan66' };
    await lab.byHand('link set vlan66 name elsewhere');
    await expect(dhcp.apply({ hosts4: [host4('vlan16'), gone], endLeases: [] }, stamp)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/kea-dhcp4 refused .*vlan66/) as string,
    });
    expect(await dhcp.read()).toEqual(before);
    await lab.byHand('link set elsewhere name vlan66');
  });

  it('gives dhcpcd its address and prefix', async () => {
    const given = await clientsAt('vlan11').dhcpcd();
    expect(given).toMatchObject({ ipv4: '198.51.100.11', ipv6: '2001:db8:11::2', prefix: '2001:db8:11::/48' });
  });
});
