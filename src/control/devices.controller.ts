import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError } from '../ops/problem.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { type ControlledDevice, DeviceRegistry, type PortLink } from './device-registry.js';

const planHash = /^[0-9a-f]{16}$/;

/** The devices this engine drives: mode, brake and plan; and the operator's word that releases a brake once. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1/devices')
export class DevicesController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Every device with its state, without its plan' })
  list(): { devices: Pick<DeviceStatus, 'device' | 'switch' | 'mode' | 'state' | 'entries' | 'routes'>[] } {
    const devices = this.devices.names().map((name) => {
      const { device, switch: switchName, mode, state, entries, routes } = this.find(name).status;
      return { device, switch: switchName, mode, state, entries, routes };
    });
    return { devices };
  }

  @Get(':device')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Mode, brake, links and current plan of one device' })
  show(@Param('device') name: string): DeviceStatus & { readonly links: readonly PortLink[] } {
    const device = this.find(name);
    return { ...device.status, links: device.links() };
  }

  /** Releases a tripped brake once, for exactly the plan whose hash is named. */
  @Post(':device/confirm')
  @HttpCode(202)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Release a tripped brake once, naming the plan that was seen' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['planHash'],
      properties: { planHash: { type: 'string', example: '0f3a5c7e9b1d2468' } },
    },
  })
  confirm(
    @Param('device') name: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): { device: string; planHash: string; confirmedBy: string } {
    const device = this.find(name);
    const hash = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['planHash'] : undefined;
    if (typeof hash !== 'string' || !planHash.test(hash)) {
      throw new ProblemError(
        400,
        'plan-hash-missing',
        'planHash: expected the 16 hexadecimal digits that GET /v1/devices/{device} shows',
      );
    }
    const outcome = device.confirm(hash, principal.tokenId);
    if (outcome === 'no-brake')
      throw new ProblemError(409, 'no-brake', `No brake of ${name} is tripped: there is nothing to confirm.`);
    if (outcome === 'observing') {
      const detail = `${name} is only observed: nothing is written to it, so no brake holds anything back. Set its mode to enforce first.`;
      throw new ProblemError(409, 'device-observed', detail);
    }
    if (outcome === 'other-plan') {
      throw new ProblemError(
        409,
        'plan-changed',
        `The plan of ${name} is now ${device.status.planHash ?? 'unknown'}, not ${hash}: look at it again.`,
      );
    }
    device.nudge();
    return { device: name, planHash: hash, confirmedBy: principal.tokenId };
  }

  private find(name: string): ControlledDevice {
    const device = this.devices.get(name);
    if (device !== undefined) return device;
    const known = this.devices.names().join(', ') || 'none';
    throw new ProblemError(404, 'unknown-device', `There is no device ${name}; the configuration names: ${known}.`);
  }
}
