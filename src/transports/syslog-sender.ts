import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connectPinned, type TlsPin } from './pinned-tls.js';

/** A collector of syslog messages; `tls` (RFC 5425) sends nothing before it has proved who it is. */
export type SyslogServer =
  | { readonly host: string; readonly port: number; readonly protocol: 'udp' | 'tcp' }
  | { readonly host: string; readonly port: number; readonly protocol: 'tls'; readonly pin: TlsPin };

const deadlineMs = 10_000;

/**
 * Sends one message: by UDP (RFC 5426), which tells nobody whether it arrived; by TCP or TLS with octet counting (RFC 6587
 * section 3.4.1), resolving once the collector has read to the end and closed too. Rejects with the network's own error,
 * or after ten seconds.
 */
export async function sendSyslog(server: SyslogServer, message: Buffer): Promise<void> {
  if (server.protocol === 'udp') return byUdp(server, message);
  const counted = Buffer.concat([Buffer.from(`${message.length} `), message]);
  const socket = server.protocol === 'tls' ? await secured(server) : connect(server.port, server.host);
  await sendAndClose(socket, counted);
}

async function byUdp({ host, port }: SyslogServer, message: Buffer): Promise<void> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.send(message, port, address, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}

function secured(server: Extract<SyslogServer, { protocol: 'tls' }>): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const giveUp = connectPinned(server, (error, socket) => {
      clearTimeout(timer);
      if (socket === undefined) reject(error ?? new Error('no connection'));
      else resolve(socket);
    });
    const timer = setTimeout(giveUp, deadlineMs);
  });
}

function sendAndClose(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(deadlineMs, () => socket.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)));
    socket.once('error', reject);
    socket.resume();
    // The other side has read to the end, and closes too.
    socket.once('close', (hadError) => hadError || resolve());
    socket.end(bytes);
  });
}

export interface SyslogMessage {
  /** Facility and severity as numbers (RFC 5424 section 6.2.1). */
  readonly facility: number;
  readonly severity: number;
  readonly at: Date;
  readonly messageId: string;
  /** Printable ASCII. */
  readonly text: string;
}

/** One message of RFC 5424 from `portledger` on this machine, without structured data. */
export function syslogLine({ facility, severity, at, messageId, text }: SyslogMessage): string {
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-';
  return `<${facility * 8 + severity}>1 ${at.toISOString()} ${host} portledger ${process.pid} ${messageId} - ${text}`;
}

/** JSON in ASCII: a collector need not know UTF-8, and no character can end the line. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
