import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, type Principal } from '../../../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../../../auth/require-scope.js';
import { ProblemError, readProblem } from '../../../ops/problem.js';
import { understood } from '../../problems.js';
import { parseSince } from '../read-day.js';
import { type DayMailer, type DayMailStatus, MapBehindError } from './day-mailer.js';
import type { MailSent } from './mail-sent.js';

/** The mailer of this engine, or null where none is configured. */
export const DAY_MAILER = Symbol('day-mailer');

const notConfigured = {
  status: 404,
  description: 'report-mail-not-configured: say whom to send it to in `report.day`.',
};

/** The day report by mail: how it stands, and one to send now. */
@ApiTags('report')
@ApiBearerAuth()
@Controller('v1/report/day/mail')
export class ReportMailController {
  private isSending = false;

  constructor(@Inject(DAY_MAILER) private readonly mailer: DayMailer | null) {}

  @Get()
  @RequireScope('auditor', 'operator')
  @ApiOperation({ summary: 'Whom the day report is mailed to and when, what went out last, and what is not taken' })
  @ApiResponse(notConfigured)
  status(): DayMailStatus {
    return this.configured().status();
  }

  @Post()
  @HttpCode(200)
  @RequireScope('auditor', 'operator')
  @ApiOperation({
    summary: 'Mail the report of the last day now, to those of the configuration',
    description: 'The mail of the day goes out at its time all the same. One try; the log keeps who had it sent.',
  })
  @ApiBody({
    required: false,
    schema: {
      type: 'object',
      properties: { since: { type: 'string', description: '24h (default), 90m, 7d; at most 31d' } },
    },
  })
  @ApiResponse({ status: 200, description: '`outcome`: mailed, with its subject, or refused, with the reason' })
  @ApiResponse(notConfigured)
  @ApiResponse({ status: 409, description: 'report-mail-under-way: another one is being sent.' })
  async send(@Body() said: unknown, @CurrentPrincipal() principal: Principal): Promise<MailSent> {
    const mailer = this.configured();
    const sinceMs = understood(parseSince(sinceOf(said)));
    if (this.isSending)
      throw new ProblemError(409, 'report-mail-under-way', 'A report is being mailed; ask again when it is.');
    this.isSending = true;
    const to = Date.now();
    try {
      return await mailer.sendNow({ from: to - sinceMs, to }, actorOf(principal));
    } catch (error) {
      if (error instanceof MapBehindError) throw new ProblemError(503, 'map-behind', error.message);
      throw readProblem(error) ?? error;
    } finally {
      this.isSending = false;
    }
  }

  private configured(): DayMailer {
    if (this.mailer !== null) return this.mailer;
    const detail =
      'This engine mails no report: say whom to send it to, and by which server, with report.day in its configuration.';
    throw new ProblemError(404, 'report-mail-not-configured', detail);
  }
}

function sinceOf(said: unknown): string | undefined {
  const { since } = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>;
  if (since === undefined || typeof since === 'string') return since;
  throw new ProblemError(400, 'question-malformed', 'since: expected a text');
}
