import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { PortId } from '../vocabulary/identity.js';

/**
 * The link of this port is up. Published by a link source after reading the state, never by counting messages.
 * Gates whether routes are announced; grants nothing.
 */
export class LinkUp {
  @Is(field.port) readonly port!: PortId;
}

export const linkUp = defineEvent({
  type: 'LinkUp',
  scope: 'link-source',
  version: 1,
  dataClass: LinkUp,
  stream: (data) => `port-${data.port}`,
  read: (from): LinkUp =>
    compact({
      port: from.need('port', field.port),
    }),
});
