import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { SyslogAlert } from '../../../src/drivers/alert/syslog.alert.js';
import type { SyslogServer } from '../../../src/transports/syslog-sender.js';
import { temporaryDirectories } from '../../event-store/temporary-directory.js';
import { selfSigned } from '../../support/self-signed.js';
import { messageOf } from './sample-alerts.js';

const newDirectory = temporaryDirectories();
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Keeps what each connection sent, and closes when it has read to the end. */
function keeping(frames: string[]): (socket: Socket) => void {
  return (socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.on('error', () => undefined).on('end', () => frames.push(text));
  };
}

/** RFC 6587 section 3.4.1: the length in octets, a blank, and so many octets. */
function counted(frame: string): string {
  const [, length = '', message = ''] = /^(\d+) (.*)$/s.exec(frame) ?? [];
  expect(Buffer.byteLength(message)).toBe(Number(length));
  return message;
}

/** RFC 5424 section 6: the header of a message, and its text. */
function parsed(message: string): { priority: number; at: string; app: string; messageId: string; text: string } {
  const form = /^<(\d{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) - ([ -~]*)$/;
  const [, priority = '', at = '', , app = '', , messageId = '', text = ''] = form.exec(message) ?? [];
  return { priority: Number(priority), at, app, messageId, text };
}

const nowMs = Date.UTC(2026, 10, 2, 3, 14, 5);
const deliver = (server: SyslogServer, format: 'ecs' | 'cef' = 'ecs', message = messageOf()) =>
  new SyslogAlert({ server, format, now: () => nowMs }).deliver(message);

describe('an alert by syslog', () => {
  it('comes over UDP as one message of RFC 5424', async () => {
    const socket = createSocket('udp4');
    open.push(socket);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const arrived = once(socket, 'message');
    expect(await deliver({ host: '127.0.0.1', port: socket.address().port, protocol: 'udp' })).toEqual({
      outcome: 'delivered',
    });
    const [message] = (await arrived) as [Buffer];
    expect(parsed(message.toString())).toMatchObject({
      priority: 4 * 8 + 3,
      at: '2026-11-02T03:14:05.000Z',
      app: 'portledger',
      messageId: 'violation.new',
    });
    expect(JSON.parse(parsed(message.toString()).text)).toMatchObject({ event: { kind: 'alert' } });
  });

  it('comes over TCP counted in octets, one line whatever its texts hold', async () => {
    const frames: string[] = [];
    const port = await listen(createServer(keeping(frames)));
    const hostile = messageOf(1, { text: 'a\r\n<34>1 forged\u2028line \u{1F600} é' });
    expect(await deliver({ host: '127.0.0.1', port, protocol: 'tcp' }, 'cef', hostile)).toEqual({
      outcome: 'delivered',
    });
    const message = counted(frames[0] ?? '');
    expect(message).toMatch(/^[\x20-\x7e]+$/);
    expect(parsed(message).text).toContain('forged');
  });

  it('comes over TLS to the collector whose certificate is pinned, and to no other', async () => {
    const { key, certificate, fingerprint } = selfSigned('collector.example');
    const frames: string[] = [];
    const port = await listen(createTlsServer({ key, cert: certificate }, keeping(frames)));
    const to = (pin: { fingerprint: string } | { caFile: string }) =>
      deliver({ host: '127.0.0.1', port, protocol: 'tls', pin });
    expect(await to({ fingerprint })).toEqual({ outcome: 'delivered' });
    const caFile = join(newDirectory(), 'ca.pem');
    writeFileSync(caFile, certificate);
    expect(await to({ caFile })).toEqual({ outcome: 'delivered' });
    expect(await to({ fingerprint: selfSigned('x').fingerprint })).toMatchObject({ outcome: 'refused' });
    expect(frames.map((frame) => parsed(counted(frame)).messageId)).toEqual(['violation.new', 'violation.new']);
  });

  it('that nobody takes is refused in words', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    expect(await deliver({ host: '127.0.0.1', port, protocol: 'tcp' })).toEqual({
      outcome: 'refused',
      reason: 'it does not take a message (ECONNREFUSED)',
    });
  });
});
