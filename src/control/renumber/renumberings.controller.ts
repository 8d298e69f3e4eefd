import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, type Principal } from '../../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../../event-store/event-store.port.js';
import { tagged, type TaggedReply, weakTag } from '../../ops/entity-tag.js';
import { Log } from '../../ops/log.js';
import { ProblemError, writeProblem } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { type CandidatesAnswer, candidatesOf } from './renumber-candidates.js';
import { RenumberConductor } from './renumber-conductor.js';
import { RenumberDesk, type RenumberOutcome } from './renumber-desk.js';
import { ifMatch, readLength, readStates, readStep, readWanted } from './renumber-question.js';
import { type RenumberingView, renumberingView } from './renumber-view.js';

type Fields = Readonly<Record<string, unknown>>;

const reading = ['operator', 'viewer', 'auditor'] as const;
const etagHeader = {
  name: 'If-Match',
  required: true,
  description: 'the `etag` that the renumbering had when you looked',
};
const knownHeader = {
  name: 'If-None-Match',
  required: false,
  description: 'the ETag of an earlier answer to the same question',
};
const reasonSchema = { type: 'string', maxLength: 500 } as const;

/** Moving servers from one prefix to another. Nothing here grants or releases a prefix: billing is asked, and waited for. */
@ApiTags('renumberings')
@ApiBearerAuth()
@Controller('v1/renumberings')
export class RenumberingsController {
  private readonly desk: RenumberDesk;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(RenumberConductor) private readonly conductor: RenumberConductor,
    @Inject(Log) private readonly log: Log,
  ) {
    this.desk = new RenumberDesk(store, liveMap, conductor);
  }

  @Get()
  @RequireScope(...reading)
  @ApiOperation({ summary: 'Renumberings: those that are under way first, each with who has to do what next' })
  @ApiQuery({ name: 'state', required: false, type: String, description: 'states, with commas between' })
  @ApiHeader(knownHeader)
  @ApiResponse({ status: 200, description: '{renumberings}, with an ETag' })
  @ApiResponse({ status: 304, description: 'the same as before' })
  @ApiResponse({ status: 400, description: 'renumbering-malformed' })
  list(
    @Query() fields: Fields,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: TaggedReply,
  ): { renumberings: RenumberingView[] } | undefined {
    this.mustBeLive();
    const states = readStates(fields);
    const rows = [...this.liveMap.map.renumberings.values()];
    const views = rows.map((row) => renumberingView(this.conductor.look(row)));
    const wanted = views.filter(({ state }) => states.includes(state));
    const isOver = ({ waitsFor }: RenumberingView): number => Number(waitsFor === 'nobody');
    const renumberings = wanted.sort((a, b) => isOver(a) - isOver(b) || (a.startedAt < b.startedAt ? -1 : 1));
    return tagged({ renumberings }, weakTag(renumberings), known, reply);
  }

  @Get('candidates')
  @RequireScope(...reading)
  @ApiOperation({ summary: 'Sold prefixes of one length that nobody is renumbering, by server' })
  @ApiQuery({ name: 'from-length', required: true, type: Number, example: 64 })
  @ApiResponse({ status: 400, description: 'renumbering-malformed' })
  candidates(@Query() fields: Fields): Promise<CandidatesAnswer> {
    this.mustBeLive();
    return candidatesOf(this.liveMap.map, readLength(fields));
  }

  @Get(':id')
  @RequireScope(...reading)
  @ApiOperation({ summary: 'One renumbering as it is now' })
  @ApiResponse({ status: 404, description: 'unknown-renumbering' })
  show(@Param('id') id: string): RenumberingView {
    this.mustBeLive();
    const row = this.liveMap.map.renumberings.get(id);
    if (row === undefined) throw unknown(id);
    return renumberingView(this.conductor.look(row));
  }

  @Post()
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Plan to move a server from one prefix to another',
    description:
      'Asks nothing of anybody yet. A customer alone is enough where one of its servers has the old prefix. `quietSeconds` (259200): so long neighbour discovery must not name the old prefix before it is safe to remove.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['from', 'to'],
      properties: {
        serverId: { type: 'string', example: 'srv-16' },
        customerId: { type: 'string', example: 'cust-7' },
        from: { type: 'string', example: '2001:db8:16::/64' },
        to: { type: 'string', example: '2001:db8:1016::/48' },
        quietSeconds: { type: 'integer', minimum: 1, example: 259_200 },
      },
    },
  })
  @ApiResponse({ status: 201, description: 'the renumbering, planned' })
  @ApiResponse({ status: 400, description: 'renumbering-malformed' })
  @ApiResponse({ status: 409, description: 'renumbering-under-way: of this prefix; renumbering-refused: and why' })
  async start(@Body() body: unknown, @CurrentPrincipal() principal: Principal): Promise<RenumberingView> {
    this.mustBeLive();
    const by = actorOf(principal);
    return this.answered('', by, this.desk.start(readWanted(body), by));
  }

  @Post(':id/next')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Let it go on: ask billing for the new prefix, or to release the old one once it is quiet',
    description:
      'Billing is told by `renumbering.asked`; only its own events grant and release. `notQuiet`, with a reason, goes on although the old prefix is not known to be quiet.',
  })
  @ApiHeader(etagHeader)
  @ApiBody({
    required: false,
    schema: { type: 'object', properties: { notQuiet: { type: 'boolean' }, reason: reasonSchema } },
  })
  @ApiResponse({ status: 409, description: 'not-in-this-state: why it may not go on' })
  @ApiResponse({ status: 412, description: 'renumbering-changed: `renumbering` is how it is now' })
  @ApiResponse({ status: 428, description: 'etag-missing: If-Match is needed' })
  next(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RenumberingView> {
    return this.step('next', id, etag, body, principal);
  }

  @Post(':id/back')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Take the last step back: ask billing to release the new prefix, or for the old one again',
  })
  @ApiHeader(etagHeader)
  @ApiBody({ schema: { type: 'object', required: ['reason'], properties: { reason: reasonSchema } } })
  @ApiResponse({ status: 409, description: 'not-in-this-state: why it may not be taken back' })
  @ApiResponse({ status: 412, description: 'renumbering-changed: `renumbering` is how it is now' })
  @ApiResponse({ status: 428, description: 'etag-missing: If-Match is needed' })
  back(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<RenumberingView> {
    return this.step('back', id, etag, body, principal);
  }

  private step(
    word: 'next' | 'back',
    renumberingId: string,
    header: string | undefined,
    body: unknown,
    principal: Principal,
  ): Promise<RenumberingView> {
    this.mustBeLive();
    const by = actorOf(principal);
    const order = { renumberingId, etag: ifMatch(header), word, ...readStep(body, word), by };
    return this.answered(renumberingId, by, this.desk.act(order));
  }

  private async answered(id: string, by: string, work: Promise<RenumberOutcome>): Promise<RenumberingView> {
    const outcome = await work.catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    if (outcome.outcome !== 'done') throw this.problemWith(id.slice(0, 80), outcome);
    const view = renumberingView(this.conductor.look(outcome.row));
    const { renumberingId, serverId, from, to, state } = view;
    this.log.info('a renumbering was ordered', {
      renumberingId,
      serverId,
      from,
      to,
      state,
      order: outcome.row.order,
      by,
    });
    return view;
  }

  private problemWith(id: string, outcome: Exclude<RenumberOutcome, { outcome: 'done' }>): ProblemError {
    const row = 'row' in outcome ? outcome.row : undefined;
    const renumbering = row === undefined ? undefined : renumberingView(this.conductor.look(row));
    switch (outcome.outcome) {
      case 'unknown':
        return unknown(id);
      case 'stale':
        return new ProblemError(
          412,
          'renumbering-changed',
          `${id} is ${renumbering?.state} now, by ${renumbering?.by}; look at it, and act on what you see then.`,
          { renumbering },
        );
      case 'refused': {
        const detail = `${outcome.why}. ${renumbering?.detail ?? 'Nothing was stored.'}`;
        const code = renumbering === undefined ? 'renumbering-refused' : 'not-in-this-state';
        return new ProblemError(409, code, detail, { renumbering });
      }
      case 'under-way': {
        const detail = `${outcome.row.from} of ${outcome.row.serverId} is being renumbered to ${outcome.row.to}: portledger renumber show ${outcome.row.renumberingId}.`;
        return new ProblemError(409, 'renumbering-under-way', detail, { renumbering });
      }
      case 'frozen':
        return new ProblemError(
          409,
          'stream-frozen',
          `An event of ${id} cannot be read: GET /v1/parked/renumbering-${id}. Once an operator skips it, act again.`,
        );
      case 'busy':
        return new ProblemError(
          503,
          'renumbering-busy',
          'Others keep writing about it, or the map does not follow the log. Nothing was stored; try again.',
          {},
          { 'retry-after': '1' },
        );
      case 'unsettled':
        return new ProblemError(
          504,
          'act-unsettled',
          'It is stored; the map does not show it yet. Look again in a moment.',
        );
    }
  }

  private mustBeLive(): void {
    if (this.liveMap.live) return;
    const detail = 'The engine is still reading its log. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}

const unknown = (id: string): ProblemError =>
  new ProblemError(
    404,
    'unknown-renumbering',
    `There is no renumbering ${id.slice(0, 80)}; GET /v1/renumberings lists them.`,
  );
