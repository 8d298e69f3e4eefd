import {
  type CustomerId,
  type Ipv4Address,
  type Ipv6Prefix,
  type MacAddress,
  type SwitchName,
  switchOf,
  type Vlan,
} from '../events/index.js';
import { addOnAddresses } from './add-on-addresses.js';
import type { AssignmentRow } from './assignments.projection.js';
import { grantedPrefixes } from './granted-prefixes.js';
import { macOf } from './macs.js';

export const vlanClaim = (switchName: string, vlan: number): string => `vlan ${switchName}/${vlan}`;
export const macClaim = (switchName: string, vlan: number, mac: string): string => `mac ${switchName}/${vlan}/${mac}`;
export const ipv4Claim = (address: string): string => `ipv4 ${address}`;
export const prefixClaim = (prefix: string): string => `prefix ${prefix}`;

// Something only one server may have. `since` is its place in line: the ordinal at whose folding it was first made.
// A claim's key is spelt when somebody asks: most events change one claim of a row and look at the others only in passing.

export class VlanClaim {
  readonly kind = 'vlan';
  constructor(
    readonly switchName: SwitchName,
    readonly vlan: Vlan,
    readonly since: number,
  ) {}
  get key(): string {
    return vlanClaim(this.switchName, this.vlan);
  }
}

export class MacClaim {
  readonly kind = 'mac';
  constructor(
    readonly switchName: SwitchName,
    readonly vlan: Vlan,
    readonly mac: MacAddress,
    readonly since: number,
  ) {}
  get key(): string {
    return macClaim(this.switchName, this.vlan, this.mac);
  }
}

export class Ipv4Claim {
  readonly kind = 'ipv4';
  constructor(
    readonly address: Ipv4Address,
    readonly since: number,
  ) {}
  get key(): string {
    return ipv4Claim(this.address);
  }
}

export class PrefixClaim {
  readonly kind = 'prefix';
  constructor(
    readonly prefix: Ipv6Prefix,
    /** Prefixes of one customer may nest; across customers they may not overlap. */
    readonly customer: CustomerId | undefined,
    readonly since: number,
  ) {}
  get key(): string {
    return prefixClaim(this.prefix);
  }
}

export type Claim = VlanClaim | MacClaim | Ipv4Claim | PrefixClaim;

/** The registers that claims are made of. */
export type Claiming = Pick<
  AssignmentRow,
  | 'added'
  | 'removed'
  | 'customer'
  | 'port'
  | 'vlan'
  | 'mac'
  | 'enrolment'
  | 'enrolled'
  | 'addOns'
  | 'allocated'
  | 'prefixes'
  | 'prefixOrders'
  | 'allocatedPrefixes'
>;

/**
 * What the registers of a row claim, given what it claimed `before`.
 * A claim made without a break keeps its place in line, and is the same object as long as nothing about it changed.
 */
export function claimsOf(row: Claiming, before: readonly Claim[], foldedAt: number): readonly Claim[] {
  return row.added === undefined && before.length === 0 ? before : claimsOfRow(row, before, () => foldedAt);
}

/** As `claimsOf` of a row that claimed nothing before; `nextPlace` gives one place in line after another, in order. */
export function claimsInLine(row: Claiming, nextPlace: () => number): readonly Claim[] {
  return claimsOfRow(row, [], nextPlace);
}

function claimsOfRow(row: Claiming, before: readonly Claim[], nextPlace: () => number): readonly Claim[] {
  const claims: Claim[] = [];
  if (row.added === undefined) return claims;
  const { port, vlan } = row;
  const mac = macOf(row);
  if (port !== undefined && vlan !== undefined) {
    const switchName = switchOf(port.value);
    claims.push(vlanIn(before, switchName, vlan.value) ?? new VlanClaim(switchName, vlan.value, nextPlace()));
    if (mac !== undefined)
      claims.push(
        macIn(before, switchName, vlan.value, mac.value) ??
          new MacClaim(switchName, vlan.value, mac.value, nextPlace()),
      );
  }
  for (const { value: address } of addOnAddresses(row)) {
    // Two add-ons may name one address: that is one claim.
    if (addressIn(claims, address) === undefined)
      claims.push(addressIn(before, address) ?? new Ipv4Claim(address, nextPlace()));
  }
  const customer = row.customer?.value;
  for (const { prefix } of grantedPrefixes(row)) {
    const old = prefixIn(before, prefix);
    if (old !== undefined && old.customer === customer) claims.push(old);
    else claims.push(new PrefixClaim(prefix, customer, old?.since ?? nextPlace()));
  }
  return claims;
}

function vlanIn(claims: readonly Claim[], name: SwitchName, vlan: Vlan): Claim | undefined {
  for (const one of claims) if (one.kind === 'vlan' && one.vlan === vlan && one.switchName === name) return one;
  return undefined;
}

function macIn(claims: readonly Claim[], name: SwitchName, vlan: Vlan, mac: MacAddress): Claim | undefined {
  for (const one of claims)
    if (one.kind === 'mac' && one.mac === mac && one.vlan === vlan && one.switchName === name) return one;
  return undefined;
}

function addressIn(claims: readonly Claim[], address: Ipv4Address): Claim | undefined {
  for (const claim of claims) if (claim.kind === 'ipv4' && claim.address === address) return claim;
  return undefined;
}

export function prefixIn(claims: readonly Claim[], prefix: Ipv6Prefix): PrefixClaim | undefined {
  for (const claim of claims) if (claim.kind === 'prefix' && claim.prefix === prefix) return claim;
  return undefined;
}
