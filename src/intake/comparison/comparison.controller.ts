import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../../auth/require-scope.js';
import { ProblemError } from '../../ops/problem.js';
import type { ComparisonStatus, ComparisonWatch } from './comparison-watch.js';

/** The watch of this engine, or undefined where none is configured. */
export const COMPARISON = Symbol('comparison');

const described = [
  "What holding billing's file against the map told last: when, which file (modified, bytes, sha256), counts, and the first 100 differences.",
  '`state` is `waiting` before the first look, `equal`, `differs`, or `failed`: then `failure` says why, and `last` is the look before.',
  '`standing` counts what differed in the look before as well. Nothing is published by it.',
].join('\n');

/** How billing's file and the map differ, as the timer found it. */
@ApiTags('map')
@ApiBearerAuth()
@Controller('v1/comparison')
export class ComparisonController {
  constructor(@Inject(COMPARISON) private readonly watch: ComparisonWatch | null) {}

  @Get()
  @RequireScope('viewer')
  @ApiOperation({ summary: "The newest comparison of billing's file with the map", description: described })
  @ApiResponse({ status: 404, description: 'comparison-not-configured: name a file with `comparison`.' })
  show(): ComparisonStatus {
    if (this.watch !== null) return this.watch.status();
    const detail =
      "This engine compares no file with its map: name billing's with comparison.file in its configuration, or call portledger import --compare.";
    throw new ProblemError(404, 'comparison-not-configured', detail);
  }
}
