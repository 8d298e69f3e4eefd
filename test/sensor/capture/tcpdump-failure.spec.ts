import { type PortId, type SwitchName, type Vlan } from '../../../events/index.js';
import { type CaptureSource } from '../../../src/sensor/capture/capture-source.js';
import { explainTcpdumpEnd } from '../../../src/sensor/capture/tcpdump-failure.js';

const source: CaptureSource = {
  name: 'sw1-vlan16',
  site: 'default',
  switch: 'leaf1' as SwitchName,
  netns: 'sw',
  interface: 'vlan16',
  port: 'leaf1:Ethernet16' as PortId,
  vlan: 16 as Vlan,
  attribution: 'interface',
};
const listening = 'tcpdump: listening on vlan16, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n';
const counts = '12 packets captured\n12 packets received by filter\n0 packets dropped by kernel\n';

describe('the end of a capture', () => {
  // The texts are what setpriv 2.38, iproute2 6.1 and tcpdump 4.99.3 write.
  it.each([
    ['a missing tcpdump', 'exec of "tcpdump" failed: No such file or directory\n', 'apt-get install tcpdump'],
    [
      'a missing tcpdump without a namespace',
      'setpriv: failed to execute tcpdump: No such file or directory\n',
      'apt-get install tcpdump',
    ],
    ['a missing ip', 'setpriv: failed to execute ip: No such file or directory\n', 'apt-get install iproute2'],
    ['a missing setpriv', 'spawn setpriv ENOENT\n', 'apt-get install util-linux'],
    ['a missing namespace', 'Cannot open network namespace "sw": No such file or directory\n', 'create namespace sw'],
    [
      'a missing interface',
      'tcpdump: vlan16: No such device exists\n(No such device exists)\n',
      'create interface vlan16',
    ],
    [
      'an interface that went away',
      `${listening}tcpdump: pcap_loop: The interface disappeared\n${counts}`,
      'create interface vlan16',
    ],
    ['an interface that is down', 'tcpdump: vlan16: That device is not up\n', 'ip netns exec sw ip link set vlan16 up'],
    [
      'missing rights',
      "tcpdump: vlan16: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
      'run the engine as root',
    ],
    ['something unheard of', 'tcpdump: no idea\n', 'run `ip netns exec sw tcpdump -n -i vlan16` by hand'],
  ])('by %s names the cure', (_name, stderr, cure) => {
    const failure = explainTcpdumpEnd(source, stderr, 'exit code 1');
    expect(failure.cure).toContain(cure);
    expect(failure.reason).toContain('capture on vlan16 in namespace sw ended: ');
  });

  it("gives tcpdump's own words without its start message and counts", () => {
    const gone = explainTcpdumpEnd(
      source,
      `${listening}tcpdump: pcap_loop: The interface disappeared\n${counts}`,
      'exit code 1',
    );
    expect(gone.reason).toBe('capture on vlan16 in namespace sw ended: tcpdump: pcap_loop: The interface disappeared');
    expect(explainTcpdumpEnd(source, listening + counts, 'signal SIGKILL').reason).toMatch(/ended: signal SIGKILL$/);
  });
});
