import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { Log } from '../ops/log.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import type { FrozenStream } from '../../projections/index.js';
import { LiveMap } from '../projector/live-map.js';
import { InstalledCodeError, type RetryAnswer, retryParked } from './decode-again.js';
import { type ParkedDetail, parkedDetail, type ParkedStream, parkedStream } from './parked.js';
import { skipParked, type SkipOutcome, type Skipped } from './skip-parked.js';

const reachedWithinMs = 10_000;

/** Events that cannot be read, the streams they freeze, and the operator's word that passes over one. */
@ApiTags('parked')
@ApiBearerAuth()
@Controller('v1/parked')
export class ParkedController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(Log) private readonly log: Log,
  ) {}

  @Get()
  @RequireScope('operator', 'auditor')
  @ApiOperation({ summary: 'Every frozen stream: the parked event at its head, why, and how many are held behind it' })
  list(): { streams: ParkedStream[] } {
    return { streams: this.frozen().map(parkedStream) };
  }

  @Get(':stream')
  @RequireScope('operator', 'auditor')
  @ApiOperation({ summary: 'One frozen stream, with the parked event as it is stored' })
  @ApiResponse({ status: 404, description: 'not-frozen: every event of this stream can be read' })
  show(@Param('stream') stream: string): ParkedDetail {
    return parkedDetail(this.find(stream));
  }

  /** Changes nothing: the running engine goes on with the code it was started with. */
  @Post(':stream/retry')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Read the parked event again with the code that is installed now',
    description: 'Tells what a restart of the engine would make of the stream. Nothing is changed by asking.',
  })
  async retry(@Param('stream') stream: string): Promise<RetryAnswer> {
    try {
      return await retryParked(this.find(stream));
    } catch (error) {
      if (error instanceof InstalledCodeError) throw new ProblemError(500, 'installed-code-broken', error.message);
      throw error;
    }
  }

  @Post(':stream/skip')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Pass over the parked event: the events held behind it are folded',
    description: 'Appends EventSkipped to the stream. The skipped event stays in the log, and never counts.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['eventId', 'reason'],
      properties: {
        eventId: { type: 'string', format: 'uuid', description: 'the parked event that was looked at' },
        reason: { type: 'string', maxLength: 500 },
      },
    },
  })
  @ApiResponse({ status: 404, description: 'not-frozen' })
  @ApiResponse({ status: 409, description: 'other-event-parked, or stream-busy: look again' })
  async skip(
    @Param('stream') stream: string,
    @Body() body: unknown,
    @CurrentPrincipal() { callerId }: Principal,
  ): Promise<Skipped> {
    this.find(stream);
    const { eventId, reason } = fieldsOf(body);
    const outcome = await skipParked(this.store, this.folded(), { stream, eventId, reason }).catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    if (outcome.outcome !== 'skipped') throw refusal(stream, eventId, outcome);
    const { done } = outcome;
    this.log.info('parked event skipped', { stream, eventId, reason, skipId: done.skip.id, callerId });
    return done;
  }

  private folded(): Parameters<typeof skipParked>[1] {
    return {
      frozenStreams: () => this.liveMap.frozenStreams(),
      reached: (ordinal) => this.liveMap.reached(ordinal, reachedWithinMs),
    };
  }

  private find(stream: string): FrozenStream {
    const found = this.frozen().find((one) => one.stream === stream);
    if (found === undefined) throw notFrozen(stream);
    return found;
  }

  private frozen(): readonly FrozenStream[] {
    if (this.liveMap.live) return this.liveMap.frozenStreams();
    const detail =
      'The engine is still reading its log; which streams are frozen is not known yet. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}

function fieldsOf(body: unknown): { eventId: string; reason: string } {
  const { eventId, reason } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof eventId === 'string' && typeof reason === 'string') return { eventId, reason };
  const detail = 'expected {"eventId": the id of the parked event, "reason": why it is passed over}';
  throw new ProblemError(400, 'skip-malformed', detail);
}

function notFrozen(stream: string): ProblemError {
  const detail = `Nothing is parked in ${stream}: every event of it can be read, or was skipped. GET /v1/parked lists the frozen streams.`;
  return new ProblemError(404, 'not-frozen', detail);
}

function refusal(stream: string, eventId: string, outcome: Exclude<SkipOutcome, { outcome: 'skipped' }>): ProblemError {
  switch (outcome.outcome) {
    case 'not-frozen':
      return notFrozen(stream);
    case 'malformed':
      return new ProblemError(400, 'skip-malformed', outcome.detail);
    case 'other-parked': {
      const { parked, reason } = outcome.parked;
      const detail = `The event parked in ${stream} is ${parked.id} (${reason}), not ${eventId}: look at it before you skip it.`;
      return new ProblemError(409, 'other-event-parked', detail, { parked: outcome.parked });
    }
    case 'busy': {
      const detail = `${stream} is being written to, or the map does not follow the log: look at GET /v1/parked and try again.`;
      return new ProblemError(409, 'stream-busy', detail);
    }
  }
}
