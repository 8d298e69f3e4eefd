import { readFileSync } from 'node:fs';
import { tokenScopes } from '../../src/auth/principal.js';
import { readTokens, writeTokens } from '../../src/auth/tokens-file.js';
import { sessionCookie } from '../../src/auth/session-cookie.js';
import { exampleEvent } from '../../src/intake/event-examples.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { Browser } from './browser.js';
import { changeUser, password, putUser } from './local-user.js';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await RunningEngine.start();
});
afterAll(() => engine.stop());
beforeEach(() => putUser(engine.usersFile, 'anna', ['viewer', 'operator']));

async function signedIn(): Promise<Browser> {
  const browser = new Browser(engine);
  expect((await browser.signIn('anna', password)).status).toBe(200);
  return browser;
}

/** The status that a call comes to have. */
async function untilStatus(status: number, call: () => Promise<{ readonly status: number }>): Promise<void> {
  let found = 0;
  for (let round = 0; round < 600 && found !== status; round++) {
    found = (await call()).status;
    if (found !== status) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(found).toBe(status);
}

describe('signing in', () => {
  it('sets a cookie of 256 random bits that no script and no other site can use, and says who it is', async () => {
    const browser = new Browser(engine);
    const answer = await browser.signIn('anna', password);
    expect(answer).toMatchObject({
      status: 200,
      body: { who: 'user:anna', kind: 'user', name: 'anna', roles: ['viewer', 'operator'] },
    });
    const [line = ''] = answer.headers.getSetCookie();
    expect(line).toMatch(/^__Host-portledger=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('lets the browser call what its roles may, and nothing else', async () => {
    const browser = await signedIn();
    expect((await browser.call('GET', '/v1/map')).status).toBe(200);
    const refused = await browser.call('GET', '/v1/log');
    expect(refused).toMatchObject({ status: 403, body: { missingScopes: ['auditor'] } });
    expect(refused.body['detail']).toContain('User anna');
  });

  it('lets an operator publish as a source of its own', async () => {
    const browser = await signedIn();
    const { body: session } = await browser.call('GET', '/v1/session');
    expect(session['source']).toBe('urn:portledger:user:anna');
    const event = exampleEvent('GatewayDeclared', { source: 'urn:portledger:user:anna' });
    const headers = { 'content-type': 'application/cloudevents+json' };
    expect((await browser.call('POST', '/v1/events', event, headers)).status).toBe(201);
  });

  it.each([
    ['another password', 'anna', `${password}!`],
    ['an unknown user', 'nobody', password],
    ['the name in upper case', 'ANNA', password],
    ['no password', 'anna', ''],
    ['more than can be a password', 'anna', 'x'.repeat(5000)],
  ])('is refused with %s, always with the same words', async (_name, user, typed) => {
    const answer = await new Browser(engine).signIn(user, typed);
    expect(answer.status).toBe(401);
    expect(answer.body['detail']).toBe('User and password do not fit, or the user is disabled.');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it.each([[{ user: 'anna' }], [{ user: 'anna', password: 7 }], [['anna', password]], [null]])(
    'with %j is answered 400, and nothing of it is repeated',
    async (body) => {
      const answer = await new Browser(engine).call('POST', '/v1/session', body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('battery');
    },
  );

  it.each([
    ['the page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', { origin: 'https://evil.example' }],
  ])('is refused from %s, also with the right password', async (_name, headers) => {
    const browser = new Browser(engine);
    const answer = await browser.call('POST', '/v1/session', { user: 'anna', password }, headers);
    expect(answer).toMatchObject({
      status: 403,
      body: { type: 'https://portledger.dev/problems/cross-site-request' },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('ends the session that the same browser had', async () => {
    const browser = await signedIn();
    const earlier = new Browser(engine);
    for (const [name, value] of browser.cookies) earlier.cookies.set(name, value);
    await browser.signIn('anna', password);
    expect((await earlier.call('GET', '/v1/session')).status).toBe(401);
    expect((await browser.call('GET', '/v1/session')).status).toBe(200);
  });
});

describe('the session', () => {
  it('is shown with its end and the routes that it opens', async () => {
    const browser = await signedIn();
    const { body } = await browser.call('GET', '/v1/session');
    expect(Date.parse(body['expiresAt'] as string)).toBeGreaterThan(Date.now());
    expect(body['permissions']).toEqual(expect.arrayContaining(['GET /v1/map', 'POST /v1/freeze', 'GET /livez']));
    expect(body['permissions']).not.toContain('GET /v1/log');
  });

  it.each(tokenScopes)('of a token of scope %s says what the token may do', async (scope) => {
    const answer = await engine.call('/v1/session', { headers: { authorization: `Bearer ${engine.tokens[scope]}` } });
    expect(answer).toMatchObject({ status: 200, body: { who: `token:${scope}`, kind: 'token', roles: [scope] } });
  });

  it('of nobody is answered 401 with the ways to sign in', async () => {
    const answer = await engine.call('/v1/session');
    expect(answer).toMatchObject({ status: 401, body: { signIn: { password: '/v1/session' } } });
  });

  it('ends when its user signs out, and its cookie is taken away', async () => {
    const browser = await signedIn();
    const kept = new Map(browser.cookies);
    const answer = await browser.call('DELETE', '/v1/session');
    expect(answer.status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.call('GET', '/v1/map')).status).toBe(401);
  });

  it.each([
    ['is disabled', { isDisabled: true }],
    ['has another password', { passwordSetAt: '2026-02-01T00:00:00.000Z' }],
    ['has another name', { name: 'anne' }],
  ])('ends when its user %s', async (_name, change) => {
    const browser = await signedIn();
    changeUser(engine.usersFile, 'anna', change);
    await untilStatus(401, () => browser.call('GET', '/v1/map'));
  });

  it('has the roles that its user has now', async () => {
    const browser = await signedIn();
    changeUser(engine.usersFile, 'anna', { roles: ['auditor'] });
    await untilStatus(200, () => browser.call('GET', '/v1/log'));
    expect((await browser.call('GET', '/v1/map')).status).toBe(403);
  });

  it('does not outlive the engine', async () => {
    const browser = await signedIn();
    await engine.restart();
    expect((await browser.call('GET', '/v1/session')).status).toBe(401);
  });
});

describe('a request that a cookie signs in', () => {
  it.each([
    ['without the header', { 'x-portledger-csrf': undefined }],
    ['with another value of it', { 'x-portledger-csrf': 'true' }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['with another origin', { origin: 'https://evil.example' }],
    ['with the origin null', { origin: 'null' }],
    ['with the origin of another port', { origin: 'http://127.0.0.1:1' }],
  ])('%s changes nothing, and 403 names the cure', async (_name, headers) => {
    const browser = await signedIn();
    const answer = await browser.call('DELETE', '/v1/session', undefined, headers);
    expect(answer).toMatchObject({
      status: 403,
      body: { type: 'https://portledger.dev/problems/cross-site-request' },
    });
    expect(answer.body['detail']).toMatch(/must carry|Send it from a page/);
    expect((await browser.call('GET', '/v1/session')).status).toBe(200);
  });

  it('needs none of that where a token calls', async () => {
    const headers = { authorization: `Bearer ${engine.tokens.operator}`, 'x-portledger-csrf': undefined };
    const answer = await new Browser(engine).call('POST', '/v1/freeze', {}, headers);
    expect(answer.status).toBe(400);
  });

  it('is not let in by the cookie where a token is refused', async () => {
    const browser = await signedIn();
    expect((await browser.call('GET', '/v1/map', undefined, { authorization: 'Bearer x' })).status).toBe(401);
  });

  it.each(['', 'x', `${sessionCookie}=; ${sessionCookie}=x`])('is refused with the cookie %j', async (value) => {
    const answer = await engine.call('/v1/session', { headers: { cookie: `${sessionCookie}=${value}` } });
    expect(answer.status).toBe(401);
  });
});

it('leaves nothing in files or logs that lets anybody in', async () => {
  const browser = await signedIn();
  const [secret = ''] = browser.cookies.values();
  await browser.signIn(password, 'typed in the wrong field');
  const kept = engine.logLines.join('') + readFileSync(engine.usersFile, 'utf8');
  expect(kept).toContain('signed in');
  expect(kept).toContain('sign-in refused');
  for (const canary of [secret, password, 'typed in the wrong field']) expect(kept).not.toContain(canary);
});

describe('wrong passwords', () => {
  let strict: RunningEngine;
  beforeAll(async () => {
    strict = await RunningEngine.start();
    await putUser(strict.usersFile, 'anna', ['viewer']);
  });
  afterAll(() => strict.stop());

  it('are ten a minute, for unknown users as for known ones; then the right one is refused as well', async () => {
    const browser = new Browser(strict);
    const answers = [];
    for (let index = 0; index < 10; index++) answers.push(await browser.signIn(`user-${index}`, 'wrong'));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(401));
    const refused = await browser.signIn('anna', password);
    expect(refused).toMatchObject({ status: 429, body: { type: 'https://portledger.dev/problems/too-many-attempts' } });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('and refused tokens are log lines with facts and without a secret', async () => {
    const token = `portledger_aaaabbbb_${'c'.repeat(43)}`;
    for (const authorization of [`Bearer ${token}`, 'Bearer canary-of-another-system', 'Basic Y2FuYXJ5'])
      expect((await strict.call('/v1/map', { headers: { authorization } })).status).toBe(401);
    const lines = strict.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ message }) => message === 'token refused')).toEqual([
      expect.objectContaining({ tokenId: 'aaaabbbb', from: '127.0.0.1' }),
      expect.not.objectContaining({ tokenId: expect.anything() as unknown }),
      expect.not.objectContaining({ tokenId: expect.anything() as unknown }),
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'sign-in refused', reason: 'too-many-attempts' }));
    const log = strict.logLines.join('');
    for (const canary of ['ccccc', 'canary', 'Y2FuYXJ5', password, 'wrong']) expect(log).not.toContain(canary);
  });

  it('and every change of users and tokens is a log line as well', async () => {
    changeUser(strict.usersFile, 'anna', { roles: ['auditor'] });
    writeTokens(
      strict.tokensFile,
      readTokens(strict.tokensFile).filter(({ name }) => name !== 'publisher'),
    );
    const publisher = strict.tokens.publisher.split('_')[1] ?? '';
    const told = (message: string): Record<string, unknown>[] =>
      strict.logLines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((one) => one['message'] === message);
    for (let round = 0; round < 1200; round++) {
      await strict.call('/readyz');
      if (told('users changed').length > 0 && told('tokens changed').length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(told('users changed').at(-1)).toMatchObject({ changed: ['anna'] });
    expect(told('tokens changed')).toMatchObject([{ added: [], changed: [], removed: [publisher] }]);
  });
});
