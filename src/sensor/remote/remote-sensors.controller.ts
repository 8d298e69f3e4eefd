import type { ServerResponse } from 'node:http';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  type OnModuleDestroy,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '../../auth/require-scope.js';
import { ProblemError, writeProblem } from '../../ops/problem.js';
import type { CaptureSource } from '../capture/capture-source.js';
import { RemoteSensors } from './remote-sensors.js';
import { readReport } from './sensor-report.js';
import { mostVerdicts, type VerdictResult } from './verdict-words.js';

/** What this controller needs of a Fastify reply. */
interface Reply {
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** The door of `portledger sensor watch`: grants out, verdicts in. A token is bound to one sensor of the configuration. */
@ApiTags('sensor')
@ApiBearerAuth()
@Controller('v1/sensor')
@RequireScope('sensor')
export class RemoteSensorsController implements OnModuleDestroy {
  constructor(@Inject(RemoteSensors) private readonly remote: RemoteSensors) {}

  @Get('grants')
  @ApiOperation({
    summary: 'What judging needs of the map, as it changes (server-sent events)',
    description:
      'Events `begin` (forget everything before), `records` (each stands for all that was said of its key), `live` (you are up to date) and, every 15 s, `heartbeat`. Without `begin` the stream goes on after `after`, or `Last-Event-ID`.',
  })
  @ApiQuery({ name: 'after', required: false, type: String, description: 'The id of the last event from `live` on' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'As `after`' })
  @ApiProduces('text/event-stream')
  grants(
    @CurrentPrincipal() principal: Principal,
    @Query() { after }: Readonly<Record<string, unknown>>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: Reply,
  ): void {
    const source = this.sourceOf(principal);
    this.mustBeLive();
    reply.hijack();
    if (reply.raw.destroyed) return;
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.remote.follow(source, reply.raw, typeof after === 'string' ? after : lastEventId);
  }

  @Post('verdicts')
  @HttpCode(200)
  @ApiOperation({
    summary: `Up to ${mostVerdicts} verdicts of the sensor, in order`,
    description:
      'ViolationDetected, ViolationRepeated and MacSeen of its own place. Answered once durable; the same `sourceId` again is stored once. Findings are judged again first, by what is known now: one that was none is withheld, and the result names the event. A verdict that is refused will be refused again.',
  })
  @ApiResponse({
    status: 200,
    description: 'One result for each verdict: stored, duplicate, repeat, restated, withheld or refused',
  })
  async verdicts(
    @CurrentPrincipal() principal: Principal,
    @Body() body: unknown,
  ): Promise<{ results: readonly VerdictResult[] }> {
    const source = this.sourceOf(principal);
    const { verdicts, ...more } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (!Array.isArray(verdicts) || Object.keys(more).length > 0)
      throw new ProblemError(400, 'malformed-request', 'Expected {"verdicts": [...]} and nothing else.');
    if (verdicts.length > mostVerdicts)
      throw new ProblemError(413, 'too-many-verdicts', `At most ${mostVerdicts} verdicts are taken at once.`);
    this.mustBeLive();
    const results = await this.remote.take(source, verdicts as unknown[]).catch((error: unknown) => {
      throw writeProblem(error) ?? error;
    });
    if (results !== undefined) return { results };
    const detail = `Sensor ${source.name} has sent too many verdicts this minute; nothing of these was stored.`;
    throw new ProblemError(429, 'too-many-verdicts', detail, {}, { 'retry-after': '15' });
  }

  @Post('state')
  @HttpCode(204)
  @ApiOperation({ summary: 'What the sensor says of itself, every 15 s; silence for 45 s counts as not hearing' })
  state(@CurrentPrincipal() principal: Principal, @Body() body: unknown): void {
    const source = this.sourceOf(principal);
    const report = readReport(body);
    if (typeof report === 'string') throw new ProblemError(422, 'invalid-report', `${report}.`);
    this.remote.report(source, report);
  }

  onModuleDestroy(): void {
    this.remote.close();
  }

  private sourceOf({ callerId, sensor }: Principal): CaptureSource {
    if (sensor === undefined) {
      const cure = 'make one with: portledger token new --scope sensor --sensor NAME';
      throw new ProblemError(403, 'no-sensor', `Token ${callerId} speaks for no sensor; ${cure}`);
    }
    const source = this.remote.sourceOf(sensor);
    if (source !== undefined) return source;
    const detail = `The configuration has no remote sensor ${sensor}: name it under /sensors, with "remote": true.`;
    throw new ProblemError(403, 'unknown-sensor', detail);
  }

  private mustBeLive(): void {
    if (this.remote.isLive) return;
    const detail = 'The engine is still reading its log. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}
