import { parseMac } from '../../events/index.js';
import { eosDiffOf, eosSessionsOf } from '../../src/drivers/switch/eos-sessions.js';
import { eosInterfacesOf, eosResolvedOf, eosStaticsOf } from '../../src/drivers/switch/eos-tables.js';
import { describeRealOutput } from '../support/real-output.js';
import { EosBox } from '../support/eapi/eos-box.js';
import { showArp, showInterfaces, showIpInterface, showIpv6Interface } from '../support/eapi/eos-show.js';

interface NapalmArp {
  readonly interface: string;
  readonly ip: string;
  readonly mac: string;
}

describeRealOutput('an answer of a real switch', (read) => {
  const napalm = (name: string): unknown => JSON.parse(read(`cli/napalm__test__eos__mocked_data__${name}`));

  it.each(['test_get_arp_table__normal', 'test_get_arp_table_with_vrf__normal'])(
    '%s is read as napalm reads it',
    (name) => {
      const rows = eosResolvedOf(napalm(`${name}__show_arp_vrf_all.json`));
      const expected = napalm(`${name}__expected_result.json`) as NapalmArp[];
      // napalm was asked for one VRF.
      const asked = rows.filter(({ vrf }) => vrf === (name.includes('with_vrf') ? 'TEST' : undefined));
      expect(asked.map((row) => [row.interface, row.address, row.mac])).toEqual(
        expected.map((row) => [row.interface, row.ip, parseMac(row.mac.replaceAll(':', '-'))]),
      );
      expect(rows.every(({ isStatic }) => !isStatic)).toBe(true);
    },
  );

  it('show interfaces is read as napalm reads it', () => {
    const expected = napalm('test_get_interfaces__normal__expected_result.json') as Record<
      string,
      { is_up: boolean; is_enabled: boolean }
    >;
    const states = eosInterfacesOf(napalm('test_get_interfaces__normal__show_interfaces.json'), {}, {});
    const seen = [...states].map(([name, { adminUp, carrier }]) => [name, { is_up: carrier, is_enabled: adminUp }]);
    const wanted = Object.entries(expected).map(([name, { is_up, is_enabled }]) => [name, { is_up, is_enabled }]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(wanted));
    expect(states.get('Management1')?.addresses).toEqual(['10.0.2.15']);
  });

  it('addresses of both families are read as napalm reads them', () => {
    const [ip, ipv6] = ['ip', 'ipv6'].map((family) =>
      napalm(`test_get_interfaces_ip__issue68_iface_no_linkLocal__show_${family}_interface.json`),
    );
    const expected = napalm('test_get_interfaces_ip__issue68_iface_no_linkLocal__expected_result.json') as Record<
      string,
      Record<string, object>
    >;
    const shown = {
      interfaces: { Loopback0: { name: 'Loopback0', interfaceStatus: 'connected', lineProtocolStatus: 'up' } },
    };
    const addresses = Object.values(expected['Loopback0'] ?? {}).flatMap((family) => Object.keys(family));
    expect([...(eosInterfacesOf(shown, ip, ipv6).get('Loopback0')?.addresses ?? [])].sort()).toEqual(addresses.sort());
  });

  it('has every key that the simulated switch prints', () => {
    const port = {
      adminUp: true,
      plugged: true,
      vrf: 'default',
      ipv4: ['172.17.17.1/32'],
      routes: [],
      ipv6: ['2400:beef::1'],
    };
    const box = new EosBox(new Map([['Loopback0', port]]));
    box.learned.push({ vrf: 'default', address: '172.17.17.1', mac: 'dc38.e111.97cf', interface: 'Loopback0' });
    const real = 'test_get_interfaces_ip__issue68_iface_no_linkLocal';
    const keys = (answer: unknown): string[] => {
      const rows = Object.values((answer as { interfaces: Record<string, object> }).interfaces);
      return rows.flatMap((row) => Object.keys(row));
    };
    const realKeys = keys(napalm('test_get_interfaces__normal__show_interfaces.json'));
    for (const key of keys(showInterfaces(box))) expect(realKeys).toContain(key);
    expect(showIpInterface(box)).toMatchObject({ interfaces: { Loopback0: { vrf: 'default' } } });
    for (const key of keys(showIpInterface(box)))
      expect(keys(napalm(`${real}__show_ip_interface.json`))).toContain(key);
    for (const key of keys(showIpv6Interface(box)))
      expect(keys(napalm(`${real}__show_ipv6_interface.json`))).toContain(key);
    const table = (answer: unknown): string[] => {
      const vrf = (answer as { vrfs: Record<string, { ipV4Neighbors: object[] }> }).vrfs['default'];
      return [...Object.keys(vrf ?? {}), ...Object.keys(vrf?.ipV4Neighbors[0] ?? {})].sort();
    };
    expect(table(showArp(box))).toEqual(table(napalm('test_get_arp_table__normal__show_arp_vrf_all.json')));
  });

  it('the configurations of real designs hold no line that is taken for an entry by mistake', () => {
    const folder = 'configs/avd__ansible_collections__arista__avd__molecule__eos_cli_config_gen__intended__configs__';
    const text = read(`${folder}vlan-interfaces.cfg`);
    expect(eosStaticsOf(text)).toEqual([]);
  });
});

describe('an answer of EOS', () => {
  it('is static where it has no age, and the port behind a VLAN does not count', () => {
    const rows = [
      { hwAddress: '004c.6211.223b', address: '172.16.0.1', interface: 'Vlan101, Port-Channel2', age: 0 },
      { hwAddress: '0002.00ff.555e', address: '10.10.1.1', interface: 'Vlan1, not learned' },
      { hwAddress: 'incomplete', address: '10.10.1.2', interface: 'Vlan1', age: 0 },
    ];
    expect(eosResolvedOf({ vrfs: { default: { ipV4Neighbors: rows } } })).toEqual([
      { vrf: undefined, address: '172.16.0.1', mac: '00:4c:62:11:22:3b', interface: 'Vlan101', isStatic: false },
      { vrf: undefined, address: '10.10.1.1', mac: '00:02:00:ff:55:5e', interface: 'Vlan1', isStatic: true },
    ]);
  });

  it.each([
    undefined,
    null,
    [],
    {},
    { vrfs: null },
    { vrfs: { default: [] } },
    { vrfs: { default: { ipV4Neighbors: [null, 1] } } },
  ])('that is not what it should be holds nothing: %j', (answer) => {
    expect(eosResolvedOf(answer)).toEqual([]);
    expect(eosInterfacesOf(answer, answer, answer).size).toBe(0);
    expect(eosSessionsOf(answer)).toEqual([]);
  });
});

// As an operator showed both in the public report of the change.
describe('a commit that waits for its confirmation', () => {
  const rest = { maxSavedSessions: 1, maxOpenSessions: 5, mergeOnCommit: false, saveToStartupConfigOnCommit: false };

  it('is seen in its session up to 4.31', () => {
    const session = {
      state: 'pendingCommitTimer',
      completedTime: 1739832190.8,
      commitBy: 1739835851.8,
      commitUser: 'adminuser',
      description: '',
      instances: {},
    };
    expect(eosSessionsOf({ sessions: { troubleshooting: session }, ...rest })).toEqual([
      { name: 'troubleshooting', state: 'on-timer' },
    ]);
  });

  it('is seen beside the sessions from 4.32 on, where its session says committed', () => {
    const session = {
      state: 'committed',
      completedTime: 1739832020.1,
      commitUser: 'adminuser',
      description: '',
      instances: {},
    };
    const answer = { sessions: { troubleshooting: session }, ...rest };
    expect(
      eosSessionsOf({ ...answer, commitTimerSessionName: 'troubleshooting', commitTimerExpireTime: 3600.5 }),
    ).toEqual([{ name: 'troubleshooting', state: 'on-timer' }]);
    expect(eosSessionsOf(answer)).toEqual([]);
  });

  it('is told from a session that nobody committed, and from one that is done', () => {
    const sessions = { a: { state: 'pending' }, b: { state: 'completed' }, c: { state: 'committed' } };
    expect(eosSessionsOf({ sessions, ...rest })).toEqual([{ name: 'a', state: 'open' }]);
  });
});

describe('a difference of configurations', () => {
  // The form of a published example.
  it('is what it adds and removes', () => {
    const text = [
      '--- system:/running-config',
      '+++ session:/acl-change-session-config',
      '@@ -97,7 +97,8 @@',
      ' !',
      ' ip access-list mgmt',
      '-   10 permit 10 10.0.0.0/24 host 10.0.0.1',
      '+   20 permit 192.168.0.0/24 host 10.0.0.1',
      '+!',
      '',
    ].join('\n');
    expect(eosDiffOf(text)).toEqual([
      '-   10 permit 10 10.0.0.0/24 host 10.0.0.1',
      '+   20 permit 192.168.0.0/24 host 10.0.0.1',
    ]);
    expect(eosDiffOf('')).toEqual([]);
  });
});
