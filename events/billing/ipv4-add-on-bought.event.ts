import { compact, defineEvent } from '../contract.js';
import type { Currency } from '../vocabulary/currency.js';
import { field, Is, Optional } from '../vocabulary/fields.js';
import type { AddOnId, ServerId } from '../vocabulary/identity.js';
import type { Ipv4Address } from '../vocabulary/ip-address.js';

/**
 * The server was sold an IPv4 address. Published by billing.
 * Without an address the add-on is pending until one is allocated; no address is implied.
 */
export class Ipv4AddOnBought {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.addOnId) readonly addOnId!: AddOnId;
  @Optional() @Is(field.ipv4) readonly address?: Ipv4Address;
  /** Per month, in minor units of `currency` (cents). */
  @Optional() @Is(field.minorUnits) readonly monthlyPriceMinor?: number;
  @Optional() @Is(field.currency) readonly currency?: Currency;
}

export const ipv4AddOnBought = defineEvent({
  type: 'Ipv4AddOnBought',
  scope: 'publisher',
  version: 1,
  dataClass: Ipv4AddOnBought,
  stream: (data) => `server-${data.serverId}`,
  read: (from): Ipv4AddOnBought =>
    compact({
      serverId: from.need('serverId', field.serverId),
      addOnId: from.need('addOnId', field.addOnId),
      address: from.maybe('address', field.ipv4),
      monthlyPriceMinor: from.maybe('monthlyPriceMinor', field.minorUnits),
      currency: from.maybe('currency', field.currency),
    }),
});
