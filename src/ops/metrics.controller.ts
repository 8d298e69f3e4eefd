import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { OpenToScrapers, RequireScope } from '../auth/require-scope.js';
import { Metrics } from './metrics.js';

/** Figures for Prometheus. */
@ApiTags('health')
@ApiBearerAuth()
@Controller()
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get('metrics')
  @RequireScope('viewer', 'operator', 'auditor')
  @OpenToScrapers()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  @ApiOperation({
    summary: 'Figures of the engine, in the text format of Prometheus',
    description: 'On loopback without a token, elsewhere as `metrics.withoutToken` of the configuration says.',
  })
  @ApiResponse({ status: 200, description: 'Text format 0.0.4' })
  text(): string {
    return this.metrics.render();
  }
}
