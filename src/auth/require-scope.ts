import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { CallingRequest } from './authenticator.js';
import { type Principal, type TokenScope, tokenScopes } from './principal.js';

export type { Principal, TokenScope } from './principal.js';

export const requiredScopesKey = 'portledger:required-scopes';
export const publicRouteKey = 'portledger:public-route';
const openToScrapersKey = 'portledger:open-to-scrapers';

/** The request, once the guard has let it through. */
export interface AuthenticatedRequest extends CallingRequest {
  principal?: Principal;
}

/** Class or method decorator: a caller with any one of these scopes may call. Routes without a rule are refused to everybody. */
export const RequireScope = (...scopes: [TokenScope, ...TokenScope[]]): ClassDecorator & MethodDecorator =>
  SetMetadata(requiredScopesKey, scopes);

/** Class or method decorator: everybody who is known may call. */
export const AnyCaller = (): ClassDecorator & MethodDecorator => SetMetadata(requiredScopesKey, tokenScopes);

/** Method decorator, beside RequireScope: a caller without token and session is let in where the configuration says so. */
export const OpenToScrapers = (): MethodDecorator => SetMetadata(openToScrapersKey, true);

/** Class or method decorator: anybody may call, without a token. */
export const PublicRoute = (): ClassDecorator & MethodDecorator => SetMetadata(publicRouteKey, true);

/** Parameter decorator: who is calling. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw new Error('CurrentPrincipal is used on a route without RequireScope; add it.');
  return principal;
});

/** Who may call a route: everybody, or who has one of these scopes. The rule of the method goes before that of its class. */
export function accessOf(handler: object, controller: object): 'everybody' | readonly TokenScope[] {
  if (ruleOf<boolean>([handler, controller], publicRouteKey) === true) return 'everybody';
  return ruleOf<readonly TokenScope[]>([handler, controller], requiredScopesKey) ?? [];
}

export const isOpenToScrapers = (handler: object): boolean => ruleOf<boolean>([handler], openToScrapersKey) === true;

function ruleOf<Rule>(targets: readonly object[], key: string): Rule | undefined {
  for (const target of targets) {
    const rule = Reflect.getMetadata(key, target) as Rule | undefined;
    if (rule !== undefined) return rule;
  }
  return undefined;
}
