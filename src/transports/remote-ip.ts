import { IpError } from './ip-error.js';
import type { IpPlace, RunningIp } from './ip-place.js';
import { NetworkNamespace } from './network-namespace.js';
import type { SshConnection } from './ssh-connection.js';

export interface RemoteIpOptions {
  /** Network namespace on the other machine. */
  readonly netns?: string;
  /** Run as root by `sudo -n`, where the login is somebody else. */
  readonly sudo?: boolean;
}

/**
 * `ip` on another machine. The command is made of our own words and of a namespace's name, whose spelling is checked:
 * nothing else ever stands in the remote shell's line; all else goes through standard input.
 */
export function remoteIp(connection: SshConnection, { netns, sudo }: RemoteIpOptions): IpPlace {
  const inside = new NetworkNamespace(netns).arguments;
  const program = `PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C ${sudo === true ? 'sudo -n ' : ''}ip`;
  return {
    check: () => undefined, // a lost connection is told by the next request
    onGone: () => undefined,
    async start(args) {
      const words = [...inside, ...args];
      const odd = words.find((word) => !/^[A-Za-z0-9._-]+$/.test(word));
      if (odd !== undefined) throw new IpError('misconfigured', `"${odd}" is no word for a remote ip`);
      const channel = await connection.start([program, ...words].join(' '));
      channel.input.on('error', () => undefined); // the close that follows tells
      const running: RunningIp = {
        input: channel.input,
        output: channel.output,
        drain: undefined,
        complaints: channel.complaints,
        pid: undefined,
        onClose: (listener) => channel.onClose(() => listener(undefined)),
        kill: () => channel.close(),
      };
      return running;
    },
    listens: () => Promise.resolve(undefined),
  };
}
