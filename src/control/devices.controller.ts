import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/require-scope.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { DeviceRegistry, named, type PortLink } from './device-registry.js';

/** The devices this engine drives: mode, brake and plan. */
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
      const { device, switch: switchName, mode, state, entries, routes } = named(this.devices, name).status;
      return { device, switch: switchName, mode, state, entries, routes };
    });
    return { devices };
  }

  @Get(':device')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Mode, brake, links and current plan of one device' })
  show(@Param('device') name: string): DeviceStatus & { readonly links: readonly PortLink[] } {
    const device = named(this.devices, name);
    return { ...device.status, links: device.links() };
  }
}
