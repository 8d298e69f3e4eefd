import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { ProblemError, readProblem } from '../ops/problem.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import { deviceHistory, type HistoryPage } from './device-history.js';
import { DeviceRegistry, named, type PortLink } from './device-registry.js';
import { type DeviceList, deviceRowOf } from './device-row.js';

const mostEntries = 50;

/** The devices this engine drives: mode, brake and plan, and what was done to them. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1/devices')
export class DevicesController {
  constructor(
    @Inject(DeviceRegistry) private readonly devices: DeviceRegistry,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  @Get()
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Every device: state, what waits, drift, freeze, last reconcile, room; without its plan' })
  list(): DeviceList {
    const all = this.devices.names().map((name) => named(this.devices, name));
    const frozen = all.length === 0 ? undefined : this.devices.everyDevice.frozen;
    const devices = all.map((device) => deviceRowOf(device, frozen));
    return { devices, ...(frozen === undefined ? {} : { frozen }) };
  }

  @Get(':device')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'Mode, brake, links and current plan of one device' })
  show(@Param('device') name: string): DeviceStatus & { readonly links: readonly PortLink[] } {
    const device = named(this.devices, name);
    return { ...device.status, links: device.links() };
  }

  /** From the journal of the device in the log. */
  @Get(':device/history')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({
    summary: 'What was pushed to a device, why, and what reading back showed; newest first',
    description:
      'Also freezes, adoptions and moves. Of each push the first 50 lines; `count` says how many there were.',
  })
  @ApiQuery({ name: 'before', type: Number, required: false, description: '`next` of the page before' })
  @ApiQuery({ name: 'limit', type: Number, required: false, description: `1 to ${mostEntries} (default 20)` })
  async history(
    @Param('device') name: string,
    @Query('before') before: unknown,
    @Query('limit') limit: unknown,
  ): Promise<HistoryPage> {
    named(this.devices, name);
    const asked = {
      before: wholeNumber('before', before, Number.MAX_SAFE_INTEGER),
      limit: wholeNumber('limit', limit, mostEntries) ?? 20,
    };
    try {
      return await deviceHistory(name, this.store, asked);
    } catch (error) {
      throw readProblem(error) ?? (error as ProblemError);
    }
  }
}

function wholeNumber(name: string, text: unknown, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new ProblemError(400, 'invalid-request', `${name}: expected a whole number from 1 to ${most}`);
}
