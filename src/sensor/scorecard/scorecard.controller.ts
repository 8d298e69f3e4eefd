import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { SensorDesk } from '../coverage/sensor-desk.js';
import { type PrefixView, prefixView } from './prefix-view.js';

const described = [
  'Of each IPv6 prefix that was busy lately, as /48 and as /64: new source addresses a second, how many addresses inside it',
  'were asked for in ten seconds (`fanOut`), the peaks of both, and whose it is. Estimates, within a few per cent; normal',
  'frames of a server are not counted. The busiest 256 are remembered while the engine runs.',
].join(' ');

/** Which prefixes are being scanned, or use up addresses. */
@ApiTags('sensors')
@ApiBearerAuth()
@Controller('v1/scorecard')
@RequireScope('security-analyst', 'auditor', 'operator')
export class ScorecardController {
  constructor(
    @Inject(SensorDesk) private readonly desk: SensorDesk,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The busiest prefixes, and whose they are', description: described })
  @ApiQuery({ name: 'length', required: false, enum: ['48', '64'] })
  show(@Query() fields: Readonly<Record<string, unknown>>): { prefixes: readonly PrefixView[] } {
    const { length, ...others } = fields;
    const [stranger] = Object.keys(others);
    if (stranger !== undefined)
      throw new ProblemError(400, 'question-malformed', `${stranger}: no such field; expected length`);
    if (length !== undefined && length !== '48' && length !== '64')
      throw new ProblemError(400, 'question-malformed', 'length: expected 48 or 64');
    const scored = this.desk.scoreboard.top(Date.now());
    const wanted = length === undefined ? scored : scored.filter((one) => String(one.length) === length);
    return { prefixes: wanted.map((one) => prefixView(one, this.liveMap.map)) };
  }
}
