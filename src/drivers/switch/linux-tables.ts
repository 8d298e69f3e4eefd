import { type IpAddress, parseIp } from '../../../events/index.js';
import { linksOf } from '../../transports/linux-link-reader.js';
import type { InterfaceState } from './switch.port.js';

interface AddressRow {
  readonly ifname?: unknown;
  readonly master?: unknown;
  readonly addr_info?: unknown;
}
const rowsOf = (json: unknown): unknown[] => (Array.isArray(json) ? (json as unknown[]) : []);

/** Every interface of `ip -j addr show` by name; `vrfs` is `ip -j link show type vrf`, the VRFs of the box. */
export function interfacesOf(json: unknown, vrfs: unknown): Map<string, InterfaceState> {
  const links = linksOf(json);
  const masters = new Set(linksOf(vrfs).keys());
  const states = new Map<string, InterfaceState>();
  for (const row of rowsOf(json) as AddressRow[]) {
    const link = typeof row.ifname === 'string' ? links.get(row.ifname) : undefined;
    if (link === undefined) continue;
    const addresses = (rowsOf(row.addr_info) as { local?: unknown }[])
      .map((info) => parseIp(info.local))
      .filter((address): address is IpAddress => address !== undefined);
    const vrf = typeof row.master === 'string' && masters.has(row.master) ? { vrf: row.master } : {};
    states.set(row.ifname as string, { name: row.ifname as string, ...link, addresses, ...vrf });
  }
  return states;
}
