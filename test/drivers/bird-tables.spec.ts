import {
  configuredKeys,
  isUnconfirmed,
  kernelKeys,
  lastReconfiguration,
  tableRoutes,
} from '../../src/drivers/bgp/bird-tables.js';

// What BIRD 2.0.12 and iproute2 6.1.0 said in a network namespace.
const reply = (code: string, text: string): Parameters<typeof tableRoutes>[0] => ({
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
    expect([...tableRoutes(reply('0000', answer)).keys()]).toEqual([
      '2001:db8:11::/48 vlan11',
      '2001:db8:11::/48 vlan12',
      '198.51.100.16/32 vlan.16',
    ]);
    expect(tableRoutes(reply('0000', '')).size).toBe(0);
  });

  // BIRD 3 cannot be installed here: its words are those of its source and of answers of 3.1.2 that others published.
  it.each([
    [
      'BIRD 2',
      `2001:db8:16::/48     unicast [billing6 14:04:25.353] * (200)
\tvia fe80::5054:ff:fe00:16 on vlan16
\tType: static univ
\tBGP.med: 50
\tBGP.community: (64512,100) (64512,7)
\tBGP.large_community: (64512, 1, 2) (64512, 1, 3)
2001:db8:17::/48     unicast [billing6 14:04:25.353] * (200)
\tvia fe80::17 on vlan17
\tType: static univ`,
    ],
    [
      'BIRD 3',
      `2001:db8:16::/48     unicast [billing6 14:04:25.353] * (200)
\tvia fe80::5054:ff:fe00:16 on vlan16
\tpreference: 200
\tsource: static
\tbgp_med: 50
\tbgp_community: (64512,100) (64512,7)
\tbgp_large_community: (64512, 1, 2) (64512, 1, 3)
\tInternal route handling values: 0L 4G 0S id 1
2001:db8:17::/48     unicast [billing6 14:04:25.353] * (200)
\tvia fe80::17 on vlan17
\tpreference: 200
\tsource: static
\tInternal route handling values: 0L 4G 0S id 2`,
    ],
  ])('of %s to "show route all" gives MED and communities of each route', (_version, answer) => {
    const communities = [
      [64512, 100],
      [64512, 7],
      [64512, 1, 2],
      [64512, 1, 3],
    ];
    expect([...tableRoutes(reply('0000', `Table master6:\n${answer}`))]).toEqual([
      ['2001:db8:16::/48 vlan16', { med: 50, communities }],
      ['2001:db8:17::/48 vlan17', { med: undefined, communities: [] }],
    ]);
  });

  it('to "configure status" tells whether somebody has to confirm it', () => {
    const said = (text: string, code: string): boolean => isUnconfirmed({ code: '0000', lines: [{ code, text }] });
    expect(said('Configuration unconfirmed, undo in 0.699 s', '0022')).toBe(true);
    expect(said('Daemon is up and running', '0003')).toBe(false);
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
