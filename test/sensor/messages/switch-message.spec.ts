import fc from '../../support/property.js';
import { parseSwitchName } from '../../../events/index.js';
import { messageObservation } from '../../../src/sensor/messages/message-observation.js';
import { readSwitchMessage } from '../../../src/sensor/messages/read-switch-message.js';
import type { SwitchMessage } from '../../../src/sensor/messages/switch-message.js';

const leaf1 = parseSwitchName('leaf1');
if (leaf1 === undefined) throw new Error('leaf1 is a switch name');
const at = { sensor: 'leaf1-syslog', site: 'default', switch: leaf1 };
const readAt = 1_700_000_000_000;

/** `real`: a device wrote it and somebody published it; `documented`: made after the vendor's documentation, no real sample is known. */
const texts: readonly (readonly ['real' | 'documented', string, Partial<SwitchMessage>])[] = [
  [
    'real',
    '%SW_DAI-4-DHCP_SNOOPING_DENY: 1 Invalid ARPs (Res) on Fa0/5, vlan 10.([0013.6050.acf4/192.168.10.1/ffff.ffff.ffff/192.168.10.1/05:37:31 UTC Tue Apr 16 2024])',
    {
      said: 'arp-not-bound',
      mac: '00:13:60:50:ac:f4',
      address: '192.168.10.1' as never,
      interface: 'Fa0/5',
      vlan: 10 as never,
      count: 1,
    },
  ],
  [
    'documented',
    '%SW_DAI-4-DHCP_SNOOPING_DENY: 1 Invalid ARPs (Req) on Gi0/5, vlan 10 ([0050.56be.9999/10.1.1.200/0000.0000.0000/10.1.1.1/09:30:15 UTC])',
    { said: 'arp-not-bound', mac: '00:50:56:be:99:99', address: '10.1.1.200' as never },
  ],
  [
    'documented',
    '%SW_DAI-4-ACL_DENY: 3 Invalid ARPs (Req) on Gi1/0/3, vlan 20.([5254.0000.0016/198.51.100.16/0000.0000.0000/198.51.100.1/09:30:15 UTC])',
    { said: 'arp-denied', count: 3 },
  ],
  [
    'documented',
    '%SW_DAI-4-INVALID_ARP: 2 Invalid ARPs (Invalid Opcode) on Gi1/0/3, vlan 20.([5254.0000.0016/0.0.0.0/0000.0000.0000/198.51.100.1/09:30:15 UTC])',
    { said: 'arp-invalid', mac: '52:54:00:00:00:16' },
  ],
  [
    'documented',
    '%SW_DAI-4-ACL_DENY: 3Invalid ARPs (Req) on Gi1/0/3, vlan 20.',
    { said: 'arp-denied', interface: 'Gi1/0/3', count: 3 },
  ],
  [
    'documented',
    '%SW_DAI-4-PACKET_RATE_EXCEEDED: 16 packets received in 296 milliseconds on Gi1/0/3.',
    { said: 'arp-rate-exceeded', interface: 'Gi1/0/3', count: 16 },
  ],
  [
    'documented',
    '%SW_DAI-4-PACKET_BURST_RATE_EXCEEDED: 160 packets received in 3 seconds on Gi1/0/3',
    { said: 'arp-rate-exceeded', count: 160 },
  ],
  [
    'documented',
    '%SW_DAI-4-SPECIAL_LOG_ENTRY: 17 Invalid ARP packets [09:30:15 UTC]',
    { said: 'arp-invalid', count: 17 },
  ],
  [
    'real',
    'Jun 29 17:58:14.868 JST: %SISF-4-IP_THEFT: IP Theft IP=192.168.10.102 VLAN=10 MAC=5254.001d.836d IF=Gi1/0/3 New(Spoof) MAC=5254.0002.7482 New I/F=Gi1/0/3',
    {
      said: 'address-theft',
      mac: '52:54:00:02:74:82',
      formerMac: '52:54:00:1d:83:6d',
      address: '192.168.10.102' as never,
      vlan: 10 as never,
      interface: 'Gi1/0/3',
      formerInterface: 'Gi1/0/3',
    },
  ],
  [
    'real',
    '*Sep 15 12:53:06.383 EST: %SISF-4-IP_THEFT: IP Theft IP=2001:DB8::101 VLAN=20 MAC=dead.beef.0001 IF=Twe1/0/1 New MAC=dead.beef.0002 New I/F=Twe1/0/1',
    {
      said: 'address-theft',
      mac: 'de:ad:be:ef:00:02',
      formerMac: 'de:ad:be:ef:00:01',
      address: '2001:db8::101' as never,
    },
  ],
  [
    'documented',
    '%SISF-4-MAC_THEFT: MAC Theft MAC=dead.beef.0001 VLAN=20 IF=Gi1/0/1 New I/F=Gi1/0/2',
    { said: 'mac-theft', mac: 'de:ad:be:ef:00:01', interface: 'Gi1/0/2', formerInterface: 'Gi1/0/1' },
  ],
  [
    'documented',
    '%SISF-4-MAC_AND_IP_THEFT: MAC_AND_IP Theft A=2001:DB8::5 V=100 I=Et0/2 M=dead.beef.0005 New=Et1/2',
    {
      said: 'mac-and-address-theft',
      mac: 'de:ad:be:ef:00:05',
      address: '2001:db8::5' as never,
      vlan: 100 as never,
      interface: 'Et1/2',
    },
  ],
  [
    'real',
    '*Sep 11 13:22:04.171: %IPV6_ND-4-DUPLICATE: Duplicate address 2010:ACAD:100:AA::10 on GigabitEthernet0/1',
    { said: 'duplicate-address', address: '2010:acad:100:aa::10' as never, interface: 'GigabitEthernet0/1' },
  ],
  [
    'documented',
    '%IPV6-4-DUPLICATE: Duplicate address 2001:DB8::100 on Vlan100, sourced by aabb.cc00.dead',
    { said: 'duplicate-address', mac: 'aa:bb:cc:00:de:ad', vlan: 100 as never },
  ],
  [
    'real',
    '2023 Jan 11 19:27:57 CET: %ARP-2-DUP_SRC_IP: arp [20856] Source address of packet received from 0050.5683.69cd on Vlan756(port-channel100) is duplicate of local, 10.30.38.5 (message repeated 1 time)',
    {
      said: 'duplicate-address',
      mac: '00:50:56:83:69:cd',
      address: '10.30.38.5' as never,
      interface: 'port-channel100',
      vlan: 756 as never,
    },
  ],
  [
    'real',
    '%ARP-3-DUP_VADDR_SRC_IP:  arp [4372]  Source address of packet received from 0000.5e00.0a02 on Vlan300(port-channel10) is duplicate of local virtual ip, 172.16.15.1',
    { said: 'duplicate-address', address: '172.16.15.1' as never, vlan: 300 as never },
  ],
  [
    'real',
    'KERN_ARP_DUPLICATE_ADDR: duplicate IP address 10.18.104.1! sent from address: 98:49:25:7b:a8:00 (error count = 1)',
    { said: 'duplicate-address', mac: '98:49:25:7b:a8:00', address: '10.18.104.1' as never },
  ],
  [
    'documented',
    '/kernel: KERN_ARP_ADDR_CHANGE: arp info overwritten for 10.0.0.10 from 00:aa:bb:cc:dd:01 to 00:aa:bb:cc:dd:02',
    { said: 'neighbour-overwritten', mac: '00:aa:bb:cc:dd:02', formerMac: '00:aa:bb:cc:dd:01' },
  ],
  [
    'real',
    '661: *Dec 16 00:36:36.024: %SW_MATM-4-MACFLAP_NOTIF: Host 6212.24a7.dd56 in vlan 1 is flapping between port Gi4/0/45 and port Gi4/0/43',
    { said: 'mac-move', mac: '62:12:24:a7:dd:56', vlan: 1 as never },
  ],
  [
    'real',
    'Jan 14 10:18:43.397: %C4K_EBM-4-HOSTFLAPPING: Host 00:0E:9B:53:44:1C in vlan 296 is flapping between port Fa2/2 and port Fa2/3',
    { said: 'mac-move', mac: '00:0e:9b:53:44:1c' },
  ],
  [
    'real',
    'Jul 10 01:59:56 leaf39 PortSec: %ETH-4-HOST_FLAPPING: Host 00:00:5E:11:11:11 in VLAN 3633 is flapping between interface Ethernet39 and interface Port-Channel53 (message repeated 2 times in 6.13858 secs)',
    { said: 'mac-move', mac: '00:00:5e:11:11:11', vlan: 3633 as never, vendor: 'Arista EOS' },
  ],
  [
    'real',
    '2023 Nov 29 21:42:04 N-3164Q-40G %L2FM-4-L2FM_MAC_MOVE2: Mac 0003.0001.005d in vlan 500 has moved from Eth1/24 to Eth1/63',
    { said: 'mac-move', mac: '00:03:00:01:00:5d', formerInterface: 'Eth1/24', interface: 'Eth1/63' },
  ],
  [
    'real',
    'FWM-6-MAC_MOVE_NOTIFICATION: Host fa16.2ead.e6cf in vlan 2001 is flapping between port Po19 and port Po22',
    { said: 'mac-move', mac: 'fa:16:2e:ad:e6:cf' },
  ],
  ['documented', 'l2ald[2902]: L2ALD_MAC_MOVE_NOTIFICATION: MAC Moves detected in the system', { said: 'mac-move' }],
];

describe('messages of switches', () => {
  it.each(texts)('are read (%s): %s', (_origin, text, expected) => {
    expect(readSwitchMessage(text)).toMatchObject(expected);
  });

  it('are no messages of ours when they are about links, logins or nothing', () => {
    for (const text of [
      '%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28, changed state to down',
      '%SW_DAI-6-DHCP_SNOOPING_PERMIT: 1 ARPs (Req) on Gi1/0/3, vlan 20.([5254.0000.0016/198.51.100.16/0000.0000.0000/198.51.100.1/09:30:15 UTC])',
      '%SISF-6-ENTRY_CREATED: Entry created IP=2001:db8::100 MAC=aabb.cc00.1234 IF=Gi1/0/5 VLAN=100',
      'duplicate IP address',
      '',
    ])
      expect(readSwitchMessage(text)).toBeUndefined();
  });

  it('give an observation with the port in its long form, and never state the port as a fact', () => {
    const theft = readSwitchMessage(texts[8]?.[1] ?? '');
    expect(theft && messageObservation(theft, at, readAt)).toEqual({
      kind: 'switch-message',
      sensor: 'leaf1-syslog',
      site: 'default',
      switch: 'leaf1',
      attribution: 'mac-table',
      port: 'leaf1:GigabitEthernet1/0/3',
      vlan: 10,
      etherSource: '52:54:00:02:74:82',
      claimedMac: '52:54:00:02:74:82',
      claimedAddress: '192.168.10.102',
      said: 'address-theft',
      tentative: false,
      frameTime: readAt,
    });
  });

  it('that give counts only, or name two ports, claim nothing more than they say', () => {
    const observed = (text: string) => {
      const message = readSwitchMessage(text);
      return message && messageObservation(message, at, readAt);
    };
    expect(observed('%SW_DAI-4-SPECIAL_LOG_ENTRY: 17 Invalid ARP packets [09:30:15 UTC]')).toBeUndefined();
    expect(
      observed('%SW_DAI-4-PACKET_RATE_EXCEEDED: 16 packets received in 296 milliseconds on Gi1/0/3.'),
    ).toBeUndefined();
    expect(observed('L2ALD_MAC_MOVE_NOTIFICATION: MAC Moves detected in the system')).toBeUndefined();
    const flapping = observed(
      '%SW_MATM-4-MACFLAP_NOTIF: Host 6212.24a7.dd56 in vlan 1 is flapping between port Gi4/0/45 and port Gi4/0/43',
    );
    expect(flapping).toMatchObject({ said: 'mac-move', claimedMac: '62:12:24:a7:dd:56', vlan: 1 });
    expect(flapping).not.toHaveProperty('port');
    expect(flapping).not.toHaveProperty('claimedAddress');
    // A probe names the address of nobody.
    expect(observed(texts[3]?.[1] ?? '')).not.toHaveProperty('claimedAddress');
  });

  it('of any kind are read without an error and in good time, whatever stands in them', () => {
    const piece = fc.constantFrom(
      '%SISF-4-IP_THEFT: ',
      ' IP=',
      'MAC=',
      'New I/F=',
      '%SW_DAI-4-ACL_DENY: ',
      '1 Invalid ARPs (Req) on ',
      'Gi1/0/3',
      ', vlan ',
      '10',
      '.([',
      '/',
      '0013.6050.acf4',
      ' ',
      '\u0000',
      '\u001b',
      'Host ',
      '::',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (parts) => {
        const message = readSwitchMessage(parts.join(''));
        for (const name of [message?.interface, message?.formerInterface])
          expect((name ?? '').length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 500 },
    );
    for (const { 1: text } of texts)
      for (const fill of ['0', '1 ', ': ', 'a.', 'A=b ', '0013.6050.acf4/'])
        readSwitchMessage(`${text}${fill.repeat(5000)}`);
    for (const fill of ['%SISF-4-IP_THEFT: ', 'Host 0013.6050.acf4 in vlan 1 ', '%IP-4-DUPADDR: Duplicate address '])
      readSwitchMessage(fill.repeat(5000));
  });
});
