import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { isInSurvey } from '../../projections/index.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { LiveMap } from '../projector/live-map.js';
import { filterQueries, mustBeLive, understood } from './asked.js';
import type { QueryFields } from './violation-filter.js';
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
  ) {}

  @Get()
  @ApiOperation({ summary: 'Violations, the one that was heard last first' })
  @filterQueries
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiQuery({ name: 'cursor', required: false, type: String, description: '`next` of the page before' })
  list(@Query() fields: QueryFields): ViolationPage {
    mustBeLive(this.liveMap);
    return violationPage(
      this.liveMap.map.violations.values(),
      understood(readViolationQuestion(fields)),
      this.inSurvey,
    );
  }

  private readonly inSurvey = (site: string): boolean => isInSurvey(this.liveMap.map, this.config.sites, site);
}
