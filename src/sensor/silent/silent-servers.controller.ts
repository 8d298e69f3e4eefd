import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { parseSwitchName } from '../../../events/index.js';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { LiveMap } from '../../projector/live-map.js';
import { SensorDesk } from '../coverage/sensor-desk.js';
import type { SilentServersAnswer } from './silent-servers.js';

const described = [
  'Of the rule silent-paid-server: servers that are paid for, whose link is up and who were not heard for a day, neither by',
  'a sensor at their port nor in the MAC tables of their switch. Where no MAC tables are read nothing is judged: `notJudged`',
  'counts these servers. A restarted engine has to read for a day before it names anybody.',
].join(' ');

/** Which paid servers were not heard. */
@ApiTags('sensors')
@ApiBearerAuth()
@Controller('v1/silent-servers')
@RequireScope('security-analyst', 'auditor', 'operator', 'viewer')
export class SilentServersController {
  constructor(
    @Inject(SensorDesk) private readonly desk: SensorDesk,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Paid servers that were not heard for a day', description: described })
  @ApiQuery({ name: 'switch', required: false, type: String })
  show(@Query() fields: Readonly<Record<string, unknown>>): Promise<SilentServersAnswer> {
    const { switch: text, ...others } = fields;
    const [stranger] = Object.keys(others);
    if (stranger !== undefined)
      throw new ProblemError(400, 'question-malformed', `${stranger}: no such field; expected switch`);
    const switchName = text === undefined ? undefined : parseSwitchName(text);
    if (text !== undefined && switchName === undefined)
      throw new ProblemError(400, 'question-malformed', 'switch: expected a switch name in lower case');
    if (!this.liveMap.live) {
      const detail = 'The engine is still reading its log; what is sold is not known yet. Ask again in a moment.';
      throw new ProblemError(503, 'not-live', detail, {}, { 'retry-after': '1' });
    }
    return this.desk.silentServers(switchName);
  }
}
