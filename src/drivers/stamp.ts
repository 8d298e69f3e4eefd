import type { DeviceStamp } from './switch/switch.port.js';

const logId = /^[A-Za-z0-9-]{1,64}$/;

/** The stamp with these values, or undefined when they cannot be one. */
export function stampOf(id: unknown, ordinal: unknown): DeviceStamp | undefined {
  const valid = typeof id === 'string' && logId.test(id) && Number.isSafeInteger(ordinal) && (ordinal as number) >= -1;
  return valid ? { logId: id, ordinal: ordinal as number } : undefined;
}

/**
 * Whether a device was driven from a later event than `wanted` since its driver read it last: another engine knows more, and
 * an older map may not undo what it did. What stood there already when it was read was for the brakes to judge.
 * @param lastRead what the driver read last; undefined where it did not read yet, and then nothing is overtaken
 */
export function isOvertaken(
  wanted: DeviceStamp,
  onDevice: DeviceStamp | undefined,
  lastRead: { readonly stamp: DeviceStamp | undefined } | undefined,
): boolean {
  if (lastRead === undefined || onDevice?.logId !== wanted.logId || onDevice.ordinal <= wanted.ordinal) return false;
  return onDevice.logId !== lastRead.stamp?.logId || onDevice.ordinal !== lastRead.stamp.ordinal;
}

/** What the refusal says. */
export function overtakenBy({ ordinal }: Pick<DeviceStamp, 'ordinal'>): string {
  return `another engine drove it from #${ordinal} since it was read; nothing was changed. See that one engine drives each device`;
}
