import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import type { RaStatus } from '../reactors/ra-status.js';
import { applyPart, confirmBody, type ControlledPart } from './controlled-part.js';
import { DeviceRegistry, named } from './device-registry.js';
import type { PartApplied } from './part-applied.js';

/** The router advertisements of a device: which machines are told their default route, and the plan of the rest. */
@ApiTags('ra')
@ApiBearerAuth()
@Controller('v1/devices/:device/ra')
export class RaController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Where router advertisements are sent, what is withheld and why, and the plan of the rest' })
  show(@Param('device') device: string): RaStatus {
    return this.raOf(device).status;
  }

  /** Answers when the daemon was read back. */
  @Post('plans/:hash/apply')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Do exactly this plan of the router advertisements, whatever brake holds it' })
  @ApiBody(confirmBody('end ra at 40 interfaces of leaf1'))
  @ApiResponse({ status: 409, description: 'other-plan, observed-only or confirmation-needed' })
  apply(
    @Param('device') device: string,
    @Param('hash') hash: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PartApplied> {
    return applyPart('ra', this.raOf(device), { device, hash, body, by: principal.callerId });
  }

  private raOf(name: string): ControlledPart<RaStatus> {
    const { ra } = named(this.devices, name);
    if (ra !== undefined) return ra;
    const detail = `${name} sends no router advertisements of ours: name "ra" under it in the configuration (kind linux only), such as "ra": {"file": "/etc/radvd.conf"}.`;
    throw new ProblemError(404, 'no-ra', detail);
  }
}
