import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Recorded } from '../../auth/recorded.js';
import { RequireScope } from '../../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.port.js';
import { ProblemError, readProblem } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { understood } from '../problems.js';
import { dayHtml } from './day-html.js';
import type { DayReport } from './day-report.js';
import { parseSince, readDay } from './read-day.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** What happened, for the people who meet in the morning. */
@ApiTags('report')
@ApiBearerAuth()
@Controller('v1/report')
export class ReportController {
  /** Of each length that is asked for: who asks while it is made gets the same. */
  private readonly making = new Map<number, Promise<DayReport>>();

  constructor(
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get('day')
  @Recorded({ results: () => 1 })
  @RequireScope('auditor')
  @ApiOperation({
    summary: 'Violations, noisy ports, moves, drift, what billing withdrew, approvals: of the last day',
    description: 'Reads the events that were recorded in the range, and how the violations stand now.',
  })
  @ApiQuery({ name: 'since', type: String, required: false, description: '24h (default), 90m, 7d; at most 31d' })
  @ApiQuery({
    name: 'format',
    type: String,
    required: false,
    description: 'json (default) or html: one page, without scripts',
  })
  @ApiProduces('application/json', 'text/html')
  async day(
    @Query('since') since: string | undefined,
    @Query('format') format: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DayReport | string> {
    if (format !== undefined && format !== 'json' && format !== 'html')
      throw new ProblemError(400, 'question-malformed', 'format: expected json or html');
    const report = await this.report(understood(parseSince(since)));
    reply.header('cache-control', 'no-store');
    if (format !== 'html') return report;
    reply.header('content-type', 'text/html; charset=utf-8');
    return dayHtml(report);
  }

  private report(sinceMs: number): Promise<DayReport> {
    const known = this.making.get(sinceMs);
    if (known !== undefined) return known;
    const to = Date.now();
    const { map, ordinal } = this.liveMap;
    const made = readDay(this.log, map, { from: to - sinceMs, to }, ordinal)
      .catch((error: unknown) => {
        throw readProblem(error) ?? error;
      })
      .finally(() => this.making.delete(sinceMs));
    this.making.set(sinceMs, made);
    return made;
  }
}
