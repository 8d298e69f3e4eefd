import { parseIp, parseMac } from '../../../events/index.js';
import type { DhcpLease } from './dhcp.port.js';
import { listOf, objectOf } from './json.js';
import type { KeaControl } from './kea-control.js';
import { subnets6Of, vlanOfSubnet } from './kea-hosts.js';

const hook = 'load the hook library libdhcp_lease_cmds.so in its configuration (hooks-libraries)';
const refusals = 'v6-allocation-fail';

/** All leases on places of ours, also of places that are gone. Leases that ran out are none. */
export async function ownLeases(control: KeaControl, family: 4 | 6): Promise<DhcpLease[]> {
  const reply = await control.command(`lease${family}-get-all`);
  if (reply.result === 3) return [];
  if (reply.result !== 0)
    throw control.error('refused', `${control.daemon} does not show its leases: ${reply.text.slice(0, 200)}; ${hook}`);
  return listOf(objectOf(reply.arguments).leases).flatMap((said) => {
    const lease = objectOf(said);
    const [vlan, address, mac] = [
      vlanOfSubnet(lease['subnet-id']),
      parseIp(lease['ip-address']),
      parseMac(lease['hw-address']),
    ];
    if (vlan === undefined || address === undefined || lease.state === 2) return [];
    const length = lease.type === 'IA_PD' ? lease['prefix-len'] : undefined;
    return [
      {
        family,
        address,
        ...(typeof length === 'number' ? { prefixLength: length } : {}),
        vlan,
        mac,
        ...(typeof lease.duid === 'string' && /^[0-9a-f:]{2,400}$/.test(lease.duid) ? { duid: lease.duid } : {}),
      },
    ];
  });
}

/** Ends one lease; one that has ended meanwhile is no error. */
export async function endLease(control: KeaControl, lease: DhcpLease): Promise<void> {
  const { family, address, prefixLength } = lease;
  if (parseIp(address) !== address) throw new TypeError(`${JSON.stringify(address).slice(0, 80)} is not an address`);
  const type = prefixLength === undefined ? {} : { type: 'IA_PD' };
  const reply = await control.command(`lease${family}-del`, { 'ip-address': address, ...type });
  if (reply.result !== 0 && reply.result !== 3)
    throw control.error(
      'refused',
      `${control.daemon} does not end the lease on ${address}: ${reply.text.slice(0, 200)}; ${hook}`,
    );
}

/** How often DHCPv6 refused somebody who may have what another has; grows, and begins anew with the daemon. */
export async function refusalCount(control: KeaControl): Promise<number> {
  const reply = await control.command('statistic-get', { name: refusals });
  return countIn(objectOf(reply.arguments)[refusals]);
}

/** The VLANs in which that happened since it was last forgotten there. */
export async function refusedVlans(control: KeaControl): Promise<Set<number>> {
  const reply = await control.command('statistic-get-all');
  const vlans = new Set<number>();
  for (const [name, value] of Object.entries(objectOf(reply.arguments))) {
    const id = /^subnet\[(\d{1,10})\]\.v6-allocation-fail$/.exec(name)?.[1];
    const vlan = id === undefined ? undefined : vlanOfSubnet(Number(id));
    if (vlan !== undefined && countIn(value) > 0) vlans.add(vlan);
  }
  return vlans;
}

/** After what stood in the way was ended. */
export async function forgetRefusals(control: KeaControl, vlans: Iterable<number>): Promise<void> {
  for (const vlan of vlans)
    for (const id of subnets6Of(vlan)) await control.command('statistic-reset', { name: `subnet[${id}].${refusals}` });
}

/** Kea's statistics are lists of samples, the newest first: `[[3, "2026-..."]]`. */
function countIn(samples: unknown): number {
  const newest = listOf(listOf(samples)[0])[0];
  return typeof newest === 'number' ? newest : 0;
}
