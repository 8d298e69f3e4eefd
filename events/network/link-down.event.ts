import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { PortId } from '../vocabulary/identity.js';

/**
 * The link of this port is down. Published by a link source after reading the state.
 * Withdraws the routes of the port; takes no grant away.
 */
export class LinkDown {
  @Is(field.port) readonly port!: PortId;
}

export const linkDown = defineEvent({
  type: 'LinkDown',
  scope: 'link-source',
  version: 1,
  dataClass: LinkDown,
  stream: (data) => `port-${data.port}`,
  read: (from): LinkDown =>
    compact({
      port: from.need('port', field.port),
    }),
});
