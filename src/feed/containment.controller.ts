import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { containmentOf, type ViolationRow } from '../../projections/index.js';
import { actorOf, type Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { missingScope } from '../auth/scope.guard.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { Log } from '../ops/log.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { mustBeLive } from './asked.js';
import { ifMatch } from './etag.js';
import { answered, unknownViolation } from './triage-answer.js';
import { TriageDesk } from './triage-desk.js';
import { evidencePath } from './violation-detail.js';
import { ViolationIndex } from './violation-index.js';
import type { ViolationView } from './violation-view.js';

/** Asks billing to suspend an offender. Nothing here suspends anybody. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
export class ContainmentController {
  private readonly desk: TriageDesk;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
    @Inject(Log) private readonly log: Log,
  ) {
    this.desk = new TriageDesk(store, liveMap);
  }

  @Post(':id/containment')
  @HttpCode(200)
  @RequireScope('containment')
  @ApiOperation({
    summary: 'Ask billing to suspend the offender of a violation',
    description:
      'Needs the roles containment and security-analyst. It is stored in the name of who asks and told to billing (`containment.requested`, with where the evidence is); only a ServerSuspended of billing suspends, and a ContainmentRefused says that it will not. The detail of the violation shows what became of it.',
  })
  @ApiHeader({ name: 'If-Match', required: true, description: 'the `etag` of the violation as it was looked at' })
  @ApiBody({
    required: true,
    schema: {
      type: 'object',
      required: ['reason'],
      properties: { reason: { type: 'string', maxLength: 500, description: 'why, for billing to read' } },
    },
  })
  @ApiResponse({ status: 200, description: 'the violation as it is now, with its new etag' })
  @ApiResponse({ status: 400, description: 'action-malformed: the reason is missing, or something else is there' })
  @ApiResponse({ status: 404, description: 'unknown-violation' })
  @ApiResponse({
    status: 409,
    description:
      'no-offender: no server is named as fact; containment-pending: billing has not answered yet; not-in-this-state',
  })
  @ApiResponse({ status: 412, description: 'violation-changed: `acts` says who did what and when since' })
  @ApiResponse({ status: 428, description: 'etag-missing: If-Match is needed' })
  async request(
    @Param('id') violationId: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    mustBeLive(this.index);
    const slot = this.index.slotOf(violationId);
    if (slot < 0) throw unknownViolation(violationId);
    // Who may suspend by billing's hand must be one who may look: the answer shows the violation.
    if (!principal.scopes.includes('security-analyst')) throw missingScope(principal, ['security-analyst']);
    const reason = reasonIn(body);
    const serverId = this.toBeContained(this.index.rowAt(slot));
    const by = actorOf(principal);
    const data = { serverId, by, reason, evidence: evidencePath(violationId) };
    const action = { act: 'contain', type: 'ContainmentRequested', data } as const;
    const order = { violationId, etag: ifMatch(etag), action };
    const outcome = await this.desk.act(order).catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    const view = answered(outcome, order, this.index.viewing(this.config.sites));
    this.log.info('containment requested', { violationId, serverId, by });
    return view;
  }

  /** The offender, where it is a fact and billing does not have the question already. */
  private toBeContained(row: ViolationRow): string {
    const { violationId, offenderServerId, attribution } = row;
    if (offenderServerId === undefined) {
      const detail = `Of ${violationId} no server is known as a fact to be the offender (attribution ${attribution}); find out who it is, and let billing suspend it.`;
      throw new ProblemError(409, 'no-offender', detail);
    }
    const state = containmentOf(this.liveMap.map, row)?.state;
    if (state !== 'requested' && state !== 'suspended') return offenderServerId;
    const detail =
      state === 'requested'
        ? `Billing was asked to suspend ${offenderServerId} already, and has not answered yet.`
        : `Billing has suspended ${offenderServerId}.`;
    throw new ProblemError(409, 'containment-pending', detail, { state });
  }
}

function reasonIn(body: unknown): string {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const stray = Object.keys(given).find((name) => name !== 'reason');
  if (stray !== undefined)
    throw new ProblemError(400, 'action-malformed', `${stray.slice(0, 80)}: no such field; containment takes reason`);
  const { reason } = given;
  if (typeof reason === 'string' && reason.trim() !== '') return reason;
  throw new ProblemError(400, 'action-malformed', 'reason: expected a text that tells billing why');
}
