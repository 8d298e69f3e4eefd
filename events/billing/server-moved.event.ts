import { compact, defineEvent } from '../contract.js';
import { field, Is } from '../vocabulary/fields.js';
import type { PortId, ServerId, Vlan } from '../vocabulary/identity.js';

/**
 * The server hangs on this port and VLAN from now on; also a change of VLAN alone. Published by billing.
 * Does not mean that anybody has plugged the cable yet.
 */
export class ServerMoved {
  @Is(field.serverId) readonly serverId!: ServerId;
  @Is(field.port) readonly port!: PortId;
  @Is(field.vlan) readonly vlan!: Vlan;
}

export const serverMoved = defineEvent({
  type: 'ServerMoved',
  scope: 'publisher',
  version: 1,
  dataClass: ServerMoved,
  stream: (data) => `server-${data.serverId}`,
  read: (from): ServerMoved =>
    compact({
      serverId: from.need('serverId', field.serverId),
      port: from.need('port', field.port),
      vlan: from.need('vlan', field.vlan),
    }),
});
