import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { decodeEvent } from '../../events/index.js';
import type { Reasoned, ViolationRow } from '../../projections/index.js';
import { RequireScope } from '../auth/require-scope.js';
import { AppConfig } from '../config/app-config.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.port.js';
import { LiveMap } from '../projector/live-map.js';
import { filterQueries, mustBeLive, understood } from './asked.js';
import { customerRecord } from './customer-record.js';
import { journalLines } from './journal-lines.js';
import { MacVendors } from './mac-vendor.js';
import { unknownViolation } from './triage-answer.js';
import { switchesConcerned, type ViolationDetail, violationDetail } from './violation-detail.js';
import type { QueryFields } from './violation-filter.js';
import { groupings } from './group-numbers.js';
import { type GroupsAnswer, readGroupQuestion, violationGroups } from './violation-groups.js';
import { ViolationIndex } from './violation-index.js';
import { type Witnesses, WITNESSES } from './witnesses.js';

const aroundMs = 3_600_000;

/** Violations put together, and all that is known of one. */
@ApiTags('violations')
@ApiBearerAuth()
@Controller('v1/violations')
@RequireScope('security-analyst', 'auditor')
export class ViolationDetailController {
  private readonly vendors = new MacVendors();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(LiveMap) private readonly liveMap: LiveMap,
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(ViolationIndex) private readonly index: ViolationIndex,
    @Inject(WITNESSES) private readonly witnesses: Witnesses,
  ) {}

  @Get('groups')
  @ApiOperation({
    summary: 'Violations put together by rule, port, server or customer',
    description:
      'Each violation that fits the filters is in one group; the group heard last comes first, and all of it is counted. The `filter` of a group, added to those of the question, makes the list hold exactly its violations (`unknown` takes several, with commas).',
  })
  @filterQueries
  @ApiQuery({ name: 'by', required: false, enum: groupings, description: 'default rule-port' })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: '1 to 500, default 100' })
  @ApiResponse({ status: 200, description: '{by, groups, left, violations, position}' })
  @ApiResponse({ status: 400, description: 'question-malformed: what is wrong with it, and what was expected' })
  groups(@Query() fields: QueryFields): GroupsAnswer {
    mustBeLive(this.index);
    return violationGroups(this.index, understood(readGroupQuestion(fields)), this.index.viewing(this.config.sites));
  }

  @Get(':id/detail')
  @ApiOperation({
    summary: 'All that is known of one violation',
    description:
      'Why it is one, in a sentence; its day in 24 hours; whose address it was and by whom it was claimed, with the vendor of the MAC; what else that customer did; the kept frames; what the devices hold and held; how well its sensor hears; what became of a containment. The offender is stated as fact (`isFact`) only where the capture proves the port.',
  })
  @ApiResponse({ status: 200, description: 'what is not known is absent' })
  @ApiResponse({ status: 404, description: 'unknown-violation' })
  async detail(@Param('id') violationId: string): Promise<ViolationDetail> {
    mustBeLive(this.index);
    const row = this.rowOf(violationId);
    const [detection, written] = await Promise.all([this.detectionOf(row), this.writtenFor(row)]);
    const { map } = this.liveMap;
    const viewing = this.index.viewing(this.config.sites);
    const { victimServerId, offenderServerId, offenderCustomerId: customerId } = row;
    const switches = switchesConcerned(map, row);
    const holding = (serverId: string | undefined) =>
      serverId === undefined ? [] : this.witnesses.devicesWith(serverId, switches);
    return violationDetail(map, this.rowOf(violationId), {
      detection,
      viewing,
      vendorOf: (mac) => this.vendors.of(mac),
      customer: customerId === undefined ? undefined : customerRecord(this.index, customerId, violationId, viewing.now),
      ofVictim: holding(victimServerId),
      ofOffender: holding(offenderServerId),
      guards: row.port === undefined ? [] : this.witnesses.guardsAt(row.port),
      written,
      sensor: this.witnesses.sensor(row.sensor),
    });
  }

  private rowOf(violationId: string): ViolationRow {
    const slot = this.index.slotOf(violationId);
    if (slot < 0) throw unknownViolation(violationId);
    return this.index.rowAt(slot);
  }

  /** What the judge wrote down first: the map keeps less of it. Undefined where it cannot be read any more. */
  private async detectionOf({ violationId }: ViolationRow): Promise<Reasoned | undefined> {
    const { events } = await this.store.readStream(`violation-${violationId}`, { limit: 1 });
    const [first] = events;
    const decoded = first === undefined ? undefined : decodeEvent(first);
    return decoded?.readable && decoded.event.type === 'ViolationDetected' ? decoded.event.data : undefined;
  }

  private writtenFor(row: ViolationRow) {
    const switches = switchesConcerned(this.liveMap.map, row);
    const gateways = this.config.gateways.filter((gateway) => switches.has(gateway.switch));
    return journalLines(this.store, {
      devices: gateways.flatMap(({ devices }) => devices.map(({ name }) => name)),
      serverIds: new Set([row.victimServerId, row.offenderServerId].filter((id) => id !== undefined)),
      from: row.firstSeen - aroundMs,
      until: row.lastSeen + aroundMs,
    });
  }
}
