import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { actorOf, type Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { Log } from '../ops/log.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { mustBeLive } from './asked.js';
import { readBulk } from './bulk-order.js';
import { ifMatch } from './etag.js';
import { type Action, type ActionName, readAction } from './triage-actions.js';
import { answered } from './triage-answer.js';
import { TriageDesk, type TriageOrder, type TriageOutcome } from './triage-desk.js';
import { ViolationIndex } from './violation-index.js';
import type { ViolationView } from './violation-view.js';

const words = (description: string) => ({ type: 'string' as const, maxLength: 2000, description });
const bodyOf = (properties: Record<string, object>, required: string[] = []) => ({
  required: required.length > 0,
  schema: { type: 'object' as const, properties, required },
});

/** Documents what every action on one violation needs, and how it is answered. */
const actsOnOne = (target: object, key: string | symbol, descriptor: PropertyDescriptor): void => {
  ApiHeader({ name: 'If-Match', required: true, description: 'the `etag` of the violation as it was looked at' })(
    target,
    key,
    descriptor,
  );
  const answers: readonly [number, string][] = [
    [200, 'the violation as it is now, with its new etag'],
    [400, 'action-malformed or etag-malformed: what is wrong, and what was expected'],
    [404, 'unknown-violation'],
    [409, 'not-in-this-state: the table of states refuses it; stream-frozen: an event of it cannot be read'],
    [412, 'violation-changed: `acts` says who did what and when since, `violation` is as it is now'],
    [428, 'etag-missing: If-Match is needed'],
    [503, 'not-live or violation-busy: nothing was stored, ask again'],
    [504, 'act-unsettled: it is stored, and not shown yet'],
  ];
  for (const [status, description] of answers) ApiResponse({ status, description })(target, key, descriptor);
};

/** What came of one item of a bulk: as the action alone would be answered. */
export type BulkResult =
  | { readonly id: string; readonly status: 200; readonly violation: ViolationView }
  | { readonly id: string; readonly status: number; readonly code: string; readonly detail: string };

/** What people do about violations. Each act is an event in their name. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst')
export class TriageController {
  private readonly desk: TriageDesk;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    @Inject(LiveMap) liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
    @Inject(Log) private readonly log: Log,
  ) {
    this.desk = new TriageDesk(store, liveMap);
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  @ApiOperation({ summary: 'Work on a violation; a closed one is taken up again' })
  @ApiBody(
    bodyOf({
      assignee: { type: 'string', description: 'who works on it; without it, who asks' },
      comment: words('what there is to say'),
    }),
  )
  @actsOnOne
  acknowledge(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    return this.one('acknowledge', { id, etag, body, principal });
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close a violation: what caused it was dealt with. Heard again, it is new again' })
  @ApiBody(bodyOf({ comment: words('what was done') }))
  @actsOnOne
  resolve(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    return this.one('resolve', { id, etag, body, principal });
  }

  @Post(':id/false-positive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Close a violation that is none. Heard again, it stays closed and asks for an exception' })
  @ApiBody(bodyOf({ comment: words('why it is none') }, ['comment']))
  @actsOnOne
  falsePositive(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    return this.one('false-positive', { id, etag, body, principal });
  }

  @Post(':id/comment')
  @HttpCode(200)
  @ApiOperation({ summary: 'Write something down about a violation' })
  @ApiBody(bodyOf({ text: words('what there is to say') }, ['text']))
  @actsOnOne
  comment(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    return this.one('comment', { id, etag, body, principal });
  }

  @Post(':id/ticket')
  @HttpCode(200)
  @ApiOperation({ summary: 'Link a violation to where the work on it is written down; the latest link is shown' })
  @ApiBody(bodyOf({ url: { type: 'string', format: 'uri', description: 'http or https' } }, ['url']))
  @actsOnOne
  ticket(
    @Param('id') id: string,
    @Headers('if-match') etag: string | undefined,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ViolationView> {
    return this.one('ticket', { id, etag, body, principal });
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({
    summary: 'One action on many violations; each stands or falls by itself',
    description:
      'The fields of the action (comment, assignee, text, url) stand beside `items` and are the same for all.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['action', 'items'],
      properties: {
        action: { type: 'string', enum: ['acknowledge', 'resolve', 'false-positive', 'comment', 'ticket'] },
        items: {
          type: 'array',
          maxItems: 500,
          items: {
            type: 'object',
            required: ['id', 'etag'],
            properties: { id: { type: 'string' }, etag: { type: 'string' } },
          },
        },
        assignee: { type: 'string' },
        comment: words('of acknowledge, resolve, false-positive'),
        text: words('of comment'),
        url: { type: 'string', format: 'uri', description: 'of ticket' },
      },
    },
  })
  @ApiResponse({
    status: 200,
    description: '`results` in the order of the items: {id, status: 200, violation} or {id, status, code, detail}',
  })
  @ApiResponse({ status: 400, description: 'action-malformed: the request as a whole; nothing was done' })
  async bulk(@Body() body: unknown, @CurrentPrincipal() principal: Principal): Promise<{ results: BulkResult[] }> {
    mustBeLive(this.index);
    const read = readBulk(body, actorOf(principal));
    if ('problem' in read) throw new ProblemError(400, 'action-malformed', read.problem);
    const { action, items } = read.value;
    const orders = items.map(({ id, etag }) => ({ violationId: id, etag, action }));
    const outcomes = await this.stored(this.desk.actOnAll(orders));
    const results = orders.map((order, place) => this.resultOf(order, outcomes[place] ?? { outcome: 'busy' }));
    const done = results.filter(({ status }) => status === 200).length;
    this.log.info('violations acted on', { act: action.act, by: actorOf(principal), asked: orders.length, done });
    return { results };
  }

  private resultOf(order: TriageOrder, outcome: TriageOutcome): BulkResult {
    const { violationId: id } = order;
    try {
      return { id, status: 200, violation: answered(outcome, order, this.index.viewing(this.config.sites)) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { id, status: error.status, code: error.code, detail: error.detail };
    }
  }

  private async one(
    name: ActionName,
    asked: {
      readonly id: string;
      readonly etag: string | undefined;
      readonly body: unknown;
      readonly principal: Principal;
    },
  ): Promise<ViolationView> {
    mustBeLive(this.index);
    const by = actorOf(asked.principal);
    const order = { violationId: asked.id, etag: ifMatch(asked.etag), action: actionOf(name, asked.body, by) };
    const outcome = await this.stored(this.desk.act(order));
    const view = answered(outcome, order, this.index.viewing(this.config.sites));
    this.log.info('violation acted on', { act: name, violationId: view.violationId, by, state: view.state });
    return view;
  }

  private async stored<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      throw writeProblem(error) ?? error;
    }
  }
}

function actionOf(name: ActionName, body: unknown, by: string): Action {
  const read = readAction(name, body, by);
  if ('problem' in read) throw new ProblemError(400, 'action-malformed', read.problem);
  return read.value;
}
