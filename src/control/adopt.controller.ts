import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { ProblemError, writeProblem } from '../ops/problem.js';
import type { AdoptOutcome } from '../reactors/adoption.js';
import { type ControlledDevice, DeviceRegistry, named } from './device-registry.js';
import { textOf } from './request-fields.js';

const text = (example: string) => ({ type: 'string', example });

/** An entry of somebody else's becomes ours, by an operator's word and never by itself. */
@ApiTags('devices')
@ApiBearerAuth()
@Controller('v1/devices')
export class AdoptController {
  constructor(@Inject(DeviceRegistry) private readonly devices: DeviceRegistry) {}

  @Post(':device/adopt')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Take an entry of somebody else over; journaled, and read back as ours' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['address', 'interface', 'confirm'],
      properties: {
        address: text('198.51.100.99'),
        interface: text('vlan16'),
        confirm: text('adopt 198.51.100.99 on vlan16'),
      },
    },
  })
  @ApiResponse({ status: 404, description: 'no such foreign entry' })
  @ApiResponse({ status: 409, description: 'observed-only, device-frozen, confirmation-needed' })
  async adopt(
    @Param('device') name: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<{ device: string; line: string }> {
    const device = named(this.devices, name);
    const address = textOf(body, 'address');
    const interfaceName = textOf(body, 'interface');
    if (address === undefined || interfaceName === undefined)
      throw new ProblemError(400, 'invalid-request', 'address and interface: expected those of a foreign entry');
    this.refuseWhereNothingIsWritten(name, device);
    const wanted = { address, interface: interfaceName, by: principal.callerId, typed: textOf(body, 'confirm') };
    try {
      return { device: name, line: lineOf(name, await device.adopt(wanted)) };
    } catch (error) {
      throw writeProblem(error) ?? problemOfDevice(error);
    }
  }

  private refuseWhereNothingIsWritten(name: string, device: ControlledDevice): void {
    if (device.status.mode === 'observe') {
      throw new ProblemError(
        409,
        'observed-only',
        `${name} is only observed: nothing is written to it, no mark either.`,
      );
    }
    if (device.frozen !== undefined || this.devices.everyDevice.frozen !== undefined) {
      throw new ProblemError(
        409,
        'device-frozen',
        `${name} is frozen: nothing is written to it until portledger resume.`,
      );
    }
  }
}

function lineOf(device: string, outcome: AdoptOutcome): string {
  switch (outcome.said) {
    case 'adopted':
      return outcome.line;
    case 'not-found':
      throw new ProblemError(
        404,
        'unknown-entry',
        `${device} has no such foreign entry. See portledger plan ${device}`,
      );
    case 'confirmation-needed': {
      const detail = `From then on it is ours, and goes where billing did not sell it. Confirm it by these words: ${outcome.words}`;
      throw new ProblemError(409, 'confirmation-needed', detail, { confirm: outcome.words });
    }
    case 'cannot':
      throw new ProblemError(
        409,
        'cannot-adopt',
        `The driver of ${device} cannot mark an entry as ours: remove it by hand.`,
      );
    case 'failed':
      throw new ProblemError(502, 'not-adopted', `${device} was read back and does not show ${outcome.line} as ours.`);
  }
}

/** What a driver says names the device and the cure already. */
function problemOfDevice(error: unknown): Error {
  if (error instanceof ProblemError || !(error instanceof Error) || error.name !== 'DeviceError') return error as Error;
  return new ProblemError(502, 'device-failed', error.message);
}
