import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '../ops/problem.js';
import { Authenticator } from './authenticator.js';
import { CallerLimits } from './caller-limits.js';
import { type OpenAnswer, OpenAnswers } from './open-answers.js';
import { type Principal, spoken } from './principal.js';
import { accessOf, type AuthenticatedRequest, isOpenToScrapers } from './require-scope.js';

/** Stands before every route: who calls, may they, and so often? A route that names no scopes is open to nobody. */
@Injectable()
export class ScopeGuard implements CanActivate {
  private readonly openAnswers: OpenAnswers;

  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(CallerLimits) private readonly limits: CallerLimits,
  ) {
    this.openAnswers = new OpenAnswers(authenticator);
  }

  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(context.getHandler(), context.getClass());
    if (access === 'everybody') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AuthenticatedRequest>();
    if (isOpenToScrapers(context.getHandler()) && this.authenticator.letsScrape(request)) return true;
    const principal = this.authenticator.authenticate(request);
    this.limits.spend('requests', principal);
    if (!access.some((scope) => principal.scopes.includes(scope))) throw missingScope(principal, access);
    request.principal = principal;
    // An answer to an order is left alone: what was begun is done, and its caller is told so.
    if (request.method === 'GET') this.openAnswers.watch(principal, http.getResponse<{ raw: OpenAnswer }>().raw);
    return true;
  }
}

/** 403 that names the scopes of which one is missing. */
export function missingScope(principal: Principal, scopes: readonly string[]): ProblemError {
  const needed = scopes.length === 0 ? 'a scope that nobody can have' : scopes.join(' or ');
  const who = spoken(principal);
  const has = principal.scopes.join(', ') || 'no scope';
  const detail = `${who.charAt(0).toUpperCase()}${who.slice(1)} has ${has}; this needs ${needed}.`;
  return new ProblemError(403, 'missing-scope', detail, { missingScopes: scopes });
}
