import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { parseIpv4, parseIpv6Prefix, parseServerId } from '../../events/index.js';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import { MoveGate } from '../reactors/move-gate.js';
import type { Move } from '../reactors/moves.js';

const releasing = [
  'What waits for a gateway that cannot be read, or does not withdraw, is announced at its new gateway at once. The old one may',
  'then announce it still: it is fenced, with an alert, until it is read back without it. The word is journaled.',
].join('\n');

/** Prefixes and addresses on their way from one gateway to another. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1/moves')
export class MovesController {
  constructor(@Inject(MoveGate) private readonly gate: MoveGate) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'Moves under way, then those that ended since the engine started, with their blackout in ms',
  })
  list(): { moves: Move[] } {
    return { moves: this.gate.moves() };
  }

  @Post('release')
  @HttpCode(202)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Let a move go on without its old gateway', description: releasing })
  @ApiBody({
    schema: {
      type: 'object',
      properties: {
        destination: { type: 'string', example: '2001:db8:16::/48' },
        serverId: { type: 'string', example: 'srv-16' },
      },
    },
  })
  @ApiResponse({ status: 404, description: 'no-move-waits: nothing that is named waits for an old gateway.' })
  release(@Body() body: unknown, @CurrentPrincipal() principal: Principal): { released: Move[]; releasedBy: string } {
    const what = understood(body);
    const released = this.gate.release(what, principal.callerId);
    if (released.length > 0) return { released, releasedBy: principal.callerId };
    throw new ProblemError(404, 'no-move-waits', `Nothing of ${what} waits for an old gateway. See GET /v1/moves.`);
  }
}

/** The one thing that is named, in its one spelling. Throws a ProblemError. */
function understood(body: unknown): string {
  const fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [[name, value] = [undefined, undefined], ...more] = fields;
  const what =
    name === 'destination' ? parseDestination(value) : name === 'serverId' ? parseServerId(value) : undefined;
  if (what !== undefined && more.length === 0) return what;
  const expected = 'expected {"destination": "2001:db8:16::/48"} (or 198.51.100.16/32) or {"serverId": "..."}';
  throw new ProblemError(400, 'question-malformed', `${expected}, and nothing else. Nothing was released.`);
}

/** A destination as routes have it: a prefix, or an IPv4 address with or without its /32. */
function parseDestination(value: unknown): string | undefined {
  const address = parseIpv4(typeof value === 'string' ? value.replace(/\/32$/, '') : value);
  return address === undefined ? parseIpv6Prefix(value) : `${address}/32`;
}
