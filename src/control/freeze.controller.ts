import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import { DeviceRegistry, named, type Stoppable } from './device-registry.js';
import { reasonOf, textOf } from './request-fields.js';

const body = (required: string[]) => ({
  schema: {
    type: 'object' as const,
    required,
    properties: {
      device: { type: 'string', example: 'leaf1', description: 'absent: every device' },
      reason: { type: 'string', example: 'a bad change is under way' },
    },
  },
});

/** Nothing is written to a device, or to any, from an operator's word to the next. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1')
export class FreezeController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Post('freeze')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Write nothing to a device, or to any, until it is resumed; kept through a restart' })
  @ApiBody(body(['reason']))
  @ApiResponse({ status: 200, description: 'a push that was under way has ended' })
  async freeze(
    @Body() said: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ device: string | null; frozen: object }> {
    const reason = reasonOf(said);
    if (reason === undefined) throw new ProblemError(400, 'invalid-request', 'reason: expected a text that says why');
    const { device, target } = this.target(said);
    const frozen = await stored(
      target.freeze(reason, principal.callerId),
      'It is frozen all the same, until the engine is started again.',
    );
    return { device, frozen };
  }

  @Post('resume')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'End the freeze of a device, or the freeze of every device' })
  @ApiBody(body([]))
  @ApiResponse({ status: 409, description: 'not-frozen: there is nothing to end' })
  async resume(@Body() said: unknown, @CurrentPrincipal() principal: Principal): Promise<{ device: string | null }> {
    const { device, target } = this.target(said);
    if (await stored(target.resume(principal.callerId, reasonOf(said)), 'It stays frozen.')) return { device };
    const detail =
      device === null
        ? 'There is no freeze of every device to end; one of a single device is ended by its name.'
        : `${device} is not frozen by its own name${this.devices.everyDevice.frozen === undefined ? '' : '; every device is: resume without a name'}.`;
    throw new ProblemError(409, 'not-frozen', detail);
  }

  private target(said: unknown): { readonly device: string | null; readonly target: Stoppable } {
    const device = textOf(said, 'device');
    if (device === undefined) return { device: null, target: this.devices.everyDevice };
    return { device, target: named(this.devices, device) };
  }
}

async function stored<Result>(work: Promise<Result>, otherwise: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const problem = writeProblem(error);
    throw problem === undefined
      ? error
      : new ProblemError(problem.status, problem.code, `${otherwise} ${problem.detail}`, {}, problem.headers);
  }
}
