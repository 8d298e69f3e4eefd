import { defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';

/**
 * This sensor listens from now on. Stream `sensor-<sensor>`, written by our own sensor room at its start and after a silence.
 * Does not mean that a frame was heard yet.
 */
export class SensorStarted {
  @Is(field.text) readonly sensor!: string;
}

export const sensorStarted = defineEvent({
  type: 'SensorStarted',
  scope: 'own-rooms',
  version: 1,
  dataClass: SensorStarted,
  stream: (data) => `sensor-${data.sensor}`,
  read: (from): SensorStarted => ({ sensor: from.need('sensor', field.text) }),
});
