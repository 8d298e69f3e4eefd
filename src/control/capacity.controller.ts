import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { siteOf } from '../config/sites.js';
import { type CapacityAnswer, capacityOf } from './capacity.js';
import { DeviceRegistry } from './device-registry.js';

const described = [
  'Of each site, switch and device: what it can hold (`limit`, from the configuration), what it holds (`used`), what is sold',
  'and not on it yet (`pending`), and what may still be sold (`free`). Ask before you sell. `level` is `high` from 70 %,',
  '`critical` from 85 %, `full` from 100 %: then what does not fit waits, whole servers at a time.',
].join('\n');

/** How much is left before a device is full. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1/capacity')
export class CapacityController {
  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(DeviceRegistry) private readonly registry: DeviceRegistry,
  ) {}

  @Get()
  @RequireScope('publisher', 'operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'What sites, switches and devices hold and can still take', description: described })
  show(): CapacityAnswer {
    const places = new Map(this.config.gateways.map((gateway) => [gateway.switch, gateway.site]));
    return capacityOf(
      this.registry.all().map((device) => {
        const { status } = device;
        const site = places.get(status.switch) ?? 'default';
        const { enabled } = siteOf(this.config, site);
        return { device: status.device, switch: status.switch, site, enabled, headroom: device.headroom?.() };
      }),
    );
  }
}
