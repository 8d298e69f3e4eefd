import type { EventData } from '../../../events/index.js';
import type { DeviceDay } from './day-report.js';

interface Push {
  startedAt?: number;
  finishedAt?: number;
  drift: number;
}

/** Counts what was pushed to each device; the two ends of a push may come in any order. */
export class DeviceDays {
  private readonly days = new Map<string, { -readonly [Key in keyof DeviceDay]: DeviceDay[Key] }>();
  private readonly pushes = new Map<string, Push>();

  started({ planId }: EventData<'ReconcileStarted'>, at: number): void {
    const push = this.pushOf(planId);
    push.startedAt = at;
  }

  finished({ device, planId, part, of, outcome, lines }: EventData<'ReconcileFinished'>, at: number): void {
    const day = this.dayOf(device);
    if (part === of - 1) {
      day.reconciles++;
      if (outcome === 'confirmed') day.confirmed++;
      if (outcome === 'failed') day.failed++;
    }
    const done = lines.filter(({ change, readBack }) => readBack === (change === 'add' ? 'present' : 'absent'));
    const drift = done.filter(({ cause }) => cause === 'drift').length;
    day.lines += done.length;
    day.driftRepaired += drift;
    const push = this.pushOf(planId);
    push.drift += drift;
    push.finishedAt = Math.max(push.finishedAt ?? at, at);
    this.devices.set(planId, device);
  }

  stopped({ device }: EventData<'DeviceFrozen'>): void {
    this.dayOf(device).stopped++;
  }

  private readonly devices = new Map<string, string>();

  /** By name. */
  all(): DeviceDay[] {
    for (const [planId, { startedAt, finishedAt, drift }] of this.pushes) {
      const device = this.devices.get(planId);
      if (drift === 0 || device === undefined || startedAt === undefined || finishedAt === undefined) continue;
      const day = this.dayOf(device);
      day.longestRepairMs = Math.max(day.longestRepairMs ?? 0, finishedAt - startedAt);
    }
    return [...this.days.values()].sort((a, b) => (a.device < b.device ? -1 : 1));
  }

  private pushOf(planId: string): Push {
    const push = this.pushes.get(planId) ?? { drift: 0 };
    this.pushes.set(planId, push);
    return push;
  }

  private dayOf(device: string) {
    const day = this.days.get(device) ?? {
      device,
      reconciles: 0,
      confirmed: 0,
      failed: 0,
      lines: 0,
      driftRepaired: 0,
      stopped: 0,
    };
    this.days.set(device, day);
    return day;
  }
}
