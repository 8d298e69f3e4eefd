import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OidcSignIn } from '../../src/auth/oidc.js';
import { OidcConfig } from '../../src/config/app-config.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { Browser, type Reply } from './browser.js';
import { FalseProvider, type Falsehood } from './false-provider.js';
import { HonestProvider } from './honest-provider.js';
import { password, putUser } from './local-user.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-oidc-'));
afterAll(() => rmSync(directory, { recursive: true }));
const clientSecretFile = join(directory, 'secret');
writeFileSync(clientSecretFile, 'shh\n');
const callback = '/v1/session/oidc/callback';

/** The engine is told its own address before it listens: a port that was free just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configOf(issuer: string, port: number): OidcConfig {
  return Object.assign(new OidcConfig(), {
    issuer,
    clientId: 'portledger',
    clientSecretFile,
    redirectUrl: `http://127.0.0.1:${port}${callback}`,
    roles: { noc: ['viewer', 'operator'], bosses: ['auditor'] },
  });
}

async function startEngine(issuer: string, port: number): Promise<RunningEngine> {
  const oidc = configOf(issuer, port);
  const engine = await RunningEngine.start(undefined, {
    settings: { oidc, listen: { host: '127.0.0.1', port, trustedProxies: [] } },
  });
  await putUser(engine.usersFile, 'anna', ['viewer']);
  return engine;
}

/** Goes where the browser is sent, through the provider and back to the engine, until the engine answers for good. */
async function follow(browser: Browser, provider: Browser, issuer: string, first: Reply): Promise<Reply> {
  let answer = first;
  for (let hop = 0; hop < 12; hop++) {
    const location = answer.headers.get('location');
    if (location === null || location.startsWith('/v1') || location === '/' || location.startsWith('/#')) return answer;
    const isAtProvider = location.startsWith(issuer) || location.startsWith('/');
    answer = await (isAtProvider ? provider : browser).call('GET', location);
  }
  throw new Error('The browser is sent to and fro without an end.');
}

describe('signing in at a real provider', () => {
  let provider: HonestProvider;
  let engine: RunningEngine;
  let browser: Browser;
  beforeAll(async () => {
    const port = await freePort();
    provider = await HonestProvider.start(() => `http://127.0.0.1:${port}${callback}`);
    engine = await startEngine(provider.issuer, port);
  });
  afterAll(async () => {
    await engine.stop();
    await provider.stop();
  });
  beforeEach(() => {
    browser = new Browser(engine);
  });

  async function signIn(person: string, path = '/v1/session/oidc'): Promise<Reply> {
    provider.person = person;
    const atProvider = new Browser({ url: provider.issuer });
    return follow(browser, atProvider, provider.issuer, await browser.call('GET', path));
  }

  it('begins a session with the roles that the claim is mapped to', async () => {
    const answer = await signIn('anna');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const lines = answer.headers.getSetCookie();
    expect(lines).toEqual([
      expect.stringMatching(/^__Host-portledger=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/) as string,
      expect.stringMatching(/^__Host-portledger-oidc=; .*Max-Age=0$/) as string,
    ]);
    const name = `anna@${new URL(provider.issuer).host}`;
    expect(await browser.call('GET', '/v1/session')).toMatchObject({
      status: 200,
      body: { who: `user:${name}`, name, roles: ['viewer', 'operator'] },
    });
    expect((await browser.call('GET', '/v1/map')).status).toBe(200);
    const [{ since, endsAt } = { since: '', endsAt: '' }] = engine.parts.access.sessions.list();
    expect(Date.parse(endsAt) - Date.parse(since)).toBe(8 * 3_600_000);
    const { events } = await engine.parts.store.readStream('access');
    expect(events.filter(({ type }) => type === 'SignedIn').map(({ data }) => data)).toMatchObject([
      { user: name, kind: 'oidc', roles: ['viewer', 'operator'], address: '127.0.0.1' },
    ]);
  });

  it('binds the sign-in to the browser that begins it, by a cookie that comes back with the provider’s redirect', async () => {
    const begun = await browser.call('GET', '/v1/session/oidc');
    expect(begun.status).toBe(303);
    expect(begun.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-portledger-oidc=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/,
      ) as string,
    ]);
  });

  it('refuses with a clear word who has no role', async () => {
    const answer = await signIn('berta');
    expect(answer).toMatchObject({ status: 403, body: { reason: 'no-role' } });
    expect(answer.body['detail']).toContain('groups');
    expect((await browser.call('GET', '/v1/session')).status).toBe(401);
  });

  it('shows that to a person as a page', async () => {
    provider.person = 'berta';
    const begun = await browser.call('GET', '/v1/session/oidc');
    const atProvider = new Browser({ url: provider.issuer });
    let answer = begun;
    while (!(answer.headers.get('location') ?? '').includes(callback))
      answer = await atProvider.call('GET', answer.headers.get('location') ?? '');
    const page = await browser.call('GET', answer.headers.get('location') ?? '', undefined, { accept: 'text/html' });
    expect(page.status).toBe(403);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.body['text']).toContain('Ask who runs this engine');
  });

  it('takes a code once only', async () => {
    provider.person = 'anna';
    const atProvider = new Browser({ url: provider.issuer });
    let answer = await browser.call('GET', '/v1/session/oidc');
    while (!(answer.headers.get('location') ?? '').includes(callback))
      answer = await atProvider.call('GET', answer.headers.get('location') ?? '');
    const back = answer.headers.get('location') ?? '';
    const cookies = new Map(browser.cookies);
    expect((await browser.call('GET', back)).status).toBe(303);
    const thief = new Browser(engine);
    for (const [name, value] of cookies) thief.cookies.set(name, value);
    expect(await thief.call('GET', back)).toMatchObject({ status: 403, body: { reason: 'unknown-sign-in' } });
  });

  it.each([
    ['/', '/'],
    ['/#violations', '/#violations'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
  ])('comes back to %s at %s', async (returnTo, location) => {
    const answer = await signIn('anna', `/v1/session/oidc?returnTo=${encodeURIComponent(returnTo)}`);
    expect(answer.headers.get('location')).toBe(location);
  });

  it('is named where nobody is signed in', async () => {
    expect(await browser.call('GET', '/v1/session')).toMatchObject({
      status: 401,
      body: { signIn: { password: '/v1/session', oidc: '/v1/session/oidc' } },
    });
  });
});

describe('an answer of the provider', () => {
  let provider: FalseProvider;
  let engine: RunningEngine;
  beforeAll(async () => {
    provider = await FalseProvider.start();
    engine = await startEngine(provider.issuer, await freePort());
  });
  afterAll(async () => {
    await engine.stop();
    await provider.stop();
  });

  /** Begins a sign-in and comes back from the provider with what it then answers. */
  async function comeBack(falsehood: Falsehood, change: (query: URLSearchParams) => void = () => {}): Promise<Reply> {
    const browser = new Browser(engine);
    const { headers } = await browser.call('GET', '/v1/session/oidc');
    const sent = new URL(headers.get('location') ?? '').searchParams;
    expect(sent.get('code_challenge_method')).toBe('S256');
    provider.nonce = sent.get('nonce') ?? '';
    provider.falsehood = falsehood;
    const query = new URLSearchParams({ code: 'canary-code', state: sent.get('state') ?? '' });
    change(query);
    return browser.call('GET', `${callback}?${query.toString()}`);
  }

  it('is taken when all is well', async () => {
    expect((await comeBack({})).status).toBe(303);
  });

  it('gives its role also where the claim is one text and no list', async () => {
    expect((await comeBack({ claims: { groups: 'noc' } })).status).toBe(303);
    expect(await comeBack({ claims: { groups: 'nocturnal' } })).toMatchObject({
      status: 403,
      body: { reason: 'no-role' },
    });
  });

  const past = Math.floor(Date.now() / 1000) - 3600;
  it.each<[string, Falsehood]>([
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'another' } }],
    ['another issuer', { claims: { iss: 'http://127.0.0.1:1' } }],
    ['an end in the past', { claims: { iat: past - 300, exp: past } }],
    ['the signature of a stranger', { isForged: true }],
    ['no signature', { isUnsigned: true }],
    ['an error', { status: 400 }],
  ])('with %s is refused', async (_name, falsehood) => {
    const answer = await comeBack(falsehood);
    expect(answer).toMatchObject({ status: 403, body: { reason: 'answer-refused' } });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each<[string, (query: URLSearchParams) => void]>([
    ['another state', (query) => query.set('state', 'another')],
    ['no state', (query) => query.delete('state')],
    ['no code', (query) => query.delete('code')],
    ['an error of the provider', (query) => query.set('error', 'access_denied')],
  ])('that comes back with %s is refused', async (_name, change) => {
    expect(await comeBack({}, change)).toMatchObject({ status: 403, body: { reason: 'answer-refused' } });
  });

  it.each([
    ['with a blank', 'anna ' + 'root'],
    ['with control characters', 'anna\u001b[2J'],
    ['of another alphabet', '\u0430nna'],
    ['that is no text', 7],
  ])('with a name %s names nobody', async (_name, sub) => {
    const answer = await comeBack({ claims: { sub } });
    expect(answer.status).toBe(403);
  });

  it('is never for a browser that did not begin', async () => {
    const answer = await new Browser(engine).call('GET', `${callback}?code=x&state=y`);
    expect(answer).toMatchObject({ status: 403, body: { reason: 'unknown-sign-in' } });
  });

  it('leaves no code and no token in the log', async () => {
    await comeBack({ isForged: true });
    const log = engine.logLines.join('');
    expect(log).toContain('answer-refused');
    for (const canary of ['canary-code', 'canary-access-token', provider.nonce, 'shh'])
      expect(log).not.toContain(canary);
  });
});

describe('what the provider says besides the ID token', () => {
  it.each<[string, Falsehood, string[], number]>([
    ['is not asked for where the token has the claim', {}, ['viewer', 'operator'], 0],
    ['counts where the token does not', { claims: { groups: undefined } }, ['auditor'], 1],
  ])('%s, and names nobody whom the token names', async (_name, falsehood, roles, asked) => {
    const provider = await FalseProvider.start();
    try {
      provider.userInfo = { sub: 'anna', login: 'root', groups: ['bosses'] };
      provider.falsehood = { claims: { login: 'anna', ...falsehood.claims } };
      const signIn = new OidcSignIn({ ...configOf(provider.issuer, 80), nameClaim: 'login' });
      const { location, cookie } = await signIn.begin('/');
      provider.nonce = location.searchParams.get('nonce') ?? '';
      const back = `?code=canary-code&state=${location.searchParams.get('state')}`;
      const { account } = await signIn.finish(cookie, back);
      expect(account).toEqual({ kind: 'oidc', name: `anna@${new URL(provider.issuer).host}`, roles });
      expect(provider.askedForMore).toBe(asked);
    } finally {
      await provider.stop();
    }
  });
});

describe('a sign-in under way', () => {
  let provider: FalseProvider;
  let now: number;
  let signIn: OidcSignIn;
  beforeEach(async () => {
    provider = await FalseProvider.start();
    now = 0;
    signIn = new OidcSignIn(configOf(provider.issuer, 80), () => now);
  });
  afterEach(() => provider.stop());

  /** Begins one; what ends it. */
  async function begun(): Promise<() => Promise<unknown>> {
    const { location, cookie } = await signIn.begin('/');
    const sent = location.searchParams;
    return () => {
      provider.nonce = sent.get('nonce') ?? '';
      return signIn.finish(cookie, `?code=canary-code&state=${sent.get('state')}`);
    };
  }

  it('may take ten minutes and no more', async () => {
    const [early, late] = [await begun(), await begun()];
    now = 599_999;
    await expect(early()).resolves.toMatchObject({ returnTo: '/' });
    now = 600_000;
    await expect(late()).rejects.toMatchObject({ reason: 'unknown-sign-in' });
  });

  it('gives way to a thousand that began later: strangers fill no memory', async () => {
    const [first, second] = [await begun(), await begun()];
    for (let later = 0; later < 999; later++) await signIn.begin('/');
    await expect(first()).rejects.toMatchObject({ reason: 'unknown-sign-in' });
    await expect(second()).resolves.toMatchObject({ returnTo: '/' });
  });
});

describe('a provider that does not answer', () => {
  it('is said so, and local users sign in all the same', async () => {
    const engine = await startEngine(`http://127.0.0.1:${await freePort()}`, await freePort());
    try {
      const browser = new Browser(engine);
      const answer = await browser.call('GET', '/v1/session/oidc');
      expect(answer).toMatchObject({
        status: 503,
        body: { type: 'https://portledger.dev/problems/provider-unreachable' },
      });
      const { checks } = (await engine.call('/readyz')).body as { checks: { name: string }[] };
      expect(checks.find(({ name }) => name === 'oidc')).toMatchObject({ ok: true, degraded: true });
      expect((await browser.signIn('anna', password)).status).toBe(200);
    } finally {
      await engine.stop();
    }
  });
});
