import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { type Destination, DeliveryError } from './delivery.js';
import { parseCheckpoint } from './checkpoint.js';

export interface SyslogServer {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp';
}

const deadlineMs = 10_000;
/** Facility 13 (log audit), severity 5 (notice). */
const priority = 13 * 8 + 5;

/**
 * Sends each checkpoint as one message (RFC 5424): by UDP (RFC 5426), which tells nobody whether it arrived, or by TCP
 * with octet counting (RFC 6587 section 3.4.1).
 */
export class SyslogDestination implements Destination {
  readonly name: string;

  constructor(
    private readonly server: SyslogServer,
    private readonly now: () => number = Date.now,
  ) {
    this.name = `syslog ${server.protocol} ${server.host}:${server.port}`;
  }

  async deliver(note: string): Promise<void> {
    const message = Buffer.from(syslogMessage(note, new Date(this.now())), 'ascii');
    try {
      await (this.server.protocol === 'udp' ? this.byUdp(message) : this.byTcp(message));
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new DeliveryError(`The ${this.name} does not take a message (${why}).`);
    }
  }

  private async byUdp(message: Buffer): Promise<void> {
    const { address, family } = await lookup(this.server.host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.send(message, this.server.port, address, (error) => (error === null ? resolve() : reject(error)));
      });
    } finally {
      socket.close();
    }
  }

  private byTcp(message: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.server.port, this.server.host);
      socket.setTimeout(deadlineMs, () => socket.destroy(new Error(`no answer within ${deadlineMs / 1000} s`)));
      socket.once('error', reject);
      socket.resume();
      // The other side has read to the end, and closes too.
      socket.once('close', (hadError) => hadError || resolve());
      socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]));
    });
  }
}

/** The message: its text is one line of JSON in ASCII, from which the note can be had back as it was signed. */
export function syslogMessage(note: string, at: Date): string {
  const checkpoint = parseCheckpoint(note);
  const text = JSON.stringify({
    portledger: 'checkpoint',
    logId: checkpoint?.logId,
    size: checkpoint?.size,
    root: checkpoint?.root.toString('base64'),
    note,
  }).replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const host = hostname().replace(/[^\x21-\x7e]/g, '') || '-';
  return `<${priority}>1 ${at.toISOString()} ${host} portledger ${process.pid} checkpoint - ${text}`;
}
