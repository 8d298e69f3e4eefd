import { readFileSync, writeFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tokenScopes, userRoles } from '../../src/auth/principal.js';
import { RouteList, type RouteRule, scopesOf } from '../../src/auth/route-list.js';
import { MetricsConfig } from '../../src/config/app-config.js';
import { createHttpServer } from '../../src/http-server.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { Browser } from './browser.js';
import { password, putUser } from './local-user.js';

/** Read by people: who may call what. PORTLEDGER_WRITE_DOCS=1 writes it anew; then read what changed. */
const golden = 'test/auth/route-roles.txt';

/** Every caller of the table: nobody, a token of each scope, and a signed-in user of each role. */
const callers = ['nobody', ...tokenScopes.map((scope) => `token ${scope}`), ...userRoles.map((role) => `user ${role}`)];
type Verdict = 'allowed' | 'refused';

let engine: RunningEngine;
let app: NestFastifyApplication;
let rules: RouteRule[];
/** What the router was told to serve, as OpenAPI writes it. */
const routed: string[] = [];
const browsers = new Map<string, Browser>();

beforeAll(async () => {
  const metrics = Object.assign(new MetricsConfig(), { withoutToken: 'nowhere' });
  engine = await RunningEngine.start(undefined, { settings: { metrics } });
  app = await createHttpServer(engine.parts);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routed.push(`${one} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    });
  await app.init();
  rules = app.get(RouteList).all();
  for (const role of userRoles) await putUser(engine.usersFile, `user-${role}`, [role]);
  for (const role of userRoles) browsers.set(role, await signedIn(role));
});
afterAll(async () => {
  await app.close();
  await engine.stop();
});

async function signedIn(role: string): Promise<Browser> {
  const browser = new Browser(engine);
  expect((await browser.signIn(`user-${role}`, password)).status).toBe(200);
  return browser;
}

const lineOf = (rule: RouteRule): string =>
  `${rule.id}: ${rule.access === 'everybody' ? 'everybody' : scopesOf(rule).join(', ')}`;

/** Who may call, as the file says that people read: by route. */
function goldenRoles(): Map<string, readonly string[]> {
  const lines = readFileSync(golden, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(': ');
      return [line.slice(0, at), line.slice(at + 2).split(', ')] as const;
    }),
  );
}

function expectedOf(roles: readonly string[], caller: string): Verdict {
  const [, role = ''] = caller.split(' ');
  return roles.includes('everybody') || roles.includes(role) ? 'allowed' : 'refused';
}

async function ask(id: string, caller: string): Promise<Verdict> {
  const [method = '', path = ''] = id.split(' ');
  const [kind, role = ''] = caller.split(' ');
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-portledger-csrf': '1' };
  if (kind === 'token') headers['authorization'] = `Bearer ${engine.tokens[role as keyof RunningEngine['tokens']]}`;
  if (kind === 'user') {
    const browser = id === 'DELETE /v1/session' ? await signedIn(role) : browsers.get(role);
    headers['cookie'] = [...(browser?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  const abort = new AbortController();
  const response = await fetch(engine.url + path.replaceAll(/\{\w+\}/g, 'none'), {
    method,
    headers,
    redirect: 'manual',
    signal: abort.signal,
    ...(method !== 'GET' && { body: '{}' }),
  });
  const { status } = response;
  // A stream that was opened is not read to its end, for it has none.
  const problem = status === 403 ? ((await response.json()) as { type: string }).type : '';
  abort.abort();
  const isRefused = status === 401 || /(missing-scope|unauthenticated|cross-site-request)$/.test(problem);
  return isRefused ? 'refused' : 'allowed';
}

describe('the routes', () => {
  it('of the running application all have a rule', () => {
    const ruled = rules.map(({ id }) => id);
    const unruled = routed.filter((id) => !ruled.includes(id) && !id.startsWith('HEAD ') && !id.startsWith('OPTIONS '));
    expect(unruled).toEqual([]);
    expect(ruled.filter((id) => !routed.includes(id))).toEqual([]);
  });

  it('are open to those whom somebody read and agreed to', () => {
    const found = rules.map((rule) => `${lineOf(rule)}\n`).join('');
    if (process.env['PORTLEDGER_WRITE_DOCS'] === '1') writeFileSync(golden, found);
    expect(readFileSync(golden, 'utf8')).toBe(found);
  });

  it('are each open to somebody', () => {
    expect(rules.filter((rule) => scopesOf(rule).length === 0)).toEqual([]);
  });
});

describe('the table of routes and roles', () => {
  it('has no cell that was not asked over HTTP, and none that is otherwise', async () => {
    const table = goldenRoles();
    let asked = 0;
    const wrong: string[] = [];
    for (const [id, roles] of table) {
      for (const caller of callers) {
        const verdict = await ask(id, caller);
        asked++;
        if (verdict !== expectedOf(roles, caller)) wrong.push(`${id} by ${caller}: ${verdict}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBe(rules.length * callers.length);
  });

  it('is what a session is told of itself', async () => {
    for (const role of userRoles) {
      const { body } = await (browsers.get(role) as Browser).call('GET', '/v1/session');
      const expected = [...goldenRoles()].filter(([, roles]) => expectedOf(roles, `user ${role}`) === 'allowed');
      expect(body['permissions']).toEqual(expected.map(([id]) => id));
    }
  });
});
