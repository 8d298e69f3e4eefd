import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../auth/require-scope.js';
import { AppConfig } from '../../config/app-config.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { type SiteSurvey, siteSurvey, sitesOf } from './survey.js';

/** What was found at each site, by what probably caused it, and the events that would settle it. */
@ApiTags('sensors')
@ApiBearerAuth()
@Controller('v1/survey')
@RequireScope('security-analyst', 'auditor', 'operator')
export class SurveyController {
  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Open findings by likely cause, with the events that would settle each',
    description:
      'In a proposed event `null` stands where only a person knows what belongs there. Publish what is right, and nothing else: an attack looks like a mistake of the record to whoever wants it to.',
  })
  @ApiQuery({ name: 'site', required: false, type: String, description: 'Only this site' })
  show(@Query() fields: Readonly<Record<string, unknown>>): { sites: readonly SiteSurvey[] } {
    const { site, ...more } = fields;
    const [stray] = Object.keys(more);
    if (stray !== undefined)
      throw new ProblemError(400, 'question-malformed', `${stray.slice(0, 80)}: no such field; expected site or none.`);
    if (site !== undefined && typeof site !== 'string')
      throw new ProblemError(400, 'question-malformed', 'site: given more than once; ask one question at a time.');
    if (!this.liveMap.live)
      throw new ProblemError(
        503,
        'not-live',
        'The engine is still reading its log. Ask again in a moment.',
        {},
        {
          'retry-after': '1',
        },
      );
    const { map } = this.liveMap;
    const known = sitesOf(map, this.config);
    if (site !== undefined && !known.includes(site)) {
      const detail = `site: there is no site ${site.slice(0, 80)}; expected one of ${known.join(', ')}.`;
      throw new ProblemError(404, 'unknown-site', detail);
    }
    const asked = site === undefined ? known : [site];
    return { sites: asked.map((one) => siteSurvey(map, this.config.sites, one)) };
  }
}
