import { configuredKeys, kernelKeys, lastReconfiguration, tableKeys } from '../../src/drivers/bgp/bird-tables.js';

// What BIRD 2.0.12 and iproute2 6.1.0 said in a network namespace.
const reply = (code: string, text: string): Parameters<typeof tableKeys>[0] => ({
  code,
  lines: text.split('\n').map((line) => ({ code: '1007', text: line })),
});

describe('the answer of BIRD', () => {
  it('to "show route" gives destination and interface, with several routes of one destination', () => {
    const answer = `Table master6:
2001:db8:11::/48     unicast [billing6 14:04:25.353] * (200)
\tvia fe80::5054:ff:fe00:11 on vlan11
                     unicast [other6 14:04:25.353] (100)
\tvia fe80::5054:ff:fe00:12 on vlan12 onlink
198.51.100.16/32     unicast [billing4 14:04:47.780] * (200)
\tdev vlan.16`;
    expect([...tableKeys(reply('0000', answer))]).toEqual([
      '2001:db8:11::/48 vlan11',
      '2001:db8:11::/48 vlan12',
      '198.51.100.16/32 vlan.16',
    ]);
    expect(tableKeys(reply('0000', '')).size).toBe(0);
  });

  it('to "show static" gives dormant routes too', () => {
    const answer =
      '2001:db8:11::/48\n\tvia fe80::11%vlan11\n2001:db8:17::/48\n\tvia fe80::16%nope (dormant)\n198.51.100.11/32\n\tdev vlan11';
    expect([...configuredKeys(reply('0000', answer))]).toEqual([
      '2001:db8:11::/48 fe80::11%vlan11',
      '2001:db8:17::/48 fe80::16%nope',
      '198.51.100.11/32 vlan11',
    ]);
  });

  it('to "show status" tells when the configuration was loaded, or nothing in another time format', () => {
    expect(lastReconfiguration(reply('0013', 'Last reconfiguration on 2026-11-23 14:04:25.859'))).toBe(
      new Date(2026, 10, 23, 14, 4, 25, 859).getTime(),
    );
    expect(lastReconfiguration(reply('0013', 'Last reconfiguration on 23.11.2026'))).toBeUndefined();
  });
});

describe("the kernel's routes", () => {
  it('count where they forward: in the main table and with a link', () => {
    const rows = [
      { dst: '198.51.100.11', dev: 'vlan11', scope: 'link', metric: 32, flags: [] },
      { dst: '2001:db8:16::/48', gateway: 'fe80::16', dev: 'vlan16', metric: 32, flags: [] },
      { dst: '2001:db8:17::/48', gateway: 'fe80::17', dev: 'vlan17', metric: 32, flags: ['dead', 'linkdown'] },
      { dst: '2001:db8:18::/48', gateway: 'fe80::18', dev: 'vlan18', table: '100', flags: [] },
      { type: 'unreachable', dst: '2001:db8:19::/48', flags: [] },
    ];
    expect([...kernelKeys(rows)]).toEqual(['198.51.100.11/32 vlan11', '2001:db8:16::/48 vlan16']);
  });
});
