import { stampOf } from './stamp.js';
import type { DeviceStamp } from './switch/switch.port.js';

const shape = /^# portledger log=(\S+) ordinal=(-?\d+)( pending)?$/;

/** The first line of a file that is ours as a whole. @param pending the daemon has not proved yet that it loaded the rest */
export function stampLine({ logId, ordinal }: DeviceStamp, pending: boolean): string {
  return `# portledger log=${logId} ordinal=${ordinal}${pending ? ' pending' : ''}\n`;
}

/** What such a line says; undefined where it is none. */
export function readStampLine(line: string): { readonly stamp: DeviceStamp; readonly pending: boolean } | undefined {
  const [, logId, ordinal, flag] = shape.exec(line) ?? [];
  const stamp = stampOf(logId, Number(ordinal));
  return stamp === undefined ? undefined : { stamp, pending: flag !== undefined };
}
