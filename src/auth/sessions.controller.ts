import { Controller, Delete, Get, HttpCode, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Log } from '../ops/log.js';
import { ProblemError } from '../ops/problem.js';
import { CurrentPrincipal, type Principal, RequireScope } from './require-scope.js';
import { Sessions, type SessionView } from './sessions.js';

/** Who is signed in, for those who may end it. */
@ApiTags('session')
@ApiBearerAuth()
@Controller('v1/sessions')
@RequireScope('admin')
export class SessionsController {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Log) private readonly log: Log,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every open session, oldest first' })
  list(): { sessions: readonly SessionView[] } {
    return { sessions: this.sessions.list() };
  }

  @Delete(':session')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session; its open streams are cut within seconds' })
  @ApiResponse({ status: 404, description: 'session-unknown: there is none of this id, or it has ended.' })
  end(@Param('session') session: string, @CurrentPrincipal() { callerId }: Principal): void {
    if (!this.sessions.end(session, 'ended-by-admin', callerId))
      throw new ProblemError(404, 'session-unknown', 'There is no such session. See GET /v1/sessions.');
    this.log.info('session ended by order', { sessionId: session, by: callerId });
  }
}
