import fc from '../support/property.js';
import { sinceLastReading, tokenNews, userNews } from '../../src/auth/entry-news.js';
import type { AccessNews } from '../../src/auth/access-news.js';
import { userRoles } from '../../src/auth/principal.js';
import type { TokenRecord } from '../../src/auth/tokens-file.js';
import type { UserRecord } from '../../src/auth/users-file.js';

const someUsers = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('anna', 'berta', 'carl', 'dora'),
      roles: fc.subarray([...userRoles], { minLength: 1 }),
      isDisabled: fc.boolean(),
      passwordSetAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
    }),
    { selector: ({ name }) => name },
  )
  .map((list) => {
    const common = { passwordHash: '$argon2id$canary', createdAt: '2026-01-01T00:00:00Z' };
    return new Map(list.map((one): [string, UserRecord] => [one.name, { ...common, ...one }]));
  });

describe('what is told of a file of users', () => {
  it('leads from one reading to the next, and holds no hash', () => {
    fc.assert(
      fc.property(fc.array(someUsers, { minLength: 1, maxLength: 4 }), (readings) => {
        const told: AccessNews[] = [];
        const read = sinceLastReading(userNews, (news) => told.push(news));
        const known = new Map(
          [...(readings[0] ?? [])].map(([name, { roles, isDisabled }]) => [name, { roles, isDisabled }]),
        );
        for (const reading of readings) {
          told.length = 0;
          read(reading);
          for (const news of told) {
            if (news.type !== 'UserChanged') throw new Error(`told ${news.type}`);
            const { user, change, roles, formerRoles, disabled } = news.data;
            expect(known.has(user)).toBe(change !== 'added');
            if (formerRoles !== undefined) expect(formerRoles).toEqual(known.get(user)?.roles);
            if (change === 'removed') known.delete(user);
            else known.set(user, { roles: roles as UserRecord['roles'], isDisabled: disabled });
          }
          expect(JSON.stringify(told)).not.toContain('canary');
          expect([...known].sort()).toEqual(
            [...reading].map(([name, { roles, isDisabled }]) => [name, { roles, isDisabled }]).sort(),
          );
        }
      }),
    );
  });

  it('says where a password was set', () => {
    const [before, after] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'].map((passwordSetAt) => {
      const common = { passwordHash: '$argon2id$', createdAt: passwordSetAt, roles: ['viewer'] } as const;
      return new Map<string, UserRecord>([['anna', { ...common, name: 'anna', passwordSetAt }]]);
    });
    expect(userNews(before ?? new Map(), after ?? new Map())).toEqual([
      {
        type: 'UserChanged',
        data: { user: 'anna', change: 'changed', roles: ['viewer'], disabled: false, newPassword: true },
      },
    ]);
  });
});

describe('what is told of a file of tokens', () => {
  const token: TokenRecord = {
    id: 'k7m2p9qa',
    name: 'billing',
    sha256: 'canary',
    scopes: ['publisher'],
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2027-01-01',
  };

  it('is a revocation where one is gone, with its end as events spell it and without its hash', () => {
    expect(tokenNews(new Map([[token.id, token]]), new Map())).toEqual([
      {
        type: 'TokenChanged',
        data: {
          tokenId: 'k7m2p9qa',
          name: 'billing',
          change: 'removed',
          roles: ['publisher'],
          expiresAt: '2027-01-01T00:00:00.000Z',
        },
      },
    ]);
  });

  it('leaves out an end that no event can spell', () => {
    const [news] = tokenNews(new Map(), new Map([[token.id, { ...token, expiresAt: '+012026-01-01T00:00:00Z' }]]));
    expect(news?.data).not.toHaveProperty('expiresAt');
  });
});
