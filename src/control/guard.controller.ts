import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import type { GuardStatus } from '../reactors/guard-status.js';
import type { ControlledGuard } from './controlled-guard.js';
import { applyPart, confirmBody } from './controlled-part.js';
import { DeviceRegistry, named } from './device-registry.js';
import type { PartApplied } from './part-applied.js';

/** The source guard of a device: what each port lets in, what was dropped, and the operator's word on it. */
@ApiTags('guard')
@ApiBearerAuth()
@Controller('v1/devices/:device/guard')
export class GuardController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Mode, rules in words and counters of every port, and the plan of the guard' })
  show(@Param('device') device: string): GuardStatus {
    return this.guardOf(device).status;
  }

  /** Kept until an operator takes it back with `configured`; goes before the configuration. */
  @Post('mode')
  @HttpCode(202)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Count or drop at one port, or at every port that nothing else is said of' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['mode'],
      properties: {
        mode: { type: 'string', enum: ['count', 'drop', 'configured'] },
        port: { type: 'string', example: 'leaf1:Ethernet16' },
      },
    },
  })
  async mode(
    @Param('device') device: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ device: string; port?: string; mode: string; by: string }> {
    const guard = this.guardOf(device);
    const { mode, port } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (mode !== 'count' && mode !== 'drop' && mode !== 'configured')
      throw new ProblemError(400, 'invalid-request', 'mode: expected count, drop or configured');
    if (port !== undefined && (typeof port !== 'string' || !guard.hasPort(port))) {
      const detail = `port: expected a port that the configuration names under ${device}`;
      throw new ProblemError(400, 'invalid-request', detail);
    }
    await guard.order(mode, port, principal.callerId);
    guard.nudge();
    return { device, ...(port === undefined ? {} : { port }), mode, by: principal.callerId };
  }

  /** Answers when the guard was read back. */
  @Post('plans/:hash/apply')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Do exactly this plan of the guard, whatever brake holds it' })
  @ApiBody(confirmBody('close 40 ports of leaf1'))
  @ApiResponse({ status: 409, description: 'other-plan, observed-only or confirmation-needed' })
  apply(
    @Param('device') device: string,
    @Param('hash') hash: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PartApplied> {
    return applyPart('guard', this.guardOf(device), { device, hash, body, by: principal.callerId });
  }

  private guardOf(name: string): ControlledGuard {
    const { guard } = named(this.devices, name);
    if (guard !== undefined) return guard;
    const detail = `${name} has no guard: name one under it in the configuration (kind linux only), such as "guard": {"mode": "count"}.`;
    throw new ProblemError(404, 'no-guard', detail);
  }
}
