import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { LiveMap } from '../projector/live-map.js';
import { filterQueries, mustBeLive, understood } from './asked.js';
import type { QueryFields } from './violation-filter.js';
import { ViolationIndex } from './violation-index.js';
import { readViolationQuestion, type ViolationPage, violationPage } from './violation-page.js';

/** What was heard on the network that billing did not sell. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst', 'auditor')
export class ViolationsController {
  constructor(
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Violations, the one that was heard last first' })
  @filterQueries
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiQuery({ name: 'cursor', required: false, type: String, description: '`next` of the page before' })
  list(@Query() fields: QueryFields): ViolationPage {
    mustBeLive(this.index);
    return violationPage(this.index, understood(readViolationQuestion(fields)), this.index.viewing(this.config.sites));
  }
}
