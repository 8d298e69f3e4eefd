import {
  decodeEvent,
  formatInstant,
  type LedgerEvent,
  parseInstant,
  type Severity,
  type StoredEvent,
} from '../../../events/index.js';
import type { ViolationRow } from '../../../projections/index.js';
import type { Approval, BillingWord, DayReport, Moved, SensorTrouble, Standing } from './day-report.js';
import { DeviceDays } from './device-days.js';
import { Newest } from './newest.js';
import { Tallies } from './tallies.js';

/** What of a violation says whose frames they are. */
export type Whose = Pick<ViolationRow, 'port' | 'switch' | 'offenderCustomerId'>;

export interface Range {
  /** ms since 1970: what was recorded after `from` and up to `to`. */
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;
/** Who froze a device that the engine stopped writing to by itself: nobody approved that. */
const byItself = 'portledger';
const noSeverities = (): Record<Severity, number> => ({ low: 0, medium: 0, high: 0, critical: 0 });

/** Counts the events of a range, given in any order, each once. Pure. */
export class DayFold {
  private events = 0;
  private unreadable = 0;
  private readonly counts = { detected: 0, frames: 0, resolved: 0, falsePositive: 0, exonerated: 0 };
  private readonly bySeverity = noSeverities();
  private readonly rules = new Tallies();
  private readonly ports = new Tallies();
  private readonly customers = new Tallies();
  private readonly switches = new Tallies();
  private readonly moves = new Newest<Moved>();
  private longestBlackoutMs: number | undefined;
  private readonly devices = new DeviceDays();
  private readonly billing = new Newest<BillingWord>();
  private readonly sensors = new Newest<SensorTrouble>();
  private readonly approvals = new Newest<Approval>();
  private readonly hours: { from: string; events: number; violations: number }[];

  /** @param whose of a violation that was detected before the range as well */
  constructor(
    private readonly range: Range,
    private readonly whose: (violationId: string) => Whose | undefined,
  ) {
    const hours = Math.max(1, Math.ceil((range.to - range.from) / hourMs));
    this.hours = Array.from({ length: hours }, (_, at) => ({
      from: formatInstant(range.to - (hours - at) * hourMs),
      events: 0,
      violations: 0,
    }));
  }

  /** Whether an event was recorded in the range; undefined where it was recorded before it. */
  isIn({ metadata }: StoredEvent): boolean | undefined {
    const at = parseInstant(metadata.recordedAt) ?? 0;
    return at <= this.range.from ? undefined : at <= this.range.to;
  }

  take(stored: StoredEvent): void {
    if (this.isIn(stored) !== true) return;
    this.events++;
    const hour = this.hourOf(parseInstant(stored.metadata.recordedAt) ?? this.range.to);
    if (hour !== undefined) hour.events++;
    const decoded = decodeEvent(stored);
    if (!decoded.readable) {
      this.unreadable++;
      return;
    }
    if (decoded.event.type === 'ViolationDetected' && hour !== undefined) hour.violations++;
    this.takeSecurity(decoded.event);
    this.takeBilling(decoded.event);
    this.takeDevices(decoded.event);
  }

  report(logId: string, standing: Standing): DayReport {
    const { longestBlackoutMs } = this;
    return {
      logId,
      from: formatInstant(this.range.from),
      to: formatInstant(this.range.to),
      events: this.events,
      unreadable: this.unreadable,
      hours: this.hours,
      violations: { ...this.counts, bySeverity: this.bySeverity, byRule: this.rules.rated() },
      standing,
      ports: this.ports.loudest(),
      customers: this.customers.loudest(),
      switches: this.switches.loudest(),
      moves: { ...this.moves.listed(), ...(longestBlackoutMs === undefined ? {} : { longestBlackoutMs }) },
      devices: this.devices.all(),
      billing: this.billing.listed(),
      sensors: this.sensors.listed(),
      approvals: this.approvals.listed(),
    };
  }

  private hourOf(at: number) {
    const last = this.hours.length - 1;
    return this.hours[last - Math.min(last, Math.floor((this.range.to - at) / hourMs))];
  }

  private takeSecurity({ type, data, time }: LedgerEvent): void {
    if (type === 'ViolationDetected') {
      this.counts.detected++;
      this.bySeverity[data.severity]++;
      this.rules.add(data.rule, 1, 1);
      this.heard(data, 1, 1);
    } else if (type === 'ViolationRepeated') this.heard(this.whose(data.violationId), 0, data.count);
    else if (type === 'ViolationResolved') this.counts.resolved++;
    else if (type === 'ViolationMarkedFalsePositive') this.counts.falsePositive++;
    else if (type === 'ViolationExonerated') this.counts.exonerated++;
    else if (type === 'SensorSilent')
      this.sensors.add({ at: formatInstant(time), sensor: data.sensor, what: 'silent' });
    else if (type === 'SensorLagging')
      this.sensors.add({ at: formatInstant(time), sensor: data.sensor, what: 'lagging' });
  }

  private heard(whose: Whose | undefined, violations: number, frames: number): void {
    this.counts.frames += frames;
    this.ports.add(whose?.port, violations, frames);
    this.switches.add(whose?.switch, violations, frames);
    this.customers.add(whose?.offenderCustomerId, violations, frames);
  }

  private takeBilling({ type, data, time }: LedgerEvent): void {
    const said = (what: BillingWord['what'], serverId: string, text?: string): void =>
      this.billing.add({ at: formatInstant(time), what, serverId, ...(text === undefined ? {} : { text }) });
    if (type === 'ServerSuspended') said('suspended', data.serverId, data.reason);
    else if (type === 'ServerRemoved') said('removed', data.serverId, data.reason);
    else if (type === 'Ipv4AddOnCancelled') said('address-cancelled', data.serverId, data.addOnId);
    else if (type === 'Ipv6PrefixReleased') said('prefix-released', data.serverId, data.prefix);
    else if (type === 'Ipv6PrefixOrderCancelled') said('prefix-order-cancelled', data.serverId, data.orderId);
    else if (type === 'ContainmentRefused') said('containment-refused', data.serverId, data.reason);
  }

  private takeDevices({ type, data, time }: LedgerEvent): void {
    const at = formatInstant(time);
    if (type === 'ReconcileStarted') {
      this.devices.started(data, time);
      const { device, confirmedBy: by, planHash: text } = data;
      if (by !== undefined) this.approvals.add({ at, device, what: 'plan', by, text });
    } else if (type === 'ReconcileFinished') this.devices.finished(data, time);
    else if (type === 'EntryAdopted')
      this.approvals.add({ at, device: data.device, what: 'adopted', by: data.by, text: data.line });
    else if (type === 'DeviceFrozen' && data.by === byItself) this.devices.stopped(data);
    else if (type === 'DeviceFrozen')
      this.approvals.add({ at, device: data.device, what: 'frozen', by: data.by, text: data.reason });
    else if (type === 'DeviceResumed') {
      const text = data.reason === undefined ? {} : { text: data.reason };
      this.approvals.add({ at, device: data.device, what: 'resumed', by: data.by, ...text });
    } else if (type === 'MoveFinished') {
      const { destination, serverId, from, device, blackoutMs, releasedBy: by } = data;
      const dark = blackoutMs === undefined ? {} : { blackoutMs };
      this.moves.add({ at, destination, serverId, from, device, ...dark });
      if (blackoutMs !== undefined) this.longestBlackoutMs = Math.max(this.longestBlackoutMs ?? 0, blackoutMs);
      if (by !== undefined) this.approvals.add({ at, device, what: 'move-released', by, text: destination });
    }
  }
}
