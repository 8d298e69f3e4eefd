import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { senderAddress } from './sender-address.js';
import { longestSyslogMessage, SyslogFrames } from './syslog-frames.js';

export interface SyslogListenerOptions {
  readonly transport: 'udp' | 'tcp';
  /** Address to listen on. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Asked before anything of a sender is looked at; what others send is dropped, and their connections are closed. */
  readonly accepts: (sender: string) => boolean;
  /** One message with its header, at most 8192 bytes; control characters are the caller's to mind. */
  readonly onMessage: (sender: string, message: string) => void;
  /** The listening socket failed while it was open. */
  readonly onError: (error: Error) => void;
}

export interface Listener {
  /** Where it listens. */
  readonly port: number;
  close(): Promise<void>;
}

const limits = { connections: 256, perSender: 4, idleMs: 600_000 } as const;

/** Listens for syslog. Rejects with the error of the socket when it cannot. */
export function listenForSyslog(options: SyslogListenerOptions): Promise<Listener> {
  return options.transport === 'udp' ? listenUdp(options) : listenTcp(options);
}

async function listenUdp({ address, port, accepts, onMessage, onError }: SyslogListenerOptions): Promise<Listener> {
  const socket: UdpSocket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
  socket.on('message', (bytes, from) => {
    const sender = senderAddress(from.address);
    if (!accepts(sender) || bytes.length > longestSyslogMessage) return;
    onMessage(sender, bytes.toString('utf8'));
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  socket.on('error', onError);
  return {
    port: socket.address().port,
    async close() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function listenTcp({ address, port, accepts, onMessage, onError }: SyslogListenerOptions): Promise<Listener> {
  const open = new Map<Socket, string>();
  const server: Server = createServer((socket) => {
    const sender = senderAddress(socket.remoteAddress ?? '');
    const ofSender = [...open.values()].filter((one) => one === sender).length;
    socket.on('error', () => socket.destroy());
    if (!accepts(sender) || ofSender >= limits.perSender) {
      socket.destroy();
      return;
    }
    open.set(socket, sender);
    socket.on('close', () => open.delete(socket));
    socket.setTimeout(limits.idleMs, () => socket.destroy());
    const frames = new SyslogFrames((message) => onMessage(sender, message.toString('utf8')));
    socket.on('data', (chunk: Buffer) => frames.push(chunk));
    socket.on('end', () => socket.end());
  });
  server.maxConnections = limits.connections;
  server.listen(port, address);
  await once(server, 'listening');
  server.on('error', onError);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async close() {
      for (const socket of open.keys()) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
