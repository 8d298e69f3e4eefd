import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ProblemError } from '../ops/problem.js';
import { Authenticator, type CallingRequest } from './authenticator.js';
import { actorOf } from './principal.js';
import { AnyCaller, CurrentPrincipal, type Principal, PublicRoute, type TokenScope } from './require-scope.js';
import { RouteList } from './route-list.js';
import { mustNotBeCrossSite } from './same-origin.js';
import { cookieOf, sessionCookie, setCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

/** Who is calling, and what they may do. */
export interface SessionAnswer {
  /** As events name it: `user:anna`, `token:billing`. */
  readonly who: string;
  readonly kind: Principal['kind'];
  readonly name: string;
  readonly roles: readonly TokenScope[];
  /** The routes that these roles open, as OpenAPI writes them: `POST /v1/freeze`. */
  readonly permissions: readonly string[];
  /** RFC 3339; null for a token that ends only by being revoked. */
  readonly expiresAt: string | null;
  /** CloudEvents `source` this caller may publish as. */
  readonly source: string | null;
}

interface Reply {
  header(name: string, value: string): unknown;
}

/** Sign-in by browsers; a token can ask as well who it is. */
@ApiTags('session')
@ApiBearerAuth()
@Controller('v1/session')
export class SessionController {
  constructor(
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(RouteList) private readonly routes: RouteList,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @PublicRoute()
  @ApiOperation({
    summary: 'Sign in as a local user',
    description: `Sets the cookie ${sessionCookie}. Requests other than GET that it signs in must carry x-portledger-csrf: 1.`,
  })
  @ApiBody({ schema: { example: { user: 'anna', password: '...' } } })
  @ApiResponse({ status: 200, description: 'Signed in; the body is that of GET /v1/session.' })
  @ApiResponse({ status: 401, description: 'unauthenticated: user and password do not fit, or the user is disabled.' })
  @ApiResponse({ status: 403, description: 'cross-site-request: sent by the page of another site.' })
  @ApiResponse({ status: 429, description: 'too-many-attempts: ten failed within a minute; see Retry-After.' })
  async begin(
    @Body() body: unknown,
    @Req() request: CallingRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SessionAnswer> {
    mustNotBeCrossSite(request);
    const { user, password } = credentials(body);
    const { secret, id } = await this.signIn.withPassword(user, password, request.ip ?? 'unknown');
    this.endEarlier(request);
    reply.header('set-cookie', setCookie(sessionCookie, secret, 'Strict'));
    const principal = this.sessions.current(id);
    if (principal === undefined) throw new ProblemError(401, 'unauthenticated', 'The user was disabled just now.');
    return this.answer(principal);
  }

  @Get()
  @Header('cache-control', 'no-store')
  @AnyCaller()
  @ApiOperation({ summary: 'Who is calling, and which routes they may call' })
  @ApiResponse({ status: 200, description: 'Of a session as of a token' })
  @ApiResponse({ status: 401, description: 'unauthenticated; `signIn` names the ways to sign in' })
  show(@CurrentPrincipal() principal: Principal): SessionAnswer {
    return this.answer(principal);
  }

  @Delete()
  @HttpCode(204)
  @AnyCaller()
  @ApiOperation({ summary: 'Sign out' })
  @ApiResponse({ status: 204, description: 'The session has ended and its cookie is taken away.' })
  @ApiResponse({ status: 409, description: 'no-session: a token calls, and it has none.' })
  end(@CurrentPrincipal() { sessionId }: Principal, @Res({ passthrough: true }) reply: Reply): void {
    if (sessionId === undefined)
      throw new ProblemError(
        409,
        'no-session',
        'A token has no session to end. Revoke it with: portledger token revoke',
      );
    this.sessions.end(sessionId, 'signed-out');
    reply.header('set-cookie', setCookie(sessionCookie, '', 'Strict', 0));
  }

  /** Who signs in again in the same browser leaves no session behind. */
  private endEarlier({ headers }: CallingRequest): void {
    const earlier = cookieOf(headers, sessionCookie);
    const sessionId = earlier === undefined ? undefined : this.sessions.authenticate(earlier)?.sessionId;
    if (sessionId !== undefined) this.sessions.end(sessionId, 'signed-in-again');
  }

  private answer(principal: Principal): SessionAnswer {
    const { kind, name, scopes, source } = principal;
    const permissions = this.routes.permittedTo(scopes);
    const expiresAt = this.authenticator.endOf(principal) ?? null;
    return { who: actorOf(principal), kind, name, roles: scopes, permissions, expiresAt, source: source ?? null };
  }
}

function credentials(body: unknown): { user: string; password: string } {
  const { user, password } = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (typeof user === 'string' && typeof password === 'string') return { user, password };
  // Nothing of the body is shown: it may hold a password at another place.
  throw new ProblemError(400, 'malformed-request', 'Send {"user": ..., "password": ...}, both strings.');
}
