import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ProblemError } from '../ops/problem.js';
import type { CallingRequest } from './authenticator.js';
import { type OidcSignIn, ProviderRefusal, ProviderUnreachableError, transactionSeconds } from './oidc.js';
import { PublicRoute } from './require-scope.js';
import { cookieOf, sessionCookie, setCookie } from './session-cookie.js';
import { SignIn } from './sign-in.js';
import { refusalPage } from './refusal-page.js';

/** Injection token of the sign-in at a provider; undefined where none is configured. */
export const OIDC_SIGN_IN = Symbol('OIDC_SIGN_IN');

/** Binds a sign-in under way to its browser; Lax, for the provider's redirect comes from another site. */
const transactionCookie = '__Host-portledger-oidc';

interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
  send(body?: unknown): unknown;
}

interface Request extends CallingRequest {
  readonly url: string;
}

/** Sign-in at an OpenID provider. */
@ApiTags('session')
@Controller('v1/session/oidc')
@PublicRoute()
export class OidcController {
  constructor(
    @Inject(OIDC_SIGN_IN) private readonly oidc: OidcSignIn | undefined,
    @Inject(SignIn) private readonly signIn: SignIn,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Sign in at the OpenID provider: sends the browser there' })
  @ApiQuery({ name: 'returnTo', required: false, type: String, description: 'Path of this engine to come back to; /' })
  @ApiResponse({ status: 303, description: 'To the provider' })
  @ApiResponse({ status: 404, description: 'no-provider: none is configured.' })
  @ApiResponse({ status: 503, description: 'provider-unreachable: it does not answer; local users can sign in.' })
  async begin(@Query('returnTo') returnTo: unknown, @Req() request: Request, @Res() reply: Reply): Promise<void> {
    const oidc = this.configured();
    try {
      const { location, cookie } = await oidc.begin(ownPath(returnTo));
      reply.header('set-cookie', setCookie(transactionCookie, cookie, 'Lax', transactionSeconds));
      redirect(reply, location.href);
    } catch (error) {
      this.refuse(error, request, reply);
    }
  }

  @Get('callback')
  @ApiOperation({ summary: 'Where the provider sends the browser back to' })
  @ApiResponse({ status: 303, description: 'Signed in; to where the sign-in was begun from' })
  @ApiResponse({ status: 403, description: 'sign-in-refused: `reason` says why. A page for browsers.' })
  async callback(@Req() request: Request, @Res() reply: Reply): Promise<void> {
    const oidc = this.configured();
    try {
      const query = request.url.split('?').slice(1).join('?');
      const { account, returnTo } = await oidc.finish(cookieOf(request.headers, transactionCookie), query);
      const { secret } = await this.signIn.begin(account, account.roles, request.ip ?? 'unknown');
      reply.header('set-cookie', setCookie(sessionCookie, secret, 'Strict'));
      reply.header('set-cookie', setCookie(transactionCookie, '', 'Lax', 0));
      redirect(reply, returnTo);
    } catch (error) {
      this.refuse(error, request, reply);
    }
  }

  private configured(): OidcSignIn {
    if (this.oidc !== undefined) return this.oidc;
    throw new ProblemError(404, 'no-provider', 'No OpenID provider is configured; sign in with POST /v1/session.');
  }

  /** A person gets a page, a program a problem document. */
  private refuse(error: unknown, request: Request, reply: Reply): void {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const { reason, facts } = error as { readonly reason: string; readonly facts?: object };
    this.signIn.refused({ kind: 'oidc', from: request.ip, reason, ...facts });
    if (!String(request.headers['accept']).includes('text/html')) throw problem;
    reply
      .status(problem.status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(refusalPage(problem.detail));
  }
}

function problemOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProviderRefusal)
    return new ProblemError(403, 'sign-in-refused', error.message, { reason: error.reason });
  if (error instanceof ProviderUnreachableError)
    return new ProblemError(503, 'provider-unreachable', error.message, {}, { 'retry-after': '60' });
  return undefined;
}

/** Never to another site: `//host` and `/\host` are such. */
function ownPath(returnTo: unknown): string {
  const isOwn = typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(returnTo);
  return isOwn ? returnTo : '/';
}

function redirect(reply: Reply, location: string): void {
  reply.status(303).header('location', location).header('cache-control', 'no-store').send();
}
