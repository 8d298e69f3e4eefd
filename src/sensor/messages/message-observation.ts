import { parseMac } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { type ObservedAt, portAt } from '../tables/observed-at.js';
import type { SwitchMessage } from './switch-message.js';

/**
 * The claim that a switch's message tells of, heard at `readAt` (ms since 1970); undefined where it names no MAC that a host
 * can have, such as those that give counts only.
 */
export function messageObservation(message: SwitchMessage, at: ObservedAt, readAt: number): Observation | undefined {
  const mac = parseMac(message.mac);
  if (mac === undefined) return undefined;
  const port = portAt(at, message.interface, message.vendor);
  return {
    kind: 'switch-message',
    sensor: at.sensor,
    site: at.site,
    switch: at.switch,
    attribution: 'mac-table',
    ...(port !== undefined && { port }),
    ...(message.vlan !== undefined && { vlan: message.vlan }),
    etherSource: mac,
    claimedMac: mac,
    ...(message.address !== undefined && { claimedAddress: message.address }),
    said: message.said,
    tentative: false,
    frameTime: readAt,
  };
}
