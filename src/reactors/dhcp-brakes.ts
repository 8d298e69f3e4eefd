import type { DhcpState } from '../drivers/dhcp/dhcp.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import { type Brake, compare, type LogState, overLimit } from './brakes.js';
import type { DhcpPlan } from './dhcp-plan.js';

/** Stamps of both daemons; undefined for one that was never driven. */
export function dhcpStamps({ v4, v6 }: DhcpState): readonly (DeviceStamp | undefined)[] {
  return [v4, v6].flatMap((daemon) => (daemon === undefined ? [] : [daemon.stamp]));
}

/** Interfaces where something of ours is handed out. */
export function servedInterfaces({ v4, v6 }: DhcpState): Set<string> {
  return new Set([v4, v6].flatMap((daemon) => [...(daemon?.hosts.keys() ?? []), ...(daemon?.altered ?? [])]));
}

/**
 * The brake that binds every write: a log that does not know what it once did here would take the addresses of customers
 * whom it has forgotten.
 * @param under what the device the daemons serve was driven from
 */
export function dhcpIdentityBrake(log: LogState, state: DhcpState, under: DeviceStamp | undefined): Brake | undefined {
  for (const stamp of [...dhcpStamps(state), under]) {
    const brake = stamp === undefined ? undefined : compare(log, stamp);
    if (brake !== undefined) return brake;
  }
  const served = servedInterfaces(state).size;
  if (log.ordinal < 0)
    return { code: 'log-empty', detail: `the log is empty; DHCP serves ${served} interfaces of ours` };
  const unstamped = [state.v4, state.v6].some(
    (daemon) => daemon !== undefined && daemon.stamp === undefined && daemon.hosts.size + daemon.altered.size > 0,
  );
  if (!unstamped) return undefined;
  const detail = `DHCP serves ${served} interfaces of ours, but no stamp says which log made it so`;
  return { code: 'stamp-missing', detail };
}

/** The first plan waits for somebody who has read it. */
export function dhcpFirstPlanBrake({ lines }: DhcpPlan, state: DhcpState): Brake | undefined {
  if (lines.length === 0 || dhcpStamps(state).some((stamp) => stamp !== undefined)) return undefined;
  const detail = `DHCP was never driven from here; its first plan, ${lines.length} lines, waits for an operator`;
  return { code: 'first-plan', detail };
}

/** The brake on grants that go away all at once. */
export function dhcpRemovalBrake({ grantsGone }: DhcpPlan, state: DhcpState): Brake | undefined {
  return overLimit('interfaces served by DHCP', grantsGone, servedInterfaces(state).size);
}

/** What an operator types where more goes than the removal limit allows. */
export function wordsToEndDhcp(device: string, { grantsGone }: DhcpPlan): string {
  return `end dhcp at ${grantsGone} interfaces of ${device}`;
}
