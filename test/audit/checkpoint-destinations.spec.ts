import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { notesIn } from '../../src/audit/checkpoints/checkpoint-file.js';
import { signCheckpoint } from '../../src/audit/checkpoints/checkpoint.js';
import { DeliveryError } from '../../src/audit/checkpoints/delivery.js';
import { FileDestination } from '../../src/audit/checkpoints/file.destination.js';
import { readSigner, verifierKeysIn, writeNewKey } from '../../src/audit/checkpoints/key-file.js';
import { readSecret, SecretFileError } from '../../src/audit/checkpoints/secret-file.js';
import { newPrivateKey, parsePrivateKey } from '../../src/audit/checkpoints/signed-note.js';
import { SyslogDestination } from '../../src/audit/checkpoints/syslog.destination.js';
import { WebhookDestination } from '../../src/audit/checkpoints/webhook.destination.js';
import { parseWebhookSecret } from '../../src/transports/standard-webhook.js';
import { temporaryDirectories } from '../event-store/temporary-directory.js';

const newDirectory = temporaryDirectories();
const logId = '0cc1072c-f479-4989-b9e4-25ac945b5bcd';
const signer = parsePrivateKey(newPrivateKey('log.example'));
const noteOf = (size: number): string =>
  signer === undefined ? '' : signCheckpoint(signer, { size, root: Buffer.alloc(32, size) }, logId);
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await new Promise((done) => (one.close(), setImmediate(done)));
});

describe('a file', () => {
  it('gets each checkpoint appended, and none twice in a row', async () => {
    const file = join(newDirectory(), 'checkpoints.txt');
    for (const size of [1, 1, 2]) await new FileDestination(file).deliver(noteOf(size));
    const destination = new FileDestination(file);
    for (const size of [2, 3, 3]) await destination.deliver(noteOf(size));
    expect(notesIn(readFileSync(file, 'utf8')).map(({ note }) => note)).toEqual([1, 2, 3].map(noteOf));
  });

  it('loses the beginning of a note that a crash left, and nothing else, wherever it was cut', async () => {
    const file = join(newDirectory(), 'checkpoints.txt');
    const third = Buffer.byteLength(noteOf(3));
    for (let cut = 0; cut <= third; cut++) {
      writeFileSync(file, `${noteOf(1)}\n${noteOf(2)}\n${noteOf(3)}\n`);
      truncateSync(file, statSync(file).size - 1 - cut);
      await new FileDestination(file).deliver(noteOf(4));
      const expected = cut === 0 ? [1, 2, 3, 4] : [1, 2, 4];
      expect(notesIn(readFileSync(file, 'utf8')).map(({ note }) => note)).toEqual(expected.map(noteOf));
    }
  });

  it('that holds something else is left as it is', async () => {
    const file = join(newDirectory(), 'notes.txt');
    for (const text of ['dear diary\n', 'x'.repeat(100_000), `${noteOf(1)}\nP.S.`]) {
      writeFileSync(file, text);
      await expect(new FileDestination(file).deliver(noteOf(2))).rejects.toThrow(/name a file of their own/);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it('keeps what was there before, however much', async () => {
    const file = join(newDirectory(), 'checkpoints.txt');
    const many = Array.from({ length: 400 }, (_, index) => noteOf(index + 1));
    writeFileSync(file, many.join('\n'));
    await new FileDestination(file).deliver(noteOf(999));
    expect(notesIn(readFileSync(file, 'utf8'))).toHaveLength(401);
  });

  it('that cannot be opened is named', async () => {
    const file = join(newDirectory(), 'nowhere', 'checkpoints.txt');
    await expect(new FileDestination(file).deliver(noteOf(1))).rejects.toThrow(`${file} cannot be opened (ENOENT).`);
  });
});

const rfc5424 = /^<109>1 2026-03-01T03:14:00\.000Z \S+ portledger \d+ checkpoint - (\{.*\})$/;
const at = (): number => Date.parse('2026-03-01T03:14:00Z');

describe('a syslog server', () => {
  it.each(['127.0.0.1', '::1'])(
    'gets one message by UDP on %s, from which the note comes back as it was signed',
    async (host) => {
      const socket = createSocket(host === '::1' ? 'udp6' : 'udp4');
      open.push(socket);
      socket.bind(0, host);
      await once(socket, 'listening');
      const got = once(socket, 'message');
      await new SyslogDestination({ host, port: socket.address().port, protocol: 'udp' }, at).deliver(noteOf(7));
      const text = String((await got)[0]);
      const [, json = ''] = rfc5424.exec(text) ?? [];
      expect(JSON.parse(json)).toMatchObject({ portledger: 'checkpoint', logId, size: 7, note: noteOf(7) });
      expect(notesIn(text)).toEqual([{ note: noteOf(7), line: 1 }]);
      expect(Buffer.byteLength(text)).toBeLessThan(1024);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
    },
  );

  it('gets it by TCP with its length in front (RFC 6587)', async () => {
    const got: string[] = [];
    const port = await tcpServer((socket) => void socket.on('data', (bytes) => got.push(String(bytes))));
    const destination = new SyslogDestination({ host: '127.0.0.1', port, protocol: 'tcp' }, at);
    await destination.deliver(noteOf(7));
    await destination.deliver(noteOf(8));
    for (const [index, size] of [7, 8].entries()) {
      const [, length, text = ''] = /^(\d+) (.*)$/s.exec(got[index] ?? '') ?? [];
      expect(Number(length)).toBe(Buffer.byteLength(text));
      expect(text).toMatch(rfc5424);
      expect(notesIn(text)).toEqual([{ note: noteOf(size), line: 1 }]);
    }
  });

  it('that is not there, or cuts the line, has not taken it', async () => {
    const port = await tcpServer((socket) => socket.resetAndDestroy());
    const cut = new SyslogDestination({ host: '127.0.0.1', port, protocol: 'tcp' });
    await expect(cut.deliver(noteOf(1))).rejects.toThrow(`The syslog tcp 127.0.0.1:${port} does not take a message (`);
    const nobody = new SyslogDestination({ host: '127.0.0.1', port: 1, protocol: 'tcp' });
    await expect(nobody.deliver(noteOf(1))).rejects.toThrow('(ECONNREFUSED)');
  });
});

async function tcpServer(serve: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer(serve);
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Posted {
  readonly request: IncomingMessage;
  readonly body: string;
}

async function webServer(answer: (response: ServerResponse) => void): Promise<{ url: string; posted: Posted[] }> {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      posted.push({ request, body: Buffer.concat(pieces).toString('utf8') });
      answer(response);
    });
  });
  open.push({ close: () => (server.close(), server.closeAllConnections()) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, posted };
}

describe('a webhook', () => {
  const secret = Buffer.alloc(32, 5);

  it('is posted the note, signed as Standard Webhooks say', async () => {
    const { url, posted } = await webServer((response) => response.writeHead(204).end());
    await new WebhookDestination({ url, secret }, at).deliver(noteOf(7));
    const [one] = posted;
    expect(one?.body).toBe(noteOf(7));
    expect(one?.request.method).toBe('POST');
    const id = `checkpoint-${logId}-7`;
    const timestamp = String(at() / 1000);
    const hmac = createHmac('sha256', secret)
      .update(`${id}.${timestamp}.${noteOf(7)}`)
      .digest('base64');
    expect(one?.request.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${hmac}`,
    });
  });

  it('without a secret is posted the note unsigned', async () => {
    const { url, posted } = await webServer((response) => response.writeHead(200).end('thanks'));
    await new WebhookDestination({ url }).deliver(noteOf(7));
    expect(posted[0]?.request.headers['webhook-signature']).toBeUndefined();
  });

  it('is never led elsewhere by a redirect', async () => {
    const elsewhere = await webServer((response) => response.writeHead(200).end());
    const { url } = await webServer((response) => response.writeHead(307, { location: elsewhere.url }).end());
    await expect(new WebhookDestination({ url }).deliver(noteOf(7))).rejects.toThrow(/answered 307, and redirects/);
    expect(elsewhere.posted).toEqual([]);
  });

  it('that refuses says when it wants to be asked again, and its path stays between us', async () => {
    const { url } = await webServer((response) => response.writeHead(503, { 'retry-after': '120' }).end());
    const error: unknown = await new WebhookDestination({ url }).deliver(noteOf(7)).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ retryAfterMs: 120_000, message: expect.stringMatching(/answered 503\.$/) as string });
    expect((error as Error).message).not.toContain('s3cret');
    const nobody = new WebhookDestination({ url: 'http://127.0.0.1:1/s3cret' });
    await expect(nobody.deliver(noteOf(7))).rejects.toThrow('The webhook http://127.0.0.1:1 cannot be reached (');
  });

  it('has a secret of 24 to 64 bytes behind whsec_', () => {
    expect(parseWebhookSecret(`whsec_${secret.toString('base64')}`)).toEqual(secret);
    for (const wrong of ['', secret.toString('base64'), 'whsec_c2hvcnQ=', 'whsec_!'])
      expect(parseWebhookSecret(wrong)).toBeUndefined();
  });
});

describe('a signing key', () => {
  it('is made in a file that only its owner may read, and never over another', () => {
    const file = join(newDirectory(), 'checkpoint.key');
    const made = writeNewKey(file, 'log.example');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readSigner(file).verifier.text).toBe(made.verifier.text);
    const before = readFileSync(file, 'utf8');
    expect(() => writeNewKey(file, 'log.example')).toThrow(/exists already and is never overwritten/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each([0o640, 0o604, 0o666])('that others may read (mode %o) is refused, with the cure', (mode) => {
    const file = join(newDirectory(), 'checkpoint.key');
    writeNewKey(file, 'log.example');
    chmodSync(file, mode);
    expect(() => readSigner(file)).toThrow(SecretFileError);
    expect(() => readSigner(file)).toThrow(`chmod 600 ${file}`);
  });

  it('that is not there or is none is refused by name', () => {
    const file = join(newDirectory(), 'checkpoint.key');
    expect(() => readSecret(file)).toThrow(`${file} cannot be read (ENOENT).`);
    writeFileSync(file, 'PRIVATE+KEY+scribble', { mode: 0o600 });
    expect(() => readSigner(file)).toThrow(`${file} holds no signing key: portledger audit key new makes one.`);
    expect(() => readSigner(file)).not.toThrow('scribble');
  });

  it('has a verifier key, of which a file may hold several and words about them', () => {
    const file = join(newDirectory(), 'keys');
    const keys = ['a', 'b'].map((name) => writeNewKey(`${file}.${name}`, name).verifier.text);
    appendFileSync(file, `# the old one\n${keys[0]}\n\n# the new one\n${keys[1]}\n`);
    expect(verifierKeysIn(readFileSync(file, 'utf8'))?.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(verifierKeysIn(`${keys[0]}\nscribble`)).toBeUndefined();
    expect(verifierKeysIn('\n')).toBeUndefined();
  });
});
