import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatInstant } from '../../../events/index.js';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { SensorDesk } from '../coverage/sensor-desk.js';
import { type ExceptionView, exceptionViews } from './exception-view.js';

/** What operators excused, and what the engine's own sensors counted for it. */
export interface ExceptionsAnswer {
  /** Since when hits are counted, RFC 3339. */
  readonly countedSince: string;
  readonly exceptions: readonly ExceptionView[];
}

/** The findings that operators said are expected. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/exceptions')
@RequireScope('security-analyst', 'auditor', 'operator')
export class ExceptionsController {
  constructor(
    @Inject(SensorDesk) private readonly desk: SensorDesk,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Exceptions from rules, those in force first, each with how often it was needed',
    description:
      '`hits` counts since `countedSince`, when the engine started, what the sensors of this engine would have found; of frames quite alike one a second is counted. Grant and end one by publishing ExceptionGranted and ExceptionEnded.',
  })
  list(@Query() fields: Readonly<Record<string, unknown>>): ExceptionsAnswer {
    const [stray] = Object.keys(fields);
    if (stray !== undefined)
      throw new ProblemError(400, 'question-malformed', `${stray.slice(0, 80)}: no such field; expected none.`);
    if (!this.liveMap.live) {
      const detail = 'The engine is still reading its log; the exceptions are not complete yet. Ask again in a moment.';
      throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
    }
    const { since, hits } = this.desk.exceptionHits();
    return {
      countedSince: formatInstant(since),
      exceptions: exceptionViews(this.liveMap.map.exceptions.values(), hits, Date.now()),
    };
  }
}
