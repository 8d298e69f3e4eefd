import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { SwitchName } from '../vocabulary/identity.js';

/**
 * The switch is no longer a gateway. Published by an operator.
 * Does not remove what was granted to servers behind it.
 */
export class GatewayRetired {
  @Is(field.switchName) readonly switch!: SwitchName;
}

export const gatewayRetired = defineEvent({
  type: 'GatewayRetired',
  scope: 'operator',
  version: 1,
  dataClass: GatewayRetired,
  stream: (data) => `gateway-${data.switch}`,
  read: (from): GatewayRetired =>
    compact({
      switch: from.need('switch', field.switchName),
    }),
});
