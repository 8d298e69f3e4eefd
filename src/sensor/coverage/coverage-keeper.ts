import { randomUUID } from 'node:crypto';
import { contractOf, formatInstant } from '../../../events/index.js';
import type { AppendRequest, EventStore } from '../../event-store/event-store.port.js';
import type { Alerts } from '../../ops/alerts.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import { urlNamespace, uuidV5 } from '../../event-store/event-store.port.js';
import {
  type HearingChange,
  type HearingLimits,
  type HearingState,
  HearingWatch,
  lookEveryMs,
  type SelfTestResult,
  type SensorHearing,
  type Trouble,
} from './hearing-watch.js';

export interface CoverageOptions {
  /** Every sensor as it is now. */
  readonly sensors: () => readonly SensorHearing[];
  readonly lastSelfTest: (sensor: string) => SelfTestResult | undefined;
  readonly limits: HearingLimits;
  readonly store: EventStore;
  readonly isLive: () => boolean;
  readonly alerts: Pick<Alerts, 'raise' | 'clear'>;
  readonly log: SensorLog;
}

/** What is known of a sensor's hearing. */
export interface Hearing {
  readonly state: HearingState;
  readonly trouble: Trouble | undefined;
}

const mostWaiting = 1_000;

/** Watches whether the sensors hear, raises an alert for each that does not, and tells the log of each change. */
export class CoverageKeeper {
  private readonly watches = new Map<string, HearingWatch>();
  private waiting: AppendRequest[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(private readonly options: CoverageOptions) {}

  start(): void {
    this.timer ??= setInterval(() => this.look(), lookEveryMs(this.options.limits));
    this.look();
  }

  hearingOf(sensor: string): Hearing {
    const watch = this.watches.get(sensor);
    return { state: watch?.state ?? 'starting', trouble: watch?.trouble };
  }

  /** Makes one last attempt to store what waits. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.writing;
    await this.store();
  }

  private look(): void {
    const now = performance.now();
    for (const sensor of this.options.sensors()) {
      const watch = this.watches.get(sensor.name) ?? new HearingWatch(this.options.limits);
      this.watches.set(sensor.name, watch);
      const changes = watch.look(sensor, now, this.options.lastSelfTest(sensor.name));
      for (const change of changes) this.tell(sensor, change);
      if (watch.state !== 'silent') this.options.alerts.clear('sensor-silent', sensor.name);
      if (watch.state === 'hearing') this.options.alerts.clear('sensor-lagging', sensor.name);
    }
    this.writing ??= this.store().finally(() => (this.writing = undefined));
  }

  private tell(sensor: SensorHearing, change: HearingChange): void {
    const { alerts, limits } = this.options;
    const { name } = sensor;
    if (change.type === 'silent') {
      const { reason, cure } = change.trouble;
      alerts.raise('sensor-silent', { key: name, detail: `Sensor ${name} hears nothing: ${reason}. Cure: ${cure}.` });
    }
    if (change.type === 'lagging') {
      const { behindMs, dropped } = change;
      const late = `frames are judged up to ${behindMs} ms after they were captured (${limits.lagMs} ms are normal)`;
      const lost = `${dropped} frames were lost before they were judged`;
      const cure = 'Look for a flood at its port, and at the load of this machine.';
      const detail = `Sensor ${name} lags: ${late}, ${lost}. ${cure}`;
      alerts.raise('sensor-lagging', { key: name, detail });
    }
    if (this.waiting.length < mostWaiting) this.waiting.push(requestOf(sensor, change));
    else this.options.log.error('change of a sensor not stored', { sensor: name, change: change.type });
  }

  private async store(): Promise<void> {
    const some = this.waiting.slice(0, 100);
    if (some.length === 0 || !this.options.isLive()) return;
    try {
      await this.options.store.appendMany(some);
      this.waiting = this.waiting.slice(some.length);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.log.warn('changes of sensors not stored, will retry', { reason, waiting: this.waiting.length });
    }
  }
}

function requestOf({ name, lastFrameTime }: SensorHearing, change: HearingChange): AppendRequest {
  const source = `urn:portledger:sensor:${name}`;
  const sourceId = randomUUID();
  const { type, data } = eventOf(name, lastFrameTime, change);
  const version = contractOf(type)?.version ?? 1;
  const metadata = { source, sourceId, schemaVersion: version, time: formatInstant(Date.now()) };
  const event = { id: uuidV5(uuidV5(urlNamespace, source), sourceId), type, data, metadata };
  return { stream: `sensor-${name}`, expected: 'any', events: [event] };
}

function eventOf(
  sensor: string,
  lastFrameTime: number | undefined,
  change: HearingChange,
): { readonly type: string; readonly data: object } {
  switch (change.type) {
    case 'started':
      return { type: 'SensorStarted', data: { sensor } };
    case 'silent': {
      const heard = lastFrameTime === undefined ? {} : { lastFrameTime: formatInstant(lastFrameTime) };
      return { type: 'SensorSilent', data: { sensor, ...heard } };
    }
    case 'lagging':
      return { type: 'SensorLagging', data: { sensor, behindMs: change.behindMs, dropped: change.dropped } };
  }
}
