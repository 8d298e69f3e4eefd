import { group6In, udp67In } from '../../../src/drivers/dhcp/kea-sockets.js';

const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
13183: 11004064:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1429363 2 00000000740470bb 0
13184: 12004064:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1429364 2 00000000740470bc 0
`;
const igmp6 = `1    lo              ff020000000000000000000000000001     1 0000000C 0
2    vlan16          ff020000000000000000000000010002     2 00000004 0
3    vlan17          ff0200000000000000000001ff000001     1 00000004 0
`;

describe('the sockets of DHCP servers', () => {
  it('are those at port 67, and no client’s at 68', () => expect(udp67In(udp)).toEqual(new Set(['100.64.0.17'])));
  it('are at interfaces in the group of all DHCPv6 servers', () =>
    expect(group6In(igmp6)).toEqual(new Set(['vlan16'])));
  it('are none where the kernel shows none', () => expect([udp67In(''), group6In('')]).toEqual([new Set(), new Set()]));
});
