import { type CustomerId, type Ipv6Prefix, switchOf } from '../events/index.js';
import type { AssignmentRow } from './assignments.projection.js';

/** Something only one server may have. `since` is its place in line: the ordinal at whose folding it was first made. */
export type Claim =
  | { readonly kind: 'vlan' | 'mac' | 'ipv4'; readonly key: string; readonly since: number }
  | {
      readonly kind: 'prefix';
      readonly key: string;
      readonly since: number;
      readonly prefix: Ipv6Prefix;
      /** Prefixes of one customer may nest; across customers they may not overlap. */
      readonly customer: CustomerId | undefined;
    };

export const vlanClaim = (switchName: string, vlan: number): string => `vlan ${switchName}/${vlan}`;
export const macClaim = (switchName: string, vlan: number, mac: string): string => `mac ${switchName}/${vlan}/${mac}`;
export const ipv4Claim = (address: string): string => `ipv4 ${address}`;
export const prefixClaim = (prefix: string): string => `prefix ${prefix}`;

/** What the registers of a row claim. A claim made without a break keeps its place in line. */
export function claimsOf(row: AssignmentRow, alive: boolean, foldedAt: number): readonly Claim[] {
  if (!alive) return row.claims.length === 0 ? row.claims : [];
  const claims: Claim[] = [];
  const since = (key: string): number => row.claims.find((claim) => claim.key === key)?.since ?? foldedAt;
  const make = (kind: 'vlan' | 'mac' | 'ipv4', key: string): void => {
    if (!claims.some((claim) => claim.key === key)) claims.push({ kind, key, since: since(key) });
  };
  if (row.port !== undefined && row.vlan !== undefined) {
    const switchName = switchOf(row.port.value);
    make('vlan', vlanClaim(switchName, row.vlan.value));
    if (row.mac !== undefined) make('mac', macClaim(switchName, row.vlan.value, row.mac.value));
  }
  for (const { value } of row.addOns) {
    if (value.state === 'bought' && value.address !== undefined) make('ipv4', ipv4Claim(value.address));
  }
  for (const { value: assigned, prefix } of row.prefixes) {
    if (!assigned) continue;
    const key = prefixClaim(prefix);
    claims.push({ kind: 'prefix', key, since: since(key), prefix, customer: row.customer?.value });
  }
  return claims;
}
