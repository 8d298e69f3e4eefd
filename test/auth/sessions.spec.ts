import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EndReason, Sessions } from '../../src/auth/sessions.js';
import { UserDirectory } from '../../src/auth/user-directory.js';
import { changeUser, putUser } from './local-user.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-sessions-'));
afterAll(() => rmSync(directory, { recursive: true }));

const [idleMs, lifeMs, oidcLifeMs] = [1000, 10_000, 4_000];
const account = { kind: 'local', name: 'anna', passwordSetAt: '2026-01-01T00:00:00.000Z' } as const;

let files = 0;
async function opened() {
  const file = join(directory, `${files++}.json`);
  await putUser(file, 'anna', ['viewer']);
  let [now, monotonic] = [0, 0];
  const ends: EndReason[] = [];
  const users = new UserDirectory(file, { monotonic: () => monotonic });
  const onEnd = (_: unknown, reason: EndReason): void => void ends.push(reason);
  const sessions = new Sessions({ users, idleMs, lifeMs, oidcLifeMs, now: () => now, onEnd });
  const at = (ms: number): void => {
    now = ms;
    monotonic += 1000;
  };
  return { file, sessions, ends, at };
}

describe('a session', () => {
  it('ends when it is not used for the idle time, and lives on when it is', async () => {
    const { sessions, ends, at } = await opened();
    const { secret } = sessions.open(account, 'here');
    at(idleMs - 1);
    expect(sessions.authenticate(secret)).toMatchObject({ callerId: 'user:anna', scopes: ['viewer'] });
    at(2 * idleMs - 2);
    expect(sessions.authenticate(secret)).toBeDefined();
    at(3 * idleMs - 2);
    expect(sessions.authenticate(secret)).toBeUndefined();
    expect(ends).toEqual(['idle']);
  });

  it('of a provider’s user ends sooner, however much it is used: its roles stay those of the sign-in', async () => {
    const { sessions, ends, at } = await opened();
    const guest = { kind: 'oidc', name: 'anna@id.example', roles: ['viewer'] } as const;
    const [theirs, local] = [sessions.open(guest, 'here'), sessions.open(account, 'here')];
    expect(sessions.endOf(theirs.id)).toBe(new Date(oidcLifeMs).toISOString());
    for (let ms = 0; ms < oidcLifeMs; ms += idleMs / 2) {
      at(ms);
      expect(sessions.authenticate(theirs.secret)).toMatchObject({ scopes: ['viewer'] });
      expect(sessions.authenticate(local.secret)).toBeDefined();
    }
    at(oidcLifeMs);
    expect(sessions.authenticate(theirs.secret)).toBeUndefined();
    expect(sessions.authenticate(local.secret)).toBeDefined();
    expect(ends).toEqual(['too-old']);
  });

  it('lives on while an open stream asks for it', async () => {
    const { sessions, at } = await opened();
    const { secret, id } = sessions.open(account, 'here');
    for (let ms = 0; ms < 5 * idleMs; ms += idleMs / 2) {
      at(ms);
      expect(sessions.current(id)).toBeDefined();
    }
    expect(sessions.authenticate(secret)).toBeDefined();
  });

  it('ends at its absolute end however much it is used', async () => {
    const { sessions, ends, at } = await opened();
    const { secret, id } = sessions.open(account, 'here');
    expect(sessions.endOf(id)).toBe(new Date(lifeMs).toISOString());
    for (let ms = 0; ms < lifeMs; ms += idleMs / 2) {
      at(ms);
      expect(sessions.authenticate(secret)).toBeDefined();
    }
    at(lifeMs);
    expect(sessions.authenticate(secret)).toBeUndefined();
    expect(ends).toEqual(['too-old']);
  });

  it('is known by its secret only, not by its id or the hash that is kept', async () => {
    const { sessions } = await opened();
    const { secret, id } = sessions.open(account, 'here');
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(sessions.authenticate(id)).toBeUndefined();
    expect(JSON.stringify(sessions.list())).not.toContain(secret);
  });

  it('is one of twenty of its user: the oldest gives way', async () => {
    const { sessions, ends } = await opened();
    const secrets = Array.from({ length: 21 }, () => sessions.open(account, 'here').secret);
    expect(secrets.map((secret) => sessions.authenticate(secret) !== undefined)).toEqual([
      false,
      ...Array<boolean>(20).fill(true),
    ]);
    expect(ends).toEqual(['too-many']);
  });

  it('ends with the file of its user, and does not come back with it', async () => {
    const { file, sessions, ends, at } = await opened();
    const { secret } = sessions.open(account, 'here');
    changeUser(file, 'anna', { isDisabled: true });
    at(1);
    expect(sessions.authenticate(secret)).toBeUndefined();
    changeUser(file, 'anna', { isDisabled: false });
    at(2);
    expect(sessions.authenticate(secret)).toBeUndefined();
    expect(ends).toEqual(['shut-out']);
  });

  it('of a provider has the roles of its beginning, and lets operators publish as themselves', async () => {
    const { sessions } = await opened();
    const { secret } = sessions.open({ kind: 'oidc', name: 'anna@login.example', roles: ['operator'] }, 'here');
    expect(sessions.authenticate(secret)).toMatchObject({
      callerId: 'user:anna@login.example',
      scopes: ['operator'],
      source: 'urn:portledger:user:anna%40login.example',
    });
  });
});
