import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { run } from './lab-process.js';
import { searchPath } from './lab-needs.js';

/** Keys of a host and of a user, made once for a test run. */
export interface SshKeys {
  /** Public key line of the host. */
  readonly hostKey: string;
  readonly privateKeyFile: string;
}

/** A real OpenSSH server inside a namespace, reached by a loopback port whose wire can be cut. */
export interface Sshd extends SshKeys {
  readonly port: number;
  /** Connections made so far. */
  readonly connections: () => number;
  /** From now on nothing passes, and nobody is told; `mend` ends the old connections. */
  cut(): void;
  mend(): void;
  /** Ends every session, as a reboot does. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Starts to answer; sessions find their programs by `path`. One sshd is started for each connection, as inetd does. */
export async function startSshd(netns: string, directory: string, path: string): Promise<Sshd> {
  const keys = await makeKeys(directory);
  const config = join(directory, 'sshd_config');
  mkdirSync('/run/sshd', { recursive: true }); // Debian's unit makes it; sshd does not start without
  writeFileSync(
    config,
    [
      `HostKey ${join(directory, 'host_key')}`,
      `AuthorizedKeysFile ${join(directory, 'user_key.pub')}`,
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PidFile none',
      `SetEnv PATH=${path}`,
      '',
    ].join('\n'),
  );
  const children = new Set<ChildProcessWithoutNullStreams>();
  const sockets = new Set<Socket>();
  let connections = 0;
  let cut = false;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', '--', 'ip', 'netns', 'exec', netns, '/usr/sbin/sshd', '-i', '-f', config],
      { env: { PATH: searchPath }, stdio: 'pipe' },
    );
    children.add(child);
    socket.on('data', (chunk) => void (cut || child.stdin.write(chunk)));
    child.stdout.on('data', (chunk: Buffer) => void (cut || socket.write(chunk)));
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    socket.on('error', () => undefined);
    child.on('close', () => {
      children.delete(child);
      if (!cut) socket.destroy();
    });
    socket.on('close', () => {
      sockets.delete(socket);
      child.stdin.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
    for (const child of children) child.kill('SIGKILL');
  };
  return {
    ...keys,
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cut: () => void (cut = true),
    mend: () => {
      cut = false;
      hangUp();
    },
    hangUp,
    async close() {
      hangUp();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function makeKeys(directory: string): Promise<SshKeys> {
  const make = (name: string): Promise<string> =>
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', join(directory, name)]);
  await Promise.all(['host_key', 'user_key'].map(make));
  return {
    hostKey: readFileSync(join(directory, 'host_key.pub'), 'utf8').trim(),
    privateKeyFile: join(directory, 'user_key'),
  };
}
