import { NetworkNamespace } from './network-namespace.js';
import { runInside } from './run-inside.js';

/** An interface to send from. */
export interface SendingPlace {
  readonly netns?: string;
  readonly interface: string;
}

/** A frame that could not be sent; the message says why, and the cure. */
export class RawFrameError extends Error {
  override readonly name = 'RawFrameError';
}

/**
 * Node has no packet sockets; perl-base is on every Debian. AF_PACKET is 17, SOCK_RAW 3, and the address a struct
 * sockaddr_ll (packet(7)). The interface comes as an argument and the frame as hexadecimal digits, never as code.
 */
const program = `
  my ($interface, $frame) = @ARGV;
  open(my $file, '<', "/sys/class/net/$interface/ifindex") or die "there is no interface $interface here\\n";
  my $index = <$file> + 0;
  socket(my $socket, 17, 3, 0) or die "no packet socket: $!\\n";
  defined(send($socket, pack('H*', $frame), 0, pack('SnlSCCx8', 17, 3, $index, 0, 0, 0))) or die "not sent: $!\\n";
`;

/**
 * Sends one Ethernet frame, as it is, out of an interface.
 * Rejects with a RawFrameError when it could not be sent, with an IpError when the namespace is gone.
 */
export async function sendRawFrame(place: SendingPlace, frame: Uint8Array): Promise<void> {
  const hex = Buffer.from(frame).toString('hex');
  const namespace = new NetworkNamespace(place.netns);
  const { code, stderr } = await runInside(namespace, 'perl', ['-e', program, place.interface, hex], 5_000);
  if (code === 0) return;
  const where = place.netns === undefined ? place.interface : `${place.interface} in namespace ${place.netns}`;
  throw new RawFrameError(`Nothing could be sent from ${where}: ${stderr || 'perl failed'}. ${cureFor(stderr)}`);
}

function cureFor(stderr: string): string {
  if (/failed to execute perl|exec of "perl"|perl: not found/.test(stderr)) return 'apt-get install perl-base.';
  if (/not permitted/i.test(stderr)) return 'Run the engine as root: sending a frame needs CAP_NET_RAW.';
  if (/network is down/i.test(stderr)) return 'Set the interface up.';
  return 'Correct the interface that the configuration names.';
}
