import { connect } from 'node:net';
import { ListenConfig } from '../../src/config/app-config.js';
import { Browser } from '../auth/browser.js';
import { password, putUser } from '../auth/local-user.js';
import { RunningEngine } from './running-engine.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());

/** The page of the API may bring styles and pictures in its own text, and nothing else. */
const ofDocs = {
  'content-security-policy':
    /^default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'$/,
};

const expected: Readonly<Record<string, RegExp>> = {
  'content-security-policy':
    /^default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'$/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
};

/** Sends text to the engine and answers all that comes back until it hangs up. */
function send(text: string): Promise<string> {
  const { hostname, port } = new URL(engine.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('latin1').on('data', (part: string) => (answer += part));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('every answer carries what keeps other sites out', () => {
  it.each([
    ['a health check', 'GET', '/livez', 200],
    ['a page of the API', 'GET', '/docs', 200],
    ['an answer', 'GET', '/v1/map', 200],
    ['a refusal', 'GET', '/v1/nowhere', 404],
    ['a route that is not there', 'POST', '/v1/map', 404],
    ['a path that is no path', 'GET', '/%', 400],
    ['a body that is no JSON', 'POST', '/v1/events', 415],
  ])('%s', async (_name, method, path, status) => {
    const response = await fetch(engine.url + path, {
      method,
      headers: { authorization: `Bearer ${engine.tokens.every}` },
      ...(method === 'POST' && { body: 'x' }),
    });
    await response.text();
    expect(response.status).toBe(status);
    const here = path === '/docs' ? { ...expected, ...ofDocs } : expected;
    for (const [name, value] of Object.entries(here)) expect(response.headers.get(name)).toMatch(value);
  });

  it('a stream', async () => {
    const abort = new AbortController();
    const response = await fetch(`${engine.url}/v1/violations/stream`, {
      headers: { authorization: `Bearer ${engine.tokens.every}` },
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    for (const [name, value] of Object.entries(expected)) expect(response.headers.get(name)).toMatch(value);
    abort.abort();
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    ['headers that are too large', `GET /livez HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(9000)}\r\n\r\n`, 431],
  ])('the refusal of %s', async (_name, text, status) => {
    const [head = '', body = ''] = (await send(text)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    for (const [name, value] of Object.entries(expected)) {
      const line = head.split('\r\n').find((one) => one.startsWith(`${name}: `)) ?? '';
      expect(line.slice(name.length + 2)).toMatch(value);
    }
    expect(JSON.parse(body)).toMatchObject({ status });
  });
});

describe('who calls through a proxy', () => {
  async function signInsFrom(forwardedFor: string): Promise<string> {
    await putUser(engine.usersFile, 'anna', ['admin']);
    const browser = new Browser(engine);
    const headers = { 'x-forwarded-for': forwardedFor };
    expect((await browser.call('POST', '/v1/session', { user: 'anna', password }, headers)).status).toBe(200);
    const { body } = await browser.call('GET', '/v1/sessions');
    return (body['sessions'] as { from: string }[]).at(-1)?.from ?? '';
  }

  it('is whom a trusted proxy names, and the proxy itself otherwise', async () => {
    expect(await signInsFrom('192.0.2.7')).toBe('127.0.0.1');
    await engine.stop();
    const listen = Object.assign(new ListenConfig(), { port: 0, trustedProxies: ['127.0.0.0/8'] });
    engine = await RunningEngine.start(undefined, { settings: { listen } });
    expect(await signInsFrom('192.0.2.7')).toBe('192.0.2.7');
  });

  it('is of our own site by the host name that the proxy was asked for', async () => {
    const browser = new Browser(engine);
    const headers = { 'x-forwarded-host': 'portledger.example', origin: 'https://portledger.example' };
    expect((await browser.call('POST', '/v1/session', { user: 'anna', password }, headers)).status).toBe(200);
    const other = { ...headers, origin: engine.url };
    expect((await browser.call('DELETE', '/v1/session', undefined, other)).status).toBe(403);
  });
});
