import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '../ops/problem.js';
import type { Principal, TokenScope } from './principal.js';
import { type AuthenticatedRequest, publicRouteKey, requiredScopesKey } from './require-scope.js';
import { TokenRegistry } from './token-registry.js';

const bearer = /^Bearer +([^\s]+)$/i;

/** Stands before every route: who calls, and may they? A route that names no scopes is open to nobody. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(@Inject(TokenRegistry) private readonly tokens: TokenRegistry) {}

  canActivate(context: ExecutionContext): boolean {
    if (ruleOf<boolean>(context, publicRouteKey) === true) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const principal = this.principalOf(request);
    const scopes = ruleOf<readonly TokenScope[]>(context, requiredScopesKey) ?? [];
    if (!scopes.some((scope) => principal.scopes.includes(scope))) {
      throw missingScope(principal, scopes);
    }
    request.principal = principal;
    return true;
  }

  private principalOf({ headers }: AuthenticatedRequest): Principal {
    const { authorization } = headers;
    if (typeof authorization !== 'string') throw unauthenticated('Send a token: Authorization: Bearer portledger_...');
    const [, text] = bearer.exec(authorization) ?? [];
    const principal = text === undefined ? undefined : this.tokens.authenticate(text);
    if (principal !== undefined) return principal;
    throw unauthenticated('This token is unknown, expired or revoked. Make one with: portledger token new');
  }
}

/** 403 that names the scopes of which one is missing. */
export function missingScope(principal: Principal, scopes: readonly string[]): ProblemError {
  const needed = scopes.length === 0 ? 'a scope that no token can have' : scopes.join(' or ');
  const detail = `Token ${principal.tokenId} has ${principal.scopes.join(', ') || 'no scope'}; this needs ${needed}.`;
  return new ProblemError(403, 'missing-scope', detail, { missingScopes: scopes });
}

function unauthenticated(detail: string): ProblemError {
  return new ProblemError(401, 'unauthenticated', detail, {}, { 'www-authenticate': 'Bearer realm="portledger"' });
}

/** The rule of the method, else of its class. */
function ruleOf<Rule>(context: ExecutionContext, key: string): Rule | undefined {
  for (const target of [context.getHandler(), context.getClass()]) {
    const rule = Reflect.getMetadata(key, target) as Rule | undefined;
    if (rule !== undefined) return rule;
  }
  return undefined;
}
