import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AccessNews } from '../../src/auth/access-news.js';
import { Sessions } from '../../src/auth/sessions.js';
import { SignIn } from '../../src/auth/sign-in.js';
import { UserDirectory } from '../../src/auth/user-directory.js';
import { Log } from '../../src/ops/log.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-sign-in-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('a sign-in', () => {
  it('is answered once the log has it', async () => {
    const usersFile = join(directory, 'users.json');
    const users = new UserDirectory(usersFile);
    const sessions = new Sessions({ users, idleMs: 1000, lifeMs: 1000 });
    const taken: AccessNews[] = [];
    let isStored = (): void => {};
    const recorder = {
      record: (news: AccessNews): Promise<void> => {
        taken.push(news);
        return new Promise((resolve) => (isStored = resolve));
      },
    };
    const signIn = new SignIn({ users, usersFile, sessions, log: new Log('json', () => {}), recorder });
    let isAnswered = false;
    const begun = signIn
      .begin({ kind: 'oidc', name: 'anna@id.example', roles: ['viewer'] }, ['viewer'], '192.0.2.1')
      .finally(() => (isAnswered = true));
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(isAnswered).toBe(false);
    isStored();
    const { id: sessionId } = await begun;
    expect(taken).toEqual([
      {
        type: 'SignedIn',
        data: { user: 'anna@id.example', kind: 'oidc', sessionId, address: '192.0.2.1', roles: ['viewer'] },
      },
    ]);
  });
});
