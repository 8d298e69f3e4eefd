import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Principal, TokenScope } from './principal.js';

export type { Principal, TokenScope } from './principal.js';

export const requiredScopesKey = 'portledger:required-scopes';
export const publicRouteKey = 'portledger:public-route';

/** The request, once the guard has let it through. */
export interface AuthenticatedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  principal?: Principal;
}

/** Class or method decorator: a token with any one of these scopes may call. Routes without a rule are refused to everybody. */
export const RequireScope = (...scopes: [TokenScope, ...TokenScope[]]): ClassDecorator & MethodDecorator =>
  SetMetadata(requiredScopesKey, scopes);

/** Class or method decorator: anybody may call, without a token. */
export const PublicRoute = (): ClassDecorator & MethodDecorator => SetMetadata(publicRouteKey, true);

/** Parameter decorator: who is calling. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw new Error('CurrentPrincipal is used on a route without RequireScope; add it.');
  return principal;
});
