import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Inject, type OnModuleDestroy, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticator } from '../auth/authenticator.js';
import { CurrentPrincipal, type Principal, RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { filterQueries, mustBeLive, understood } from './asked.js';
import { ordinalUpTo } from './resume-place.js';
import { type NoPlace, StreamPlaces } from './stream-places.js';
import { type QueryFields, readFilter } from './violation-filter.js';
import { ViolationIndex } from './violation-index.js';
import { ViolationStreams } from './violation-stream.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

const readers = ['security-analyst', 'auditor'] as const;

/** Violations as they happen. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations/stream')
@RequireScope(...readers)
export class ViolationStreamController implements OnModuleDestroy {
  private readonly streams: ViolationStreams;
  private readonly places: StreamPlaces;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) liveMap: LiveMap,
    @Inject(AppConfig) config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {
    const { streamsPerCaller: ofOneCaller, streamsInAll: inAll } = config.feed;
    this.places = new StreamPlaces({ ofOneCaller, inAll });
    this.streams = new ViolationStreams(liveMap, index, () => index.viewing(config.sites));
  }

  @Get()
  @ApiOperation({
    summary: 'Violations as they happen (server-sent events)',
    description:
      'Event `violation`: the violation as it is now. Event `left`, `{violationId}`: it changed, fitted the filter before and does not fit now; after a resume it is told of every violation that changed meanwhile and may have fitted. Event `mutes`, `{muteId}`: a mute began or ended; which violations are muted, and so fit a filter by `muted`, has to be asked anew. Event `renumberings`, `{renumberingId?}`: a renumbering began, went on or ended (without an id, any of them while the client was away); what `renumbering` says of violations has to be asked anew. The id of an event is the position to resume after; an event without one leaves it where it was. What changes within 50 ms is told together, each violation once. A client that is 1 MiB behind is cut and resumes; one whose token or session ends is cut.',
  })
  @filterQueries
  @ApiQuery({
    name: 'after',
    required: false,
    type: String,
    description: 'Resume after this position; `start` for all',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'As `after`, and stronger: browsers send it' })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'Events `violation`, `left`, `mutes`, `renumberings` and, every 15 s, `heartbeat`',
  })
  @ApiResponse({ status: 429, description: 'too-many-streams: of this caller, or in all' })
  async stream(
    @Query() fields: QueryFields,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res() reply: Reply,
  ): Promise<void> {
    mustBeLive(this.index);
    const filter = understood(readFilter(fields, ['after']));
    const after = await ordinalUpTo(this.store, lastEventId || (fields['after'] as string | undefined));
    const leave = this.places.take(principal.callerId);
    if (typeof leave !== 'function') throw noPlace(leave);
    reply.hijack();
    // A client that hung up while we looked is past telling, and its end was already announced.
    if (reply.raw.destroyed) {
      leave();
      return;
    }
    // Not in chunks: it ends with its connection, and the same buffer goes to every socket as it is.
    reply.raw.removeHeader('transfer-encoding');
    reply.raw.writeHead(200, {
      connection: 'close',
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const mayRead = (): boolean => this.mayRead(principal);
    this.streams.open(reply.raw, { filter, after }, { mayRead, onEnd: leave });
  }

  /** Clients that follow just now. */
  get openStreams(): number {
    return this.places.size;
  }

  onModuleDestroy(): void {
    this.streams.close();
  }

  /** Asked before each event: the guard, which cuts the answer of a caller who was sent away, looks once a second. */
  private mayRead(principal: Principal): boolean {
    const now = this.authenticator.current(principal);
    return now !== undefined && readers.some((scope) => now.scopes.includes(scope));
  }
}

function noPlace({ refused, most }: NoPlace): ProblemError {
  const [whose, key] =
    refused === 'caller' ? ['You hold', 'streamsPerCaller'] : ['All callers together hold', 'streamsInAll'];
  const detail = `${whose} ${most} streams already, which is the most. Close one, or raise /feed/${key} in the configuration.`;
  return new ProblemError(429, 'too-many-streams', detail, { most, of: refused }, { 'retry-after': '5' });
}
