import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { parsePort, parseSwitchName } from '../../../events/index.js';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import type { CoverageAnswer, CoverageQuestion, SensorView } from './port-coverage.js';
import { type SelfTestView, selfTestView } from './self-test-view.js';
import { SensorDesk } from './sensor-desk.js';

const usualPorts = 1_000;
const mostPorts = 100_000;
const usualWaitSeconds = 10;
const mostWaitSeconds = 25;

/** Which sold port is watched by which sensor, and whether it hears. */
@ApiTags('sensors')
@ApiBearerAuth()
@Controller('v1/coverage')
export class CoverageController {
  constructor(
    @Inject(SensorDesk) private readonly desk: SensorDesk,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get()
  @RequireScope('security-analyst', 'auditor', 'operator', 'viewer')
  @ApiOperation({
    summary: 'Each sold port, and who listens there',
    description:
      '`totals` are of all sold ports that fit; `ports` begins with those that are not watched, then those whose sensor is silent.',
  })
  @ApiQuery({ name: 'switch', required: false, type: String })
  @ApiQuery({ name: 'site', required: false, type: String })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: `1 to ${mostPorts}, default ${usualPorts}` })
  async show(
    @Query() fields: Readonly<Record<string, unknown>>,
  ): Promise<CoverageAnswer & { sensors: readonly SensorView[] }> {
    this.mustBeLive();
    const answer = await this.desk.coverage.ask(questionOf(fields));
    return { ...answer, sensors: this.desk.coverage.sensors() };
  }

  @Post('selftest')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({
    summary: 'Sends one harmless forged claim at a port and waits for its verdict',
    description:
      'Only where the sensor of the port has a `selftest` in the configuration. Nothing is put into the feed.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['port'],
      properties: {
        port: { type: 'string', example: 'leaf1:Ethernet16' },
        waitSeconds: { type: 'integer', minimum: 1, maximum: mostWaitSeconds, default: usualWaitSeconds },
      },
    },
  })
  @ApiResponse({ status: 200, description: '`passed` says whether the verdict came in time' })
  @ApiResponse({ status: 404, description: 'No sensor listens at that port' })
  @ApiResponse({ status: 409, description: 'Not configured, or one is under way' })
  async selfTest(@Body() body: unknown): Promise<SelfTestView> {
    this.mustBeLive();
    const { port: portText, waitSeconds = usualWaitSeconds } = (body ?? {}) as Record<string, unknown>;
    const port = parsePort(portText);
    if (port === undefined) throw malformed('port', portText, 'a port as switch:interface, such as leaf1:Ethernet16');
    if (typeof waitSeconds !== 'number' || !(waitSeconds >= 1 && waitSeconds <= mostWaitSeconds))
      throw malformed('waitSeconds', waitSeconds, `a number from 1 to ${mostWaitSeconds}`);
    const ended = await this.desk.coverage.selfTest(port, waitSeconds * 1000).catch((error: unknown) => {
      const isOurs = error instanceof Error && ['RawFrameError', 'IpError'].includes(error.name);
      throw isOurs ? new ProblemError(409, 'selftest-not-sent', error.message) : error;
    });
    if (!('refused' in ended)) return selfTestView(ended);
    switch (ended.refused) {
      case 'no-sensor':
        throw new ProblemError(
          404,
          'port-not-watched',
          `No sensor listens at ${port}. Name one in the configuration under /sensors with "port": "${port}".`,
        );
      case 'not-configured':
        throw new ProblemError(
          409,
          'selftest-not-configured',
          `Sensor ${ended.sensors.join(', ')} has no selftest in the configuration. Give it one under /sensors: "selftest": {"interface": NAME}, an interface of this machine whose frames reach ${port} as a server's would, with "netns" where it is in a namespace.`,
        );
      case 'under-way':
        throw new ProblemError(
          409,
          'selftest-under-way',
          `A self-test of ${port} is under way; ask again in a minute.`,
        );
    }
  }

  private mustBeLive(): void {
    if (this.liveMap.live) return;
    const detail = 'The engine is still reading its log; what is sold is not known yet. Ask again in a moment.';
    throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
  }
}

function questionOf(fields: Readonly<Record<string, unknown>>): CoverageQuestion {
  const known = ['switch', 'site', 'limit'];
  const stranger = Object.keys(fields).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new ProblemError(
      400,
      'question-malformed',
      `${stranger}: no such field; expected one of ${known.join(', ')}`,
    );
  const { switch: switchText, site, limit = String(usualPorts) } = fields;
  const switchName = switchText === undefined ? undefined : parseSwitchName(switchText);
  if (switchText !== undefined && switchName === undefined)
    throw malformed('switch', switchText, 'a switch name in lower case');
  if (site !== undefined && typeof site !== 'string') throw malformed('site', site, 'one site name');
  const most = typeof limit === 'string' && /^\d{1,6}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > mostPorts) throw malformed('limit', limit, `1 to ${mostPorts}`);
  return { limit: most, ...(switchName !== undefined && { switch: switchName }), ...(site !== undefined && { site }) };
}

function malformed(field: string, found: unknown, expected: string): ProblemError {
  const shown =
    typeof found === 'string' ? `"${found.slice(0, 80)}"` : (JSON.stringify(found) ?? 'nothing').slice(0, 80);
  return new ProblemError(400, 'question-malformed', `${field}: found ${shown}, expected ${expected}`);
}
