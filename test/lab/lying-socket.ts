import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { LineSplitter } from '../../src/transports/line-splitter.js';

/**
 * Stands before the control socket of a real BIRD and passes everything on; while it lies, it answers every
 * `configure` itself, as BIRD does when all went well, and BIRD hears nothing of it.
 */
export class LyingSocket {
  lies = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly path: string,
    private readonly server: Server,
  ) {}

  static async open(path: string, daemon: string): Promise<LyingSocket> {
    const server = createServer((client) => lying.serve(client, daemon));
    const lying = new LyingSocket(path, server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return lying;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(client: Socket, daemon: string): void {
    const real = createConnection(daemon);
    for (const socket of [client, real]) {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => real.destroy());
    real.on('close', () => client.destroy());
    real.pipe(client);
    const commands = new LineSplitter((line) => {
      const text = line.toString('utf8');
      if (this.lies && text.startsWith('configure')) client.write(lieTo(text));
      else real.write(`${text}\n`);
    });
    client.on('data', (chunk: Buffer) => commands.push(chunk));
  }
}

function lieTo(command: string): string {
  const reading = '0002-Reading configuration from /etc/bird/bird.conf\n';
  if (command === 'configure check') return `${reading}0020 Configuration OK\n`;
  if (command === 'configure status') return '0003-Daemon is up and running\n0000 \n';
  if (command === 'configure confirm') return '0018 Reconfiguration confirmed\n';
  if (command === 'configure undo') return '0021-Undo requested\n0003 Reconfigured\n';
  return `${reading}0022-Undo scheduled in 30 s\n0003 Reconfigured\n`;
}
