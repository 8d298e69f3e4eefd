import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Inject, type OnModuleDestroy, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isInSurvey } from '../../projections/index.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import type { EventStream } from '../transports/event-stream.js';
import { comparePositions, isPosition } from './position.js';
import { filterNames, type QueryFields, type Read, readFilter } from './violation-filter.js';
import { readViolationQuestion, type ViolationPage, violationPage } from './violation-page.js';
import { fromTheStart, streamViolations } from './violation-stream.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

const filters = (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
  for (const name of filterNames) ApiQuery({ name, required: false, type: String })(target, key, descriptor);
};

/** What was heard on the network that billing did not sell. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst', 'auditor')
export class ViolationsController implements OnModuleDestroy {
  private readonly streams = new Set<EventStream>();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Violations, the one that was heard last first' })
  @filters
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiQuery({ name: 'cursor', required: false, type: String, description: '`next` of the page before' })
  list(@Query() fields: QueryFields): ViolationPage {
    this.mustBeLive();
    return violationPage(
      this.liveMap.map.violations.values(),
      understood(readViolationQuestion(fields)),
      this.inSurvey,
    );
  }

  @Get('stream')
  @ApiOperation({
    summary: 'Violations as they happen (server-sent events)',
    description: 'Each event carries the violation as it is then; its id is the position to resume after.',
  })
  @filters
  @ApiQuery({
    name: 'after',
    required: false,
    type: String,
    description: 'Resume after this position; `start` for all',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'As `after`, and stronger: browsers send it' })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'Events `violation` and, every 15 s, `heartbeat`' })
  async stream(
    @Query() fields: QueryFields,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    this.mustBeLive();
    const filter = understood(readFilter(fields, ['after']));
    const after = await this.resumeAfter(lastEventId || (fields['after'] as string | undefined));
    reply.hijack();
    // A client that hung up while we looked is past telling, and its end was already announced.
    if (reply.raw.destroyed) return;
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const stream = streamViolations(
      this.liveMap,
      reply.raw,
      { filter, after, inSurvey: this.inSurvey },
      { onEnd: () => void this.streams.delete(stream) },
    );
    this.streams.add(stream);
  }

  /** Clients that follow just now. */
  get openStreams(): number {
    return this.streams.size;
  }

  onModuleDestroy(): void {
    for (const stream of [...this.streams]) stream.close();
  }

  /** A position behind the end of the log is of another log: waiting for it would look like silence. */
  private async resumeAfter(after: string | undefined): Promise<string | undefined> {
    if (after === undefined) return undefined;
    const head = isPosition(after) ? await this.store.head() : undefined;
    if (after === fromTheStart || (head !== undefined && comparePositions(after, head.position) <= 0)) return after;
    const detail = `after: "${after.slice(0, 40)}" is no position of this log; pass an id that this stream gave, or ${fromTheStart}.`;
    throw new ProblemError(400, 'unknown-position', detail);
  }

  private readonly inSurvey = (site: string): boolean => isInSurvey(this.liveMap.map, this.config.sites, site);

  private mustBeLive(): void {
    if (this.liveMap.live) return;
    const detail = 'The engine is still reading its log; the violations are not complete yet. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}

function understood<Value>(read: Read<Value>): Value {
  if ('problem' in read) throw new ProblemError(400, 'question-malformed', read.problem);
  return read.value;
}
