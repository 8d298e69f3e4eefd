import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';
import { applyPart, confirmBody, type ControlledPart } from './controlled-part.js';
import { DeviceRegistry, named } from './device-registry.js';
import type { PartApplied } from './part-applied.js';

/** The DHCP daemons of a device: what they hand out, and the plan of the rest. */
@ApiTags('dhcp')
@ApiBearerAuth()
@Controller('v1/devices/:device/dhcp')
export class DhcpController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'What every server is handed out, what is withheld and why, and the plan of DHCP' })
  show(@Param('device') device: string): DhcpStatus {
    return this.dhcpOf(device).status;
  }

  /** Answers when the daemons were read back. */
  @Post('plans/:hash/apply')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Do exactly this plan of DHCP, whatever brake holds it' })
  @ApiBody(confirmBody('end dhcp at 40 interfaces of leaf1'))
  @ApiResponse({ status: 409, description: 'other-plan, observed-only or confirmation-needed' })
  apply(
    @Param('device') device: string,
    @Param('hash') hash: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<PartApplied> {
    return applyPart('dhcp', this.dhcpOf(device), { device, hash, body, by: principal.callerId });
  }

  private dhcpOf(name: string): ControlledPart<DhcpStatus> {
    const { dhcp } = named(this.devices, name);
    if (dhcp !== undefined) return dhcp;
    const detail = `${name} hands out nothing: name Kea's sockets under it in the configuration (kind linux only), such as "dhcp": {"socket4": "/run/kea/dhcp4.sock"}.`;
    throw new ProblemError(404, 'no-dhcp', detail);
  }
}
