import { type CustomerId, type Ipv4Address, type Ipv6Prefix, switchOf } from '../events/index.js';
import type { AssignmentRow } from './assignments.projection.js';

/** Something only one server may have. `since` is its place in line: the ordinal at whose folding it was first made. */
export type Claim =
  | { readonly kind: 'vlan' | 'mac'; readonly key: string; readonly since: number }
  | { readonly kind: 'ipv4'; readonly key: string; readonly since: number; readonly address: Ipv4Address }
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

/**
 * What the registers of a row claim; `row.claims` is still what they claimed `before` this event.
 * A claim made without a break keeps its place in line, and is the same object as long as nothing about it changed:
 * most events change one claim, and the keys of the others are not spelt again.
 */
export function claimsOf(row: AssignmentRow, before: AssignmentRow, foldedAt: number): readonly Claim[] {
  const earlier = row.claims;
  if (row.added === undefined) return earlier.length === 0 ? earlier : [];
  const claims: Claim[] = [];
  if (row.port !== undefined && row.vlan !== undefined) {
    const samePlace = before.port?.value === row.port.value && before.vlan?.value === row.vlan.value;
    const sameCard = samePlace && before.mac?.value === row.mac?.value;
    const place = (kind: 'vlan' | 'mac', same: boolean, spell: () => string): void => {
      const old = earlier.find((claim) => claim.kind === kind);
      if (old !== undefined && same) return void claims.push(old);
      const key = spell();
      claims.push(old?.key === key ? old : { kind, key, since: foldedAt });
    };
    const switchName = switchOf(row.port.value);
    const { vlan, mac } = row;
    place('vlan', samePlace, () => vlanClaim(switchName, vlan.value));
    if (mac !== undefined) place('mac', sameCard, () => macClaim(switchName, vlan.value, mac.value));
  }
  for (const { value } of row.addOns) if (value.state === 'bought') claimAddress(value.address, claims, row, foldedAt);
  for (const { value: assigned, prefix } of row.prefixes) if (assigned) claimPrefix(prefix, claims, row, foldedAt);
  return claims;
}

/** The registers that claims are made of. */
type Claiming = Pick<AssignmentRow, 'added' | 'port' | 'vlan' | 'mac' | 'addOns' | 'prefixes' | 'customer'>;

/** What the registers of a row claim, in the order of `claimsOf`; `nextPlace` gives the place in line of one after another. */
export function claimsInLine(row: Claiming, nextPlace: () => number): readonly Claim[] {
  const claims: Claim[] = [];
  if (row.added === undefined) return claims;
  const { port, vlan, mac } = row;
  if (port !== undefined && vlan !== undefined) {
    const switchName = switchOf(port.value);
    claims.push({ kind: 'vlan', key: vlanClaim(switchName, vlan.value), since: nextPlace() });
    if (mac !== undefined)
      claims.push({ kind: 'mac', key: macClaim(switchName, vlan.value, mac.value), since: nextPlace() });
  }
  for (const { value } of row.addOns) {
    if (value.state === 'cancelled' || value.address === undefined || claimsAddress(claims, value.address)) continue;
    claims.push({ kind: 'ipv4', key: ipv4Claim(value.address), since: nextPlace(), address: value.address });
  }
  const customer = row.customer?.value;
  for (const { value: assigned, prefix } of row.prefixes)
    if (assigned) claims.push({ kind: 'prefix', key: prefixClaim(prefix), since: nextPlace(), prefix, customer });
  return claims;
}

function claimsAddress(claims: readonly Claim[], address: Ipv4Address): boolean {
  return claims.some((claim) => claim.kind === 'ipv4' && claim.address === address);
}

/** Two add-ons may name one address: that is one claim. */
function claimAddress(address: Ipv4Address | undefined, claims: Claim[], row: AssignmentRow, foldedAt: number): void {
  const isThis = (claim: Claim): boolean => claim.kind === 'ipv4' && claim.address === address;
  if (address === undefined || claims.some(isThis)) return;
  claims.push(row.claims.find(isThis) ?? { kind: 'ipv4', key: ipv4Claim(address), since: foldedAt, address });
}

function claimPrefix(prefix: Ipv6Prefix, claims: Claim[], row: AssignmentRow, foldedAt: number): void {
  const customer = row.customer?.value;
  const old = row.claims.find((claim) => claim.kind === 'prefix' && claim.prefix === prefix);
  if (old?.kind === 'prefix' && old.customer === customer) claims.push(old);
  else if (old !== undefined) claims.push({ kind: 'prefix', key: old.key, since: old.since, prefix, customer });
  else claims.push({ kind: 'prefix', key: prefixClaim(prefix), since: foldedAt, prefix, customer });
}
