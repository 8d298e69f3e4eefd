import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import { differences } from './difference-names.js';
import { type DifferencePage } from './differences.js';
import { type Overview, OverviewDesk } from './overview.js';

const usualLines = 100;
const mostLines = 500;

const described = [
  '`counts.billed`: servers that billing sells now, suspended ones too. `counts.seen`: those of them with a MAC of theirs among the',
  'last 16 seen on their own port and VLAN, and each other MAC seen on a port. `counts.pushed`: those of whose grants nothing is',
  'missing on the devices of their switch, and servers not sold that left lines of ours there. Each difference is the length of its list.',
].join('\n');

/** Billed, seen and pushed, how the engine is, and what needs a human now. */
@ApiTags('overview')
@ApiBearerAuth()
@Controller('v1/overview')
export class OverviewController {
  constructor(@Inject(OverviewDesk) private readonly desk: OverviewDesk) {}

  @Get()
  @RequireScope('operator', 'viewer', 'security-analyst', 'auditor')
  @ApiOperation({ summary: 'The engine on one page, and what needs a human now', description: described })
  show(): Promise<Overview> {
    return this.desk.overview();
  }

  @Get(':difference')
  @RequireScope('operator', 'viewer', 'security-analyst', 'auditor')
  @ApiOperation({ summary: 'The servers behind one difference, each with why' })
  @ApiParam({ name: 'difference', enum: differences })
  @ApiQuery({ name: 'cursor', type: String, required: false, description: '`next` of the page before' })
  @ApiQuery({
    name: 'limit',
    type: Number,
    required: false,
    description: `1 to ${mostLines} (default ${usualLines}); the MACs of one port all come together`,
  })
  @ApiResponse({ status: 404, description: 'unknown-difference' })
  @ApiResponse({ status: 503, description: 'counting: the servers are counted for the first time; ask again' })
  async list(
    @Param('difference') name: string,
    @Query('cursor') cursor: unknown,
    @Query('limit') limit: unknown,
  ): Promise<DifferencePage> {
    const difference = differences.find((one) => one === name);
    if (difference === undefined)
      throw new ProblemError(
        404,
        'unknown-difference',
        `There is no list ${name}; there are ${differences.join(', ')}.`,
      );
    const lines = wholeNumber('limit', limit, usualLines);
    if (lines < 1 || lines > mostLines)
      throw new ProblemError(400, 'question-malformed', `limit: expected 1 to ${mostLines}`);
    const page = await this.desk.page(difference, wholeNumber('cursor', cursor, 0), lines);
    if (page !== undefined) return page;
    const detail = 'The servers are counted for the first time since the engine started; ask again in a moment.';
    throw new ProblemError(503, 'counting', detail, {}, { 'retry-after': '1' });
  }
}

function wholeNumber(name: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (typeof text === 'string' && /^\d{1,9}$/.test(text)) return Number(text);
  throw new ProblemError(400, 'question-malformed', `${name}: expected a whole number of at most nine digits`);
}
