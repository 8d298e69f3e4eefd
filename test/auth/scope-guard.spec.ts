import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from '@nestjs/common';
import { Authenticator } from '../../src/auth/authenticator.js';
import { CallerLimits } from '../../src/auth/caller-limits.js';
import { PublicRoute, RequireScope } from '../../src/auth/require-scope.js';
import { ScopeGuard } from '../../src/auth/scope.guard.js';
import { formatToken, newToken, secretHash } from '../../src/auth/token.js';
import { TokenRegistry } from '../../src/auth/token-registry.js';
import { writeTokens } from '../../src/auth/tokens-file.js';

const directory = mkdtempSync(join(tmpdir(), 'portledger-guard-'));
afterAll(() => rmSync(directory, { recursive: true }));

const token = newToken();
const sha256 = secretHash(token.secret).toString('hex');
const file = join(directory, 'tokens.json');
writeTokens(file, [{ id: token.id, name: 'v', sha256, scopes: ['viewer'], createdAt: '2026-01-01T00:00:00.000Z' }]);
const limits = new CallerLimits({ requestsPerSecond: 50, eventsPerSecond: 1000 });
const guard = new ScopeGuard(new Authenticator({ tokens: new TokenRegistry(file) }), limits);

class Unruled {
  bare(): void {}
  @PublicRoute()
  open(): void {}
  @RequireScope('auditor', 'viewer')
  either(): void {}
}
@RequireScope('viewer')
class Ruled {
  bare(): void {}
  @RequireScope('auditor')
  stricter(): void {}
}

interface Route {
  readonly owner: { readonly prototype: object };
  readonly method: string;
}

function ask({ owner, method }: Route, authorization = `Bearer ${formatToken(token)}`) {
  const request: { headers: object; principal?: unknown } = { headers: { authorization } };
  const context = {
    getHandler: () => Reflect.get(owner.prototype, method) as unknown,
    getClass: () => owner,
    switchToHttp: () => ({ getRequest: () => request }),
  } as unknown as ExecutionContext;
  return { allowed: guard.canActivate(context), principal: request.principal };
}

describe('the guard', () => {
  it('lets a token with any one of the scopes in, and says who it is', () => {
    const { allowed, principal } = ask({ owner: Unruled, method: 'either' });
    expect(allowed).toBe(true);
    expect(principal).toMatchObject({ callerId: token.id, scopes: ['viewer'], source: undefined });
  });

  it('takes the rule of the method before that of its class', () => {
    expect(ask({ owner: Ruled, method: 'bare' }).allowed).toBe(true);
    expect(() => ask({ owner: Ruled, method: 'stricter' })).toThrow(expect.objectContaining({ status: 403 }) as Error);
  });

  it('lets nobody to a route without a rule', () => {
    expect(() => ask({ owner: Unruled, method: 'bare' })).toThrow(expect.objectContaining({ status: 403 }) as Error);
  });

  it('lets everybody to a public route', () => {
    expect(ask({ owner: Unruled, method: 'open' }, '').allowed).toBe(true);
  });

  it.each(['', 'Bearer', `Basic ${formatToken(token)}`, formatToken(token), `Bearer ${formatToken(token)} x`])(
    'refuses the header %j with 401',
    (header) => {
      expect(() => ask({ owner: Ruled, method: 'bare' }, header)).toThrow(
        expect.objectContaining({ status: 401 }) as Error,
      );
    },
  );
});
