import { ipFailure } from '../../src/transports/ip-process.js';
import { hintOf } from '../../src/transports/ip-monitor.js';
import { LineSplitter } from '../../src/transports/line-splitter.js';
import { linksOf } from '../../src/transports/linux-link-reader.js';

// Lines as `ip -o monitor link address neigh` of iproute2 6.1.0 printed them.
describe('a line of ip monitor', () => {
  it.each([
    [
      '3: vlan11@p11: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue state LOWERLAYERDOWN',
      'link',
      'vlan11',
    ],
    ['Deleted 3: vlan11@NONE: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default', 'link', 'vlan11'],
    ['1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN', 'link', 'lo'],
    ['3: vlan11    inet6 fe80::1/64 scope link nodad \\       valid_lft forever', 'address', 'vlan11'],
    ['Deleted 3: eth0.16    inet 198.51.100.1/32 scope global lo', 'address', 'eth0.16'],
    ['Deleted 192.0.2.1 dev vlan11 lladdr 02:00:00:00:00:09 PERMANENT proto 155 ', 'neighbour', 'vlan11'],
    ['Deleted fe80::2 dev vlan11 FAILED proto 155 ', 'neighbour', 'vlan11'],
  ] as const)('hints: %s', (line, about, name) => {
    expect(hintOf(line)).toEqual({ about, interface: name });
  });

  it.each([
    'fe80::2 dev vlan11 FAILED proto 155 ',
    '192.0.2.1 dev vlan11 lladdr 02:00:00:00:00:09 PERMANENT proto 155 ',
    'Deleted ff02::16 dev vlan11 lladdr 33:33:00:00:00:16 NOARP ',
    'Deleted fe80::9 dev vlan11 FAILED ',
    '2001:db8::5 dev vlan11 lladdr 02:00:00:00:00:05 STALE',
    '',
  ])('is passed over: %s', (line) => {
    expect(hintOf(line)).toBeUndefined();
  });
});

describe('the link state of an interface', () => {
  it.each([
    [['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'], { adminUp: true, carrier: true }],
    [['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP', 'M-DOWN'], { adminUp: true, carrier: false }],
    [['BROADCAST', 'MULTICAST', 'LOWER_UP'], { adminUp: false, carrier: false }],
  ])('is read from the flags %j', (flags, link) => {
    expect(linksOf([{}, { ifname: 'vlan11', flags }])).toEqual(new Map([['vlan11', link]]));
  });
});

describe('the last words of ip', () => {
  it.each([
    ['setpriv: failed to execute ip: No such file or directory', 'misconfigured', 'apt-get install iproute2'],
    ['Cannot open network namespace "x": No such file or directory', 'namespace-gone', 'network namespace'],
    ['setting the network namespace "x" failed: Operation not permitted', 'misconfigured', 'run as root'],
    ['', 'unreachable', 'started again'],
  ])('%j name the cure', (words, code, cure) => {
    expect(ipFailure(words)).toMatchObject({ code, message: expect.stringContaining(cure) as unknown });
  });

  it('are missing when setpriv itself is', () => {
    const absent = Object.assign(new Error('spawn setpriv ENOENT'), { code: 'ENOENT' });
    expect(ipFailure('', absent).message).toMatch(/util-linux/);
  });
});

describe('the line splitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const text = 'one\n\ntwo äö\nrest';
    for (let size = 1; size < 9; size++) {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line.toString()));
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      expect(lines).toEqual(['one', '', 'two äö']);
    }
  });
});
