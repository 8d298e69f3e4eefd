import { writeFileSync } from 'node:fs';
import { newToken, formatToken } from '../../src/auth/token.js';
import { readTokens, writeTokens } from '../../src/auth/tokens-file.js';
import { decodeEvent } from '../../events/index.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { Browser } from './browser.js';
import { changeUser, password, putUser } from './local-user.js';

let engine: RunningEngine;
beforeEach(async () => {
  engine = await RunningEngine.start();
});
afterEach(() => engine.stop());

type Told = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

async function told(type?: string): Promise<Told[]> {
  const { events } = await engine.parts.store.readStream('access');
  expect(events.map(decodeEvent).filter(({ readable }) => !readable)).toEqual([]);
  return events
    .filter((event) => type === undefined || event.type === type)
    .map((event) => ({ type: event.type, data: event.data as Told['data'] }));
}

async function until(type: string, count: number): Promise<Told[]> {
  for (let round = 0; round < 1200; round++) {
    const found = await told(type);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the log tells ${(await told()).map((one) => one.type).join()} after a minute`);
}

it('holds who signed in, and how each session ended', async () => {
  await putUser(engine.usersFile, 'anna', ['viewer', 'operator']);
  await putUser(engine.usersFile, 'berta', ['admin']);
  const [anna, again, berta] = [new Browser(engine), new Browser(engine), new Browser(engine)];
  await anna.signIn('anna', password);
  const [first] = await until('SignedIn', 1);
  expect(first?.data).toEqual({
    user: 'anna',
    kind: 'local',
    sessionId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    address: '127.0.0.1',
    roles: ['viewer', 'operator'],
  });
  await again.signIn('anna', password);
  await berta.signIn('berta', password);
  await anna.call('DELETE', '/v1/session');
  const [, second] = await until('SignedIn', 3);
  await berta.call('DELETE', `/v1/sessions/${String(second?.data['sessionId'])}`);
  expect((await until('SessionEnded', 2)).map(({ data }) => data)).toEqual([
    { user: 'anna', sessionId: first?.data['sessionId'], reason: 'signed-out' },
    { user: 'anna', sessionId: second?.data['sessionId'], reason: 'ended-by-admin', by: 'user:berta' },
  ]);
});

it('holds a flood of refusals as one event of each kind, and nothing of what was typed', async () => {
  await putUser(engine.usersFile, 'anna', ['viewer']);
  const stranger = new Browser(engine);
  const typed = ['canary-1', 'canary-2', ...Array<string>(20).fill('canary-3')];
  for (const text of typed) await stranger.signIn('anna', text);
  await stranger.signIn('canary-typed-as-a-name', password);
  const tokens = [newToken(), newToken()];
  for (const token of tokens)
    await engine.call('/v1/map', { headers: { authorization: `Bearer ${formatToken(token)}` } });
  await engine.call('/v1/map', { headers: { authorization: 'Bearer canary-of-another-system' } });
  await engine.restart();
  const refusals = (await told()).filter(({ type }) => type.endsWith('Refused'));
  const until = expect.any(String) as string;
  expect(refusals).toEqual([
    {
      type: 'SignInRefused',
      data: {
        address: '127.0.0.1',
        count: typed.length + 1,
        users: ['anna'],
        reasons: ['user-and-password-do-not-fit', 'too-many-attempts'],
        until,
      },
    },
    { type: 'TokenRefused', data: { address: '127.0.0.1', count: 3, tokenIds: tokens.map(({ id }) => id), until } },
  ]);
  const all = JSON.stringify(await told());
  for (const canary of ['canary', password, ...tokens.map(({ secret }) => secret)]) expect(all).not.toContain(canary);
});

it('holds what changed of users and tokens without anybody calling, and nothing of a start', async () => {
  expect(await told()).toEqual([]);
  await putUser(engine.usersFile, 'anna', ['viewer']);
  await until('UserChanged', 1);
  changeUser(engine.usersFile, 'anna', { roles: ['viewer', 'auditor'], isDisabled: true });
  const tokens = readTokens(engine.tokensFile);
  writeTokens(
    engine.tokensFile,
    tokens.filter(({ name }) => name !== 'publisher'),
  );
  expect((await until('UserChanged', 2)).map(({ data }) => data)).toEqual([
    { user: 'anna', change: 'added', roles: ['viewer'], disabled: false, newPassword: true },
    {
      user: 'anna',
      change: 'changed',
      roles: ['viewer', 'auditor'],
      formerRoles: ['viewer'],
      disabled: true,
      newPassword: false,
    },
  ]);
  const revoked = tokens.find(({ name }) => name === 'publisher');
  await until('TokenChanged', 1);
  // What waits to be stored is stored before it stops.
  await engine.restart();
  expect((await told('TokenChanged')).map(({ data }) => data)).toEqual([
    { tokenId: revoked?.id, name: 'publisher', change: 'removed', roles: ['publisher'] },
  ]);
  const kept = JSON.stringify(await told());
  for (const { sha256 } of tokens) expect(kept).not.toContain(sha256);
  expect(kept).not.toContain('argon2');
});

it('takes a file that cannot be read for no change of anybody', async () => {
  const tokens = readTokens(engine.tokensFile);
  await putUser(engine.usersFile, 'anna', ['viewer']);
  await until('UserChanged', 1);
  writeFileSync(engine.tokensFile, 'spoilt');
  for (let round = 0; round < 600 && engine.parts.tokens.trouble === undefined; round++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(engine.parts.tokens.trouble).toContain('not a JSON list');
  writeTokens(engine.tokensFile, tokens.slice(1));
  expect((await until('TokenChanged', 1)).map(({ data }) => [data['tokenId'], data['change']])).toEqual([
    [tokens[0]?.id, 'removed'],
  ]);
});
