import { run } from './lab-process.js';

/** Sends raw Ethernet frames, each in hexadecimal, out of an interface; Perl's base package is on every Debian. */
export async function sendFrames(netns: string, interfaceName: string, frames: readonly string[]): Promise<void> {
  await run('ip', ['netns', 'exec', netns, 'perl', '-e', rawSender, interfaceName, ...frames]);
}

// AF_PACKET, SOCK_RAW, ETH_P_ALL; the destination is a struct sockaddr_ll that holds the interface index.
const rawSender = `
my $name = shift;
open(my $f, '<', "/sys/class/net/$name/ifindex") or die "no interface $name\\n";
my $to = pack('S n i S C C x8', 17, 3, <$f>, 0, 0, 6);
socket(my $s, 17, 3, 0x0300) or die "raw socket: $!\\n";
for (@ARGV) { defined(send($s, pack('H*', $_), 0, $to)) or die "send: $!\\n"; }
`;
