import { NetworkNamespace } from '../../transports/network-namespace.js';
import { runInside } from '../../transports/run-inside.js';
import type { SshConnection } from '../../transports/ssh-connection.js';
import { readFailure, TableReadError, type TableReader } from './table-reader.js';

const deadline = 30_000;
const from = 'ip -j neigh show';

/** The neighbours of this machine's kernel, in a network namespace or in the engine's own. */
export function localNeighbours(device: string, netns: string | undefined): TableReader {
  return {
    async read() {
      try {
        const { stdout, stderr, code } = await runInside(
          new NetworkNamespace(netns),
          'ip',
          ['-j', 'neigh', 'show'],
          deadline,
        );
        return [{ from, format: 'linux-neigh-json', text: checked(device, stdout, stderr, code) }];
      } catch (error) {
        throw readFailure(device, error);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The neighbours of a Linux box over SSH. The command holds nothing but our own words and a checked name of a namespace. */
export function remoteNeighbours(device: string, ssh: SshConnection, netns: string | undefined): TableReader {
  return {
    async read() {
      try {
        const inside = new NetworkNamespace(netns).arguments.join(' ');
        const command = `PATH="$PATH:/usr/sbin:/sbin" LC_ALL=C ip ${inside === '' ? '' : `${inside} `}-j neigh show`;
        const { output, complaints, code } = await ssh.exec(command, { deadline });
        const text = checked(device, output.toString('utf8'), complaints.toString('utf8'), code);
        return [{ from, format: 'linux-neigh-json', text }];
      } catch (error) {
        throw readFailure(device, error);
      }
    },
    close: () => ssh.close(),
  };
}

/** iproute2 prints nothing at all for an empty table of an old release. */
function checked(device: string, stdout: string, stderr: string, code: number | undefined): string {
  if (code === 0) return stdout.trim() === '' ? '[]' : stdout;
  const said = stderr
    .trim()
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 200);
  throw new TableReadError(
    `"${from}" of ${device} ended with ${code ?? 'a signal'}: ${said}`,
    'run it by hand to see more',
  );
}
