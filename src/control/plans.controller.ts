import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../auth/principal.js';
import { CurrentPrincipal, RequireScope } from '../auth/require-scope.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { type ProblemError, readProblem } from '../ops/problem.js';
import { LiveMap } from '../projector/live-map.js';
import { applied, type Applied, findPlan, unsettled, wordOf } from './apply-answer.js';
import { DeviceRegistry, named } from './device-registry.js';
import { type PlanView, planViewOf } from './plan-view.js';

/** A client gives up after a minute; an operator hears earlier that it still goes on. */
const longestWaitMs = 50_000;

/** What would change on the devices and why; and the operator's word that has one plan done. */
@ApiTags('plans')
@ApiBearerAuth()
@Controller('v1')
export class PlansController {
  constructor(
    @Inject(DeviceRegistry) private readonly devices: DeviceRegistry,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
  ) {}

  @Get('plans')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'The plan of every device: each line with the event that caused it' })
  async list(): Promise<{ plans: PlanView[] }> {
    const plans: PlanView[] = [];
    for (const device of this.devices.names()) plans.push(await this.view(device));
    return { plans };
  }

  @Get('devices/:device/plan')
  @RequireScope('operator', 'viewer', 'auditor')
  @ApiOperation({ summary: 'The plan of one device: each line with the event that caused it' })
  show(@Param('device') device: string): Promise<PlanView> {
    return this.view(device);
  }

  /** Answers when the device was read back; `outcome` says what that showed. */
  @Post('plans/:hash/apply')
  @HttpCode(200)
  @RequireScope('operator')
  @ApiOperation({ summary: 'Do exactly this plan, whatever brake holds it, and show what came of it' })
  @ApiBody({
    required: false,
    schema: {
      type: 'object',
      properties: {
        device: { type: 'string', example: 'leaf1', description: 'only where two devices have the same plan' },
        confirm: {
          type: 'string',
          example: 'remove 4000 from leaf1',
          description: 'needed above the removal limit; the refusal says the words',
        },
      },
    },
  })
  @ApiResponse({
    status: 200,
    description: 'outcome: confirmed, partial, failed, nothing-to-do; lines: what reading back showed of each',
  })
  @ApiResponse({ status: 409, description: 'other-plan, observed-only or confirmation-needed' })
  @ApiResponse({ status: 504, description: 'it goes on; look at the plan of the device' })
  async apply(
    @Param('hash') hash: string,
    @Body() body: unknown,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Applied> {
    const { planHash, device, confirm: typed } = wordOf(hash, body);
    const status = findPlan(this.devices, planHash, device);
    const work = named(this.devices, status.device).apply({ planHash, by: principal.callerId, typed });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), longestWaitMs);
    });
    const outcome = await Promise.race([work, late]);
    clearTimeout(timer);
    if (outcome === undefined) throw unsettled(status.device, planHash);
    return applied(status.device, planHash, outcome);
  }

  private async view(device: string): Promise<PlanView> {
    const { status } = named(this.devices, device);
    try {
      return await planViewOf(status, this.store, this.liveMap.map);
    } catch (error) {
      throw readProblem(error) ?? (error as ProblemError);
    }
  }
}
