import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * This sensor hears more than it can judge. Stream `sensor-<sensor>`, written by our own sensor room once per episode.
 * Says nothing about the frames that were dropped: they may have been anything.
 */
export class SensorLagging {
  @Is(field.text) readonly sensor!: string;
  /** How far behind the newest frame it judges, ms. */
  @Is(field.count) readonly behindMs!: number;
  /** Frames dropped before it could read them. */
  @Is(field.count) readonly dropped!: number;
}

export const sensorLagging = defineEvent({
  type: 'SensorLagging',
  scope: 'own-rooms',
  version: 1,
  dataClass: SensorLagging,
  stream: (data) => `sensor-${data.sensor}`,
  read: (from): SensorLagging => ({
    sensor: from.need('sensor', field.text),
    behindMs: from.need('behindMs', field.count),
    dropped: from.need('dropped', field.count),
  }),
});
