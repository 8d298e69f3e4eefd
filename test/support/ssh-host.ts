import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

export interface SshHostOptions {
  readonly username: string;
  readonly password: string;
  /** Answers one exec: what it is told by `channel.stdin`, what it says by `channel` and `channel.stderr`. */
  readonly onExec?: (command: string, channel: ServerChannel) => void;
  readonly onShell?: (channel: ServerChannel) => void;
}

/** An SSH server on loopback that speaks the real protocol, behind a wire that can be cut without a word. */
export interface SshHost {
  readonly port: number;
  /** The public host key as one line, and its fingerprint. */
  readonly hostKey: string;
  /** Connections that got as far as a login. */
  readonly logins: () => number;
  /** Connections made to the port. */
  readonly connections: () => number;
  readonly lastPassword: () => string | undefined;
  /** From now on nothing passes the wire, and nobody is told. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startSshHost(options: SshHostOptions): Promise<SshHost> {
  const key = usableKey();
  let logins = 0;
  let lastPassword: string | undefined;
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client: Connection) => {
    client.on('error', () => undefined);
    (client as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true); // missing in the types
    client.on('authentication', (context) => {
      if (context.method !== 'password') return context.reject(['password']);
      lastPassword = context.password;
      if (context.username !== options.username || context.password !== options.password) return context.reject();
      logins++;
      context.accept();
    });
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (acceptPty: (() => void) | undefined) => acceptPty?.());
      session.on('exec', (acceptExec, _reject, info) => {
        const channel = acceptExec();
        channel.on('error', () => undefined);
        options.onExec?.(info.command, channel);
      });
      session.on('shell', (acceptShell: () => ServerChannel) => options.onShell?.(acceptShell()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const wire = await startWire((server.address() as AddressInfo).port);
  return {
    port: wire.port,
    hostKey: key.public.trim(),
    logins: () => logins,
    connections: wire.connections,
    lastPassword: () => lastPassword,
    cut: wire.cut,
    mend: wire.mend,
    async close() {
      await wire.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Now and then ssh2 makes a key that it cannot read itself. */
function usableKey(): { readonly private: string; readonly public: string } {
  for (let tries = 1; ; tries++) {
    const key = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(key.private) instanceof Error) || tries === 50) return key;
  }
}

/** A loopback port that passes bytes on to another, until it is cut. */
async function startWire(to: number): Promise<Pick<SshHost, 'port' | 'connections' | 'cut' | 'mend' | 'close'>> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let cut = false;
  const server: Server = createServer({ noDelay: true }, (near) => {
    connections++;
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk) => void (cut || other.write(chunk)));
      one.on('close', () => {
        sockets.delete(one);
        if (!cut) other.destroy();
      });
      one.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cut: () => void (cut = true),
    mend: () => {
      cut = false;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
