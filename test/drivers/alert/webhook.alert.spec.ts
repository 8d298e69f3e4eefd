import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { WebhookAlert, type WebhookOptions } from '../../../src/drivers/alert/webhook.alert.js';
import { mostBytes, webhookBody } from '../../../src/drivers/alert/webhook-body.js';
import { parseWebhookSecret } from '../../../src/transports/standard-webhook.js';
import { selfSigned } from '../../support/self-signed.js';
import { messageOf, newSecret } from './sample-alerts.js';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly path: string;
}

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listening(server: Server, answer: Answer, received: Received[]): Promise<number> {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      received.push({ headers, body: Buffer.concat(pieces).toString(), path: request.url ?? '' });
      answer(response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

type Answer = (response: ServerResponse) => void;
const ok: Answer = (response) => response.writeHead(204).end();

async function receiver(answer: Answer = ok): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  return { received, port: await listening(createServer(), answer, received) };
}

const secretOf = (text: string): Buffer => parseWebhookSecret(text) ?? Buffer.alloc(0);

function alertTo(url: string, more: Partial<WebhookOptions> = {}): WebhookAlert {
  return new WebhookAlert({ url, secrets: () => [], allow: ['127.0.0.0/8'], ...more });
}

describe('a webhook', () => {
  it('is verified and read by a library that knows Standard Webhooks', async () => {
    const { port, received } = await receiver();
    const secret = newSecret();
    const alert = alertTo(`http://127.0.0.1:${port}/in?key=hidden`, { secrets: () => [secretOf(secret)] });
    expect(await alert.deliver(messageOf())).toEqual({ outcome: 'delivered' });
    const [got] = received;
    expect(got?.headers).toMatchObject({ 'webhook-id': messageOf().id, 'content-type': 'application/json' });
    expect(new Webhook(secret).verify(got?.body ?? '', got?.headers ?? {})).toMatchObject({
      type: 'violation.new',
      timestamp: '2026-11-02T03:14:01.000Z',
      data: { violation: { violationId: 'v-1', offender: { serverId: 'srv-66' }, port: 'leaf1:Ethernet66' } },
    });
    expect(() => new Webhook(newSecret()).verify(got?.body ?? '', got?.headers ?? {})).toThrow();
    expect(alert.place).toBe(`http://127.0.0.1:${port}`);
  });

  it('is signed with both secrets while one takes the place of the other', async () => {
    const { port, received } = await receiver();
    const secrets = [newSecret(), newSecret()];
    await alertTo(`http://127.0.0.1:${port}`, { secrets: () => secrets.map(secretOf) }).deliver(messageOf());
    for (const secret of secrets)
      expect(() => new Webhook(secret).verify(received[0]?.body ?? '', received[0]?.headers ?? {})).not.toThrow();
  });

  it('goes over TLS to who shows a certificate for the name of the URL, and to nobody else', async () => {
    const { key, certificate } = selfSigned('hooks.example');
    const received: Received[] = [];
    const names: unknown[] = [];
    const server = createTlsServer({
      key,
      cert: certificate,
      SNICallback: (name, done) => (names.push(name), done(null)),
    });
    const port = await listening(server, ok, received);
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const to = (host: string, ca: string) => alertTo(`https://${host}:${port}/`, { resolve, ca: () => ca });
    expect(await to('hooks.example', certificate).deliver(messageOf())).toEqual({ outcome: 'delivered' });
    expect([names, received[0]?.headers['host']]).toEqual([['hooks.example'], `hooks.example:${port}`]);
    expect(await to('other.example', certificate).deliver(messageOf())).toMatchObject({ outcome: 'refused' });
    expect(await to('hooks.example', selfSigned('x').certificate).deliver(messageOf())).toMatchObject({
      outcome: 'refused',
    });
    expect(received).toHaveLength(1);
  });

  it.each([
    [500, {}, { outcome: 'refused', reason: 'it answered 500' }],
    [429, { 'retry-after': '120' }, { outcome: 'refused', reason: 'it answered 429', retryAfterMs: 120_000 }],
    [
      503,
      { 'retry-after': 'Mon, 02 Nov 2026 03:15:00 GMT' },
      { outcome: 'refused', reason: 'it answered 503', retryAfterMs: 60_000 },
    ],
    [503, { 'retry-after': 'soon' }, { outcome: 'refused', reason: 'it answered 503' }],
    [410, {}, { outcome: 'gone', reason: 'it answered 410 Gone' }],
  ])('that is answered %d with %j is taken for what it says', async (status, headers, outcome) => {
    const { port } = await receiver((response) => response.writeHead(status, headers).end('do not show: secret'));
    const now = () => Date.UTC(2026, 10, 2, 3, 14);
    expect(await alertTo(`http://127.0.0.1:${port}`, { now }).deliver(messageOf())).toEqual(outcome);
  });

  it('follows no redirect', async () => {
    const inner = await receiver();
    const outer = await receiver((response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    const outcome = await alertTo(`http://127.0.0.1:${outer.port}`).deliver(messageOf());
    expect(outcome).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('redirects are not followed') as string,
    });
    expect([outer.received.length, inner.received.length]).toEqual([1, 0]);
  });

  it.each([
    ['says nothing', () => undefined],
    ['is slow', (response: ServerResponse) => void response.writeHead(200).flushHeaders],
  ])('is given up within its deadline where the other side %s', async (_, answer) => {
    const { port } = await receiver(answer);
    const outcome = await alertTo(`http://127.0.0.1:${port}`, { deadlineMs: 200 }).deliver(messageOf());
    expect(outcome).toEqual({ outcome: 'refused', reason: 'no answer within 0.2 s' });
  });

  it('is done once the status is read, though the body never ends', async () => {
    const { port } = await receiver((response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write(randomBytes(1024)), 5);
      response.on('close', () => clearInterval(more));
    });
    expect(await alertTo(`http://127.0.0.1:${port}`).deliver(messageOf())).toEqual({ outcome: 'delivered' });
  });

  it('of several holds the counts, and never more than 20,000 bytes', async () => {
    const { port, received } = await receiver();
    await alertTo(`http://127.0.0.1:${port}`).deliver(messageOf(4_996, { text: 'é'.repeat(1_000) }));
    const body = received[0]?.body ?? '';
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
    expect(JSON.parse(body)).toMatchObject({
      type: 'alerts.several',
      data: { count: 4_996, bySeverity: { high: 4_996 } },
    });
    expect((JSON.parse(body) as { data: { alerts: unknown[] } }).data.alerts.length).toBeGreaterThan(0);
  });

  it('of several is within its bytes, however long and many its texts are', () => {
    for (const length of [10, 90, 250, 700, 1_000])
      for (const count of [2, 5, 9, 17, 40, 100]) {
        const body = webhookBody(messageOf(count, { text: 'é'.repeat(length) }), 0);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(mostBytes);
      }
  });

  it('whose secret cannot be read is not sent unsigned', async () => {
    const { port, received } = await receiver();
    const secrets = () => {
      throw new Error('hook.secret cannot be read (ENOENT).');
    };
    expect(await alertTo(`http://127.0.0.1:${port}`, { secrets }).deliver(messageOf())).toEqual({
      outcome: 'refused',
      reason: 'hook.secret cannot be read (ENOENT).',
    });
    expect(received).toEqual([]);
  });
});

/** A listener on every address of this machine: whoever gets through to it by any of its names is counted. */
async function trap(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections++;
    socket.on('error', () => undefined).end('HTTP/1.1 204 No Content\r\n\r\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

const hosts = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
  ],
  ...[
    '0177.0.0.01',
    '127.0.0.1.',
    '127.000.000.001',
    '127.255.255.254',
    '0',
    '0.0.0.0',
    '0x0',
    '00',
    '0.0',
    '0x00000000',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    '%6cocalhost',
    'ⓛocalhost',
    '127。0。0。1',
    '１２７.0.0.1',
    'local\thost',
  ],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:0.0.0.0]'],
  ...[
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:7f00:0001::1]',
  ],
  ...['[2001:0:7f00:1::]', '[fe80::1]', '[fe80::1%lo]', '[fe80::1%25lo]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]'],
  ...[
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '[::ffff:169.254.169.254]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
  ],
  ...['100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.0.192', '100.100.100.200', '[2001:db8::1]'],
];
const whole = [
  ...['https://public.example@127.0.0.1:PORT/', 'https://public.example:443@127.0.0.1:PORT/', 'https:127.0.0.1:PORT'],
  ...[
    'https://127.0.0.1:PORT#@public.example/',
    'https://127.0.0.1:PORT\\@public.example/',
    'https:\\\\127.0.0.1:PORT',
  ],
  ...[
    'https://127.0.0.1:PORT?public.example',
    'http://127.0.0.1:PORT/',
    'http://public.example:PORT/',
    'ftp://127.0.0.1:PORT/',
  ],
  ...['https:///127.0.0.1:PORT/', 'https://127.0.0.1:PORT%2f@public.example'],
];

describe('what leads inside', () => {
  it('is connected to by none of its spellings', async () => {
    const { port, connections } = await trap();
    const urls = [
      ...hosts.map((host) => `https://${host}:${port}/`),
      ...whole.map((url) => url.replace('PORT', String(port))),
    ];
    expect(urls.length).toBeGreaterThanOrEqual(60);
    const resolve = (host: string) =>
      Promise.resolve(
        [host.replace(/\.$/, '') === 'localhost' ? '127.0.0.1' : '93.184.215.14'].map((address) => ({
          address,
          family: 4,
        })),
      );
    const reached: string[] = [];
    let tried = 0;
    for (const url of urls) {
      // A text that is no URL at all never gets past the configuration.
      if (!URL.canParse(url)) continue;
      // Nothing leaves this machine: a public address would be dialled, so those URLs stop at what they resolve to.
      if (['public.example'].includes(new URL(url).hostname) && new URL(url).protocol === 'https:') continue;
      const outcome = await new WebhookAlert({ url, secrets: () => [], allow: [], resolve, deadlineMs: 2_000 }).deliver(
        messageOf(),
      );
      tried++;
      if (outcome.outcome !== 'refused') reached.push(url);
    }
    expect([reached, connections()]).toEqual([[], 0]);
    expect(tried).toBeGreaterThanOrEqual(60);
  });

  it('is not connected to by a name that has an internal address beside a public one, or changes its mind', async () => {
    const { port, connections } = await trap();
    const answers = [
      [
        { address: '93.184.215.14', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      [{ address: '::1', family: 6 }],
      [],
    ];
    for (const found of answers) {
      const url = `https://rebinding.example:${port}/`;
      const alert = new WebhookAlert({ url, secrets: () => [], allow: [], resolve: () => Promise.resolve(found) });
      expect(await alert.deliver(messageOf())).toMatchObject({ outcome: 'refused' });
    }
    const resolve = () => Promise.resolve(['127.0.0.1', '10.0.0.1'].map((address) => ({ address, family: 4 })));
    expect(await alertTo(`https://half.example:${port}/`, { resolve }).deliver(messageOf())).toMatchObject({
      outcome: 'refused',
    });
    expect(connections()).toBe(0);
  });

  it('is told nothing in plain text unless every address of the name is allowed', async () => {
    const { port, received } = await receiver();
    const resolve = () => Promise.resolve(['127.0.0.1', '93.184.215.14'].map((address) => ({ address, family: 4 })));
    expect(await alertTo(`http://half.example:${port}/`, { resolve }).deliver(messageOf())).toEqual({
      outcome: 'refused',
      reason: 'http is for networks named under allow only; use https',
    });
    expect(received).toEqual([]);
  });

  it('dials the address that was checked: the name is asked once, whatever it answers next', async () => {
    const { port, received } = await receiver();
    const rebound = await trap();
    let asked = 0;
    const resolve = () =>
      Promise.resolve([{ address: asked++ === 0 ? '127.0.0.1' : '::1', family: asked === 1 ? 4 : 6 }]);
    const outcome = await alertTo(`http://rebinding.example:${port}/`, { resolve }).deliver(messageOf());
    expect(outcome).toEqual({ outcome: 'delivered' });
    expect([asked, received.length, rebound.connections()]).toEqual([1, 1, 0]);
    expect(received[0]?.headers['host']).toBe(`rebinding.example:${port}`);
  });

  it('is let in by the allow-list alone, and its IPv4 networks let no other spelling in', async () => {
    const { port, received } = await receiver();
    const to = (host: string, allow: string[]) => alertTo(`http://${host}:${port}/`, { allow }).deliver(messageOf());
    expect(await to('127.0.0.1', ['10.0.0.0/8'])).toMatchObject({ outcome: 'refused' });
    expect(await to('[::ffff:127.0.0.1]', ['127.0.0.0/8'])).toMatchObject({ outcome: 'refused' });
    expect(received).toEqual([]);
    expect(await to('127.0.0.1', ['127.0.0.1'])).toEqual({ outcome: 'delivered' });
  });
});
