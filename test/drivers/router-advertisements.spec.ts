import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBirdConfiguration } from '../../src/drivers/bgp/bird-config.js';
import { wouldAnnounceOnLink } from '../../src/drivers/bgp/bird-radv.js';
import { rawIcmpv6Inodes } from '../../src/drivers/switch/linux-announcers.js';
import { radvdOnLink } from '../../src/drivers/switch/radvd-config.js';
import { tempDirectory } from '../support/temp-directory.js';

describe('what radvd announces on-link', () => {
  const config = `
# interface vlan16 { AdvSendAdvert on; prefix 2001:db8:99::/64 {}; };
interface vlan16 {
  AdvSendAdvert on; MinRtrAdvInterval 3;
  prefix 2001:db8:16::/64 { AdvOnLink off; AdvAutonomous on; };
  prefix 2001:db8:17::/64 { AdvAutonomous on; };
  route 2001:db8::/32 { AdvRoutePreference high; };
  RDNSS 2001:db8::53 { };
};
interface vlan11 { prefix 2001:db8:11::/64 { }; };
interface vlan21 vlan22 { AdvSendAdvert on; prefix ::/64 { AdvOnLink on; }; };`;
  it.each([
    ['vlan16', ['2001:db8:17::/64']],
    ['vlan11', []],
    ['vlan22', ['::/64']],
    ['vlan66', []],
  ])('on %s is %j', (name, prefixes) => {
    expect(radvdOnLink(config, name)).toEqual(prefixes);
  });
});

describe('what BIRD announces on-link', () => {
  const directory = tempDirectory();
  const onLink = async (text: string, name: string): Promise<boolean> => {
    const file = join(directory, 'bird.conf');
    writeFileSync(file, text);
    const { advertisers } = await readBirdConfiguration(file, []);
    return advertisers.some((radv) => wouldAnnounceOnLink(radv, name));
  };
  it.each([
    ['by default', 'protocol radv { interface "vlan*"; }', true],
    ['on another interface', 'protocol radv { interface "eth0"; }', false],
    ['where the interface is left out', 'protocol radv r { interface -"vlan16", "vlan*"; }', false],
    ['with the flag off for all', 'protocol radv { interface "vlan16" { prefix ::/0 { onlink no; }; }; }', false],
    ['with all skipped', 'protocol radv { interface "vlan16"; prefix ::/0 { skip; }; }', false],
    ['off only for some', 'protocol radv { interface "vlan16" { prefix 2001:db8::/32 { onlink no; }; }; }', true],
    [
      'with an exception before the rule for all',
      'protocol radv { interface "vlan16" { max ra interval 5; prefix 2001:db8::/32 { }; prefix ::/0 { skip; }; }; }',
      true,
    ],
    [
      'with the flag off for another interface only',
      'protocol radv { interface "vlan11" { prefix ::/0 { onlink no; }; }; interface "vlan16"; }',
      true,
    ],
    ['without any radv', 'protocol device { }', false],
  ])('%s', async (_what, text, expected) => {
    expect(await onLink(text, 'vlan16')).toBe(expected);
  });
});

it('finds the raw ICMPv6 sockets, by which alone a program can announce, among others', () => {
  const table = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
   58: 00000000000000000000000000000000:003A 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 41234 2 0000000000000000 0
   89: 00000000000000000000000000000000:0059 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 41235 2 0000000000000000 0`;
  expect(rawIcmpv6Inodes(table)).toEqual(['41234']);
});
