import { run, startInside } from './lab-process.js';

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

/** Sends frames at about this many a second; resolves when all are sent. */
export async function floodFrames(
  netns: string,
  interfaceName: string,
  frames: readonly string[],
  perSecond: number,
): Promise<void> {
  const child = startInside(netns, 'perl', ['-e', pacedSender, interfaceName, String(perSecond)]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.resume();
  child.stdin.on('error', () => undefined);
  child.stdin.end(frames.join('\n'));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the flood ended: ${said}`);
}

// Ten times a second as many as are due; a full queue is waited for.
const pacedSender = `
my ($name, $rate) = @ARGV;
open(my $f, '<', "/sys/class/net/$name/ifindex") or die "no interface $name\\n";
my $to = pack('S n i S C C x8', 17, 3, <$f>, 0, 0, 6);
socket(my $s, 17, 3, 0x0300) or die "raw socket: $!\\n";
my $sent = 0;
while (my $line = <STDIN>) {
  chomp $line;
  for (1..50) { last if defined(send($s, pack('H*', $line), 0, $to)); select(undef, undef, undef, 0.01); }
  select(undef, undef, undef, 0.1) if ++$sent % int($rate / 10) == 0;
}
`;
