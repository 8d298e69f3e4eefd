import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, type Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { Log } from '../ops/log.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { mustBeLive, understood } from './asked.js';
import { MuteDesk, type MuteOutcome } from './mute-desk.js';
import { type MutePreview, mutePreview } from './mute-preview.js';
import { mutesLike, readMute, readMuteQuestion, readScope } from './mute-question.js';
import { type MuteView, muteView, muteViews } from './mute-view.js';
import { unknownViolation } from './triage-answer.js';
import type { QueryFields } from './violation-filter.js';
import { ViolationIndex } from './violation-index.js';

const scopeSchema = {
  type: 'object' as const,
  description:
    'one violation {violationId}, a rule at a port {rule, port}, or a rule and a customer {rule, customerId}',
  properties: {
    violationId: { type: 'string' },
    rule: { type: 'string' },
    port: { type: 'string', example: 'leaf1:Ethernet16' },
    customerId: { type: 'string' },
  },
  example: { rule: 'mac-mismatch', port: 'leaf1:Ethernet16' },
};

/** What is muted, by whom, why and until when. A muted violation is kept, counted and judged; it alerts nobody. */
@ApiTags('mutes')
@ApiBearerAuth()
@Controller('v1/mutes')
export class MutesController {
  private readonly desk: MuteDesk;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(LiveMap) liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
    @Inject(Log) private readonly log: Log,
  ) {
    this.desk = new MuteDesk(store, liveMap);
  }

  @Get()
  @RequireScope('security-analyst', 'auditor')
  @ApiOperation({
    summary: 'Mutes: those that are active first, of them the one that ends first; then those that ended last',
    description:
      'violationId, rule and port, or rule and customerId ask for mutes that hide or hid something of that scope.',
  })
  @ApiQuery({
    name: 'state',
    required: false,
    type: String,
    description: 'active, expired, ended; several with commas',
  })
  @ApiQuery({ name: 'violationId', required: false, type: String })
  @ApiQuery({ name: 'rule', required: false, type: String })
  @ApiQuery({ name: 'port', required: false, type: String })
  @ApiQuery({ name: 'customerId', required: false, type: String })
  @ApiQuery({
    name: 'expiring-within',
    required: false,
    type: Number,
    description: 'hours: only active ones that end by then',
  })
  @ApiResponse({ status: 400, description: 'question-malformed' })
  list(@Query() fields: QueryFields): { mutes: MuteView[] } {
    mustBeLive(this.index);
    const { states, like, expiringWithinMs } = understood(readMuteQuestion(fields));
    const now = Date.now();
    const found = like === undefined ? this.index.mutes.all() : mutesLike(like, this.index);
    const isWanted = ({ state, until }: MuteView): boolean =>
      states.includes(state) &&
      (expiringWithinMs === undefined || (state === 'active' && Date.parse(until) - now <= expiringWithinMs));
    return { mutes: muteViews(found, now).filter(isWanted) };
  }

  @Post()
  @RequireScope('security-analyst')
  @ApiOperation({ summary: 'Mute violations for a while: 30 days at most, with a reason' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['scope', 'reason', 'until'],
      properties: {
        scope: scopeSchema,
        reason: { type: 'string', maxLength: 500 },
        until: { type: 'string', format: 'date-time' },
      },
    },
  })
  @ApiResponse({ status: 201, description: 'the mute as it is now' })
  @ApiResponse({ status: 400, description: 'mute-malformed: what is wrong, and what was expected' })
  @ApiResponse({ status: 404, description: 'unknown-violation: the scope names one that is not there' })
  @ApiResponse({ status: 504, description: 'act-unsettled: it is stored, and not shown yet' })
  async mute(@Body() body: unknown, @CurrentPrincipal() principal: Principal): Promise<MuteView> {
    mustBeLive(this.index);
    const read = readMute(body, Date.now());
    if ('problem' in read) throw new ProblemError(400, 'mute-malformed', read.problem);
    const { scope } = read.value;
    if ('violationId' in scope && this.index.slotOf(scope.violationId) < 0) throw unknownViolation(scope.violationId);
    const view = await this.settled('', this.desk.mute(read.value, actorOf(principal)));
    this.log.info('violations muted', { muteId: view.muteId, by: view.by, until: view.until });
    return view;
  }

  @Post('preview')
  @HttpCode(200)
  @RequireScope('security-analyst', 'auditor')
  @ApiOperation({ summary: 'How many violations a mute would hide, a sample of them, and mutes like it' })
  @ApiBody({ schema: { type: 'object', required: ['scope'], properties: { scope: scopeSchema } } })
  @ApiResponse({
    status: 200,
    description: 'hides, open, alreadyMuted: exact; sample: at most 20; similar: past ones too',
  })
  @ApiResponse({ status: 400, description: 'mute-malformed' })
  preview(@Body() body: unknown): MutePreview {
    mustBeLive(this.index);
    const scope = readScope((typeof body === 'object' && body !== null ? (body as { scope?: unknown }) : {}).scope);
    if ('problem' in scope) throw new ProblemError(400, 'mute-malformed', scope.problem);
    return mutePreview(this.index, scope.value, this.index.viewing(this.config.sites));
  }

  @Post(':id/end')
  @HttpCode(200)
  @RequireScope('security-analyst')
  @ApiOperation({ summary: 'End a mute before its time' })
  @ApiBody({
    required: false,
    schema: { type: 'object', properties: { reason: { type: 'string', maxLength: 500 } } },
  })
  @ApiResponse({ status: 200, description: 'the mute as it is now' })
  @ApiResponse({ status: 400, description: 'mute-malformed' })
  @ApiResponse({ status: 404, description: 'unknown-mute' })
  @ApiResponse({ status: 409, description: 'mute-over: it ended before; `mute` says when and by whom' })
  @ApiResponse({ status: 504, description: 'act-unsettled: it is stored, and not shown yet' })
  async end(
    @Param('id') muteId: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<MuteView> {
    mustBeLive(this.index);
    const { reason, ...others } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const [stray] = Object.keys(others);
    if (stray !== undefined || (reason !== undefined && typeof reason !== 'string'))
      throw new ProblemError(
        400,
        'mute-malformed',
        `${stray?.slice(0, 80) ?? 'reason'}: expected reason, a text, or nothing`,
      );
    const view = await this.settled(muteId, this.desk.end(muteId, actorOf(principal), reason));
    this.log.info('mute ended', { muteId, by: view.endedBy });
    return view;
  }

  private async settled(muteId: string, work: Promise<MuteOutcome>): Promise<MuteView> {
    const outcome = await work.catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    const view = 'mute' in outcome ? muteView(outcome.mute, Date.now()) : undefined;
    if (outcome.outcome === 'done' && view !== undefined) return view;
    throw refusal(muteId.slice(0, 80), outcome, view);
  }
}

function refusal(muteId: string, outcome: MuteOutcome, mute: MuteView | undefined): ProblemError {
  switch (outcome.outcome) {
    case 'unknown':
      return new ProblemError(404, 'unknown-mute', `There is no mute ${muteId}; GET /v1/mutes lists them.`);
    case 'over': {
      const detail = `${muteId} is over: ${mute?.endedBy} ended it at ${mute?.endedAt}.`;
      return new ProblemError(409, 'mute-over', detail, { mute });
    }
    case 'malformed':
      return new ProblemError(400, 'mute-malformed', outcome.why);
    case 'unsettled':
    case 'done':
      return new ProblemError(
        504,
        'act-unsettled',
        'It is stored; the map does not show it yet. Look at GET /v1/mutes.',
      );
  }
}
