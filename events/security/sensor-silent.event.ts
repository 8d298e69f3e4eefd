import { compact, defineEvent } from '../contract.js';
import { field, Is, Optional } from '../vocabulary/fields.js';

/**
 * Nothing is heard from this sensor any more. Stream `sensor-<sensor>`, written by our own sensor room.
 * Does not mean that nothing happens at its ports: nobody watches them.
 */
export class SensorSilent {
  @Is(field.text) readonly sensor!: string;
  /** Capture time of the last frame; absent when there was none. */
  @Optional() @Is(field.instant) readonly lastFrameTime?: string;
}

export const sensorSilent = defineEvent({
  type: 'SensorSilent',
  scope: 'own-rooms',
  version: 1,
  dataClass: SensorSilent,
  stream: (data) => `sensor-${data.sensor}`,
  read: (from): SensorSilent =>
    compact({
      sensor: from.need('sensor', field.text),
      lastFrameTime: from.maybe('lastFrameTime', field.instant),
    }),
});
