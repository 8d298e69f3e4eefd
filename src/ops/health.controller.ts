import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PublicRoute } from '../auth/require-scope.js';
import { Alerts } from './alerts.js';
import { Readiness } from './readiness.js';

interface Reply {
  status(code: number): unknown;
}

/** Is the process alive, and can it serve? Both answer without a token. */
@ApiTags('health')
@Controller()
@PublicRoute()
export class HealthController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Alerts) private readonly alerts: Alerts,
  ) {}

  @Get('livez')
  @ApiOperation({ summary: 'The process answers' })
  @ApiResponse({ status: 200, schema: { example: { status: 'alive' } } })
  livez(): { status: string } {
    return { status: 'alive' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Every check of the engine, and the alerts that stand' })
  @ApiResponse({ status: 200, description: 'status is ready, or degraded where something needs a person' })
  @ApiResponse({ status: 503, description: 'status is not-ready: at least one check is not ok' })
  readyz(@Res({ passthrough: true }) reply: Reply): object {
    const checks = this.readiness.reports();
    const alerts = this.alerts.current();
    const ready = checks.every((check) => check.ok);
    const degraded = alerts.length > 0 || checks.some((check) => check.degraded === true);
    if (!ready) reply.status(503);
    return { status: !ready ? 'not-ready' : degraded ? 'degraded' : 'ready', checks, alerts };
  }
}
