import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Recorded } from '../../../auth/recorded.js';
import { RequireScope } from '../../../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../../../event-store/event-store.port.js';
import { ProblemError, readProblem } from '../../../ops/problem.js';
import { LiveMap } from '../../../projector/live-map.js';
import { understood } from '../../problems.js';
import { type Fields, strayField } from '../../question.js';
import { type MoneyReportName, readMoneyQuestion } from './money-question.js';
import { type Answers, type ReportName, show, tell, tellIdle } from './money-reports.js';
import { moneyHtml } from './render-money.js';
import { SalesLog } from './sales-log.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** More lines than this are for a file: they are read from the log itself. */
const mostLines = 50_000;

const month = {
  name: 'month',
  type: String,
  required: false,
  description: '2026-10, in UTC; else the last one that is over',
};
const customer = { name: 'customer', type: String, required: false, description: 'only what this customer pays' };
const knownAt = {
  name: 'knownAt',
  type: String,
  required: false,
  description: 'an instant, or #N: as it was known then',
};
const billedAt = {
  name: 'billedAt',
  type: String,
  required: false,
  description: 'when the invoice went out that is to be corrected, as knownAt',
};
const format = {
  name: 'format',
  type: String,
  required: false,
  description: 'json (default) or html: one page, without scripts',
};

/** What addresses earn, which lie idle, and how far IPv6 has come. The first question reads the log, the next only what came since. */
@ApiTags('report')
@ApiBearerAuth()
@Controller('v1/report')
export class MoneyReportController {
  private readonly sales: SalesLog;

  constructor(
    @Inject(EVENT_STORE) log: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {
    this.sales = new SalesLog(log);
  }

  @Get('addons')
  @Recorded({ results: () => 1 })
  @RequireScope('auditor')
  @ApiOperation({ summary: 'The invoice lines of a month: IPv4 add-ons, pro rata, each with the events of its route' })
  @ApiQuery(month)
  @ApiQuery(customer)
  @ApiQuery(knownAt)
  @ApiQuery(billedAt)
  @ApiQuery(format)
  @ApiProduces('application/json', 'text/html')
  addons(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Answers['addons'] | string> {
    return this.answer('addons', fields, reply);
  }

  @Get('yield')
  @Recorded({ results: () => 1 })
  @RequireScope('auditor')
  @ApiOperation({ summary: 'Income of a month by address and by /24' })
  @ApiQuery(month)
  @ApiQuery(customer)
  @ApiQuery(knownAt)
  @ApiQuery(format)
  @ApiProduces('application/json', 'text/html')
  yield(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Answers['yield'] | string> {
    return this.answer('yield', fields, reply);
  }

  @Get('migration')
  @Recorded({ results: () => 1 })
  @RequireScope('auditor')
  @ApiOperation({ summary: 'Servers with IPv4 alone, both, or IPv6 alone over twelve months, as sold and as routed' })
  @ApiQuery(month)
  @ApiQuery(knownAt)
  @ApiQuery(format)
  @ApiProduces('application/json', 'text/html')
  migration(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Answers['migration'] | string> {
    return this.answer('migration', fields, reply);
  }

  @Get('idle')
  @Recorded({ results: () => 1 })
  @RequireScope('auditor')
  @ApiOperation({ summary: 'Addresses that are paid for and were never seen, and such that are used and not paid for' })
  @ApiQuery(format)
  @ApiProduces('application/json', 'text/html')
  async idle(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<Answers['idle'] | string> {
    const { isPage } = asked(fields);
    const stray = strayField(fields, ['format']);
    if (stray !== undefined) throw new ProblemError(400, 'question-malformed', stray);
    await this.upToDate();
    return given('idle', tellIdle(this.sales, this.liveMap.map, this.liveMap.ordinal, Date.now()), isPage, reply);
  }

  private async answer<Name extends MoneyReportName>(
    name: Name,
    fields: Fields,
    reply: Reply,
  ): Promise<Answers[Name] | string> {
    const { isPage, rest } = asked(fields);
    const question = understood(readMoneyQuestion(name, rest, Date.now()));
    await this.upToDate();
    const answer = await tell[name](this.sales, question);
    return given(name, answer, isPage, reply);
  }

  private upToDate(): Promise<void> {
    return this.sales.upToDate().catch((error: unknown) => {
      throw readProblem(error) ?? error;
    });
  }
}

function asked({ format: form, ...rest }: Fields): { readonly isPage: boolean; readonly rest: Fields } {
  if (form !== undefined && form !== 'json' && form !== 'html')
    throw new ProblemError(400, 'question-malformed', 'format: expected json or html');
  return { isPage: form === 'html', rest };
}

function given<Name extends ReportName>(
  name: Name,
  answer: Answers[Name],
  isPage: boolean,
  reply: Reply,
): Answers[Name] | string {
  const shown = show(name, answer);
  const rows = shown.parts.reduce((sum, part) => sum + part.rows.length, 0);
  if (rows > mostLines) {
    const cure =
      'ask for one customer, or run portledger report with --offline or --config, which reads the log itself';
    throw new ProblemError(400, 'question-malformed', `The report has ${rows} lines, more than ${mostLines}: ${cure}.`);
  }
  reply.header('cache-control', 'no-store');
  if (!isPage) return answer;
  reply.header('content-type', 'text/html; charset=utf-8');
  return moneyHtml(shown);
}
