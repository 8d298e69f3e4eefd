import { Controller, Get, Inject, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { Recorded } from '../../auth/recorded.js';
import { RequireScope } from '../../auth/require-scope.js';
import { EVENT_STORE, type EventStore, type StoreHealth } from '../../event-store/event-store.port.js';
import { ProblemError } from '../../ops/problem.js';
import { HistoryKeeper } from '../address-history/history-keeper.js';
import { logFilterDocs } from '../log-filter-docs.js';
import { understood } from '../problems.js';
import { type Fields, strayField } from '../question.js';
import { readEventName } from '../tree-question.js';
import { type EventCauses, eventCauses } from './log-causes.js';
import { LogCounts, type LogDensity } from './log-density.js';
import { exportedLines, readExportQuestion } from './log-export.js';

/** Each one reads the log for as long as its reader takes. */
const mostExports = 4;
const mostBuckets = 500;
const usualBuckets = 120;

/** What this controller needs of a Fastify reply. */
interface Reply {
  header(name: string, value: string): unknown;
}

const exportDocs: MethodDecorator = (target, key, descriptor) => {
  const fields = { ...logFilterDocs, backwards: '`true`: newest first' };
  for (const [name, description] of Object.entries(fields))
    ApiQuery({ name, type: String, required: false, description })(target, key, descriptor);
};

/** The log looked at: one event with its causes, how many there are when, and what fits a filter as a file. */
@ApiTags('log')
@ApiBearerAuth()
@Controller('v1/log')
@RequireScope('auditor')
export class LogLookController {
  private readonly counts: LogCounts;
  private exports = 0;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HistoryKeeper) private readonly history: HistoryKeeper,
  ) {
    this.counts = new LogCounts(store);
  }

  @Get('event')
  @Recorded({ results: () => 1 })
  @ApiQuery({ name: 'ordinal', type: String, required: false, description: 'the event with this ordinal' })
  @ApiQuery({ name: 'id', type: String, required: false, description: 'the event with this id' })
  @ApiOperation({
    summary: 'One event, what led to it and what it led to',
    description:
      'Causes are the events it names in `causedBy`, those that caused the lines of a reconcile, and the start of its plan. Effects are found by the address history and in the 2,000 events behind it; `whole` is false where more may stand elsewhere.',
  })
  @ApiResponse({ status: 404, description: 'event-unknown: the log holds no such event' })
  async event(@Query() fields: Fields): Promise<EventCauses> {
    refuse(strayField(fields, ['ordinal', 'id']));
    const name = understood(readEventName(fields));
    const found = 'position' in name ? undefined : await eventCauses(this.store, name, this.history.current());
    if (found === undefined) throw new ProblemError(404, 'event-unknown', 'The log holds no event with that name.');
    return found;
  }

  @Get('density')
  @ApiQuery({
    name: 'buckets',
    type: String,
    required: false,
    description: `at most so many stretches of time, 1 to ${mostBuckets} (default ${usualBuckets})`,
  })
  @ApiOperation({
    summary: 'How many events were recorded when, by kind, and how many there are of each type and family of streams',
    description:
      'Counted along the log and kept: one request counts at most 20,000 events more, `counted` says how far it is. Ask again until it is `size`.',
  })
  async density(@Query() fields: Fields): Promise<LogDensity> {
    refuse(strayField(fields, ['buckets']));
    const text = fields['buckets'] ?? String(usualBuckets);
    const buckets = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (buckets < 1 || buckets > mostBuckets) refuse(`buckets: expected 1 to ${mostBuckets}, found "${text}"`);
    return this.counts.ask(buckets);
  }

  @Get('health')
  @ApiOperation({
    summary: 'What the store says of the log: whether it is as it was written, as far as it was verified',
  })
  health(): StoreHealth {
    return this.store.health();
  }

  @Get('export')
  @Recorded()
  @ApiProduces('application/x-ndjson')
  @exportDocs
  @ApiOperation({
    summary: 'All events that fit, as a file of one JSON text a line',
    description:
      'The same events as `GET /v1/log` with the same filter, up to the end of the log when it was asked for. An answer that breaks off is not whole.',
  })
  @ApiResponse({ status: 503, description: 'too-many-exports: again later' })
  async export(@Query() fields: Fields, @Res({ passthrough: true }) reply: Reply): Promise<StreamableFile> {
    const question = understood(readExportQuestion(fields));
    if (this.exports >= mostExports) {
      const detail = `${mostExports} exports of the log are under way already. Ask again when one of them is done.`;
      throw new ProblemError(503, 'too-many-exports', detail, {}, { 'retry-after': '10' });
    }
    const end = (await this.store.head())?.ordinal ?? -1;
    reply.header('cache-control', 'no-store');
    const lines = Readable.from(this.counted(exportedLines(this.store, question, end)), { objectMode: false });
    return new StreamableFile(lines, {
      type: 'application/x-ndjson',
      disposition: `attachment; filename="log-to-${end}.ndjson"`,
    });
  }

  /** One whose answer is not begun, as it could not be recorded, is none. */
  private async *counted(lines: AsyncGenerator<string>): AsyncGenerator<string> {
    this.exports++;
    try {
      yield* lines;
    } finally {
      this.exports--;
    }
  }
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ProblemError(400, 'question-malformed', problem);
}
