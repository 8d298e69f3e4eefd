import type { DeviceStamp } from './switch/switch.port.js';

const logId = /^[A-Za-z0-9-]{1,64}$/;

/** The stamp with these values, or undefined when they cannot be one. */
export function stampOf(id: unknown, ordinal: unknown): DeviceStamp | undefined {
  const valid = typeof id === 'string' && logId.test(id) && Number.isSafeInteger(ordinal) && (ordinal as number) >= -1;
  return valid ? { logId: id, ordinal: ordinal as number } : undefined;
}
