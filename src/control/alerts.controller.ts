import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError, readProblem, writeProblem } from '../ops/problem.js';
import { AlertDesk } from '../reactors/alert-desk.js';
import type { DestinationStatus } from '../reactors/alert-status.js';
import { type AlertDeliveries, alertDeliveries, mostDeliveries, readDeliveryQuestion } from './alert-deliveries.js';
import { textOf } from './request-fields.js';

/** Where alerts go, and what became of each. */
@ApiTags('alerts')
@ApiBearerAuth()
@Controller('v1/alerts')
export class AlertsController {
  constructor(
    @Inject(AlertDesk) private readonly desk: AlertDesk,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Get('destinations')
  @RequireScope('security-analyst', 'operator', 'auditor', 'admin')
  @ApiOperation({
    summary: 'How each destination stands: last success, what is tried and when, what waits, what was given up',
  })
  destinations(): { destinations: DestinationStatus[] } {
    return { destinations: this.desk.statuses() };
  }

  @Get('deliveries')
  @RequireScope('security-analyst', 'operator', 'auditor', 'admin')
  @ApiOperation({
    summary: 'What was sent, newest first, as the log has it: also what was kept back, and what was given up',
  })
  @ApiQuery({ name: 'destination', required: false, type: String, description: 'only this one' })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: `1 to ${mostDeliveries}, default 50` })
  @ApiQuery({ name: 'cursor', required: false, type: String, description: '`next` of the page before' })
  async deliveries(@Query() fields: Readonly<Record<string, unknown>>): Promise<AlertDeliveries> {
    const read = readDeliveryQuestion(fields, this.desk.names);
    if ('problem' in read) throw new ProblemError(400, 'question-malformed', read.problem);
    try {
      return await alertDeliveries(this.store, read.value);
    } catch (error) {
      throw readProblem(error) ?? error;
    }
  }

  @Post('destinations/:name/test')
  @HttpCode(200)
  @RequireScope('security-analyst', 'operator', 'admin')
  @ApiOperation({ summary: 'Send a test now, and say what came of it' })
  @ApiResponse({ status: 200, description: '`outcome`: delivered, refused or gone, with the reason' })
  async test(@Param('name') name: string): Promise<{ destination: string; outcome: string; reason?: string }> {
    const outcome = await this.desk.test(name);
    if (outcome === undefined) throw this.unknown(name);
    if (outcome.outcome === 'delivered') return { destination: name, outcome: outcome.outcome };
    return { destination: name, outcome: outcome.outcome, reason: outcome.reason };
  }

  @Post('destinations/:name/retry')
  @HttpCode(200)
  @RequireScope('security-analyst', 'operator', 'admin')
  @ApiOperation({ summary: 'Try at once what waits, and send again what was given up' })
  @ApiBody({
    required: false,
    schema: { type: 'object', properties: { messageId: { type: 'string', description: 'only this message' } } },
  })
  retry(@Param('name') name: string, @Body() said: unknown): { destination: string; retried: number } {
    const messageId = textOf(said, 'messageId');
    const retried = this.desk.retry(name, messageId);
    if (retried === undefined) throw this.unknown(name);
    if (retried > 0 || messageId === undefined) return { destination: name, retried };
    const detail = `${name} neither waits with a message ${messageId.slice(0, 64)} nor has given one up.`;
    throw new ProblemError(404, 'unknown-message', detail);
  }

  @Post('destinations/:name/enable')
  @HttpCode(200)
  @RequireScope('operator', 'admin')
  @ApiOperation({ summary: 'Let alerts go again to a destination that said it was gone; what waited is told' })
  @ApiResponse({ status: 409, description: 'not-disabled: there is nothing to end' })
  async enable(
    @Param('name') name: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ destination: string }> {
    const isEnabled = await this.desk.enable(name, principal.callerId).catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    if (isEnabled === undefined) throw this.unknown(name);
    if (!isEnabled) throw new ProblemError(409, 'not-disabled', `Destination ${name} is not disabled.`);
    return { destination: name };
  }

  private unknown(name: string): ProblemError {
    const known = this.desk.names.join(', ') || 'none';
    const detail = `There is no destination ${name.slice(0, 64)}; the configuration names: ${known}.`;
    return new ProblemError(404, 'unknown-destination', detail);
  }
}
