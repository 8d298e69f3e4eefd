import type { Binding } from '../../../projections/index.js';
import type { Frozen } from '../../reactors/freezes.js';
import type { ControlledDevice } from '../device-registry.js';
import { type DevicePicture, pictureOf } from './device-picture.js';

/** What of a port differs on one device; absent where nothing does. */
export interface DeviceWord {
  readonly frozen?: string;
  readonly drift?: string;
  readonly pending?: string;
}

/** A device of a switch, with the interface that each of its ports is. */
export interface SwitchDevice {
  readonly device: Pick<ControlledDevice, 'status' | 'look' | 'frozen'>;
  /** Port -> interface. */
  readonly interfaces: Readonly<Record<string, string>>;
}

/** What one device says of a port and the servers that billing sells there. Pure. */
export function deviceWord(
  { device, interfaces }: SwitchDevice,
  everyFrozen: Frozen | undefined,
  port: string,
  servers: readonly Binding[],
): DeviceWord {
  const { status } = device;
  const picture = pictureOf(status);
  const own = interfaces[port];
  const nobodys = own === undefined ? [] : picture.linesOn(own);
  const lines = [...servers.flatMap(({ serverId }) => picture.linesOf(serverId)), ...nobodys];
  const [drifted] = lines.filter(({ because }) => because === 'drift');
  const frozen = device.frozen ?? everyFrozen;
  const pending = servers.map((server) => pendingOf(server, device, picture)).find((reason) => reason !== undefined);
  const isConcerned = servers.length > 0 || lines.length > 0;
  return {
    ...(frozen !== undefined &&
      isConcerned && { frozen: `${status.device} is frozen by ${frozen.by}: ${frozen.reason}` }),
    ...(drifted !== undefined && {
      drift: `${status.device}: ${drifted.change === 'add' ? 'gone from it' : 'on it, and nobody’s'}: ${drifted.line}`,
    }),
    ...(pending !== undefined && { pending: `${status.device}: ${pending}` }),
  };
}

/** Why what billing sold a server is not known to be on a device; undefined where it is, or only drifted. */
function pendingOf(
  { serverId, state, changedAt, freedAt, link }: Binding,
  { status, look }: SwitchDevice['device'],
  picture: DevicePicture,
): string | undefined {
  if (status.state === 'failing') return `it cannot be read: ${status.error ?? 'no reason told'}`;
  if (look === undefined) return 'it was not read yet';
  // That a suspended server has nothing is what billing said.
  const [withheld] = state === 'suspended' ? [] : picture.withheldOf(serverId);
  if (withheld !== undefined) return `${withheld.what} is withheld: ${withheld.reason}`;
  const lines = picture.linesOf(serverId);
  const line = lines.find(({ because }) => because !== 'drift');
  if (line !== undefined) {
    const what = `${line.change === 'add' ? 'to come' : 'to go'}: ${line.line}`;
    if (line.waits !== undefined) return `${what} (${line.waits})`;
    if (status.mode !== 'enforce') return `${what} (mode ${status.mode})`;
    return status.brake === undefined ? what : `${what} (${status.brake.code}: ${status.brake.detail})`;
  }
  if (look.ordinal < Math.max(changedAt, freedAt)) return 'it was not read since the last change';
  const [quiet] = link === 'up' ? picture.quietOf(serverId) : [];
  if (quiet !== undefined) return `${quiet.route} is not announced: ${quiet.reason}`;
  if (lines.length > 0) return undefined;
  const silenced = new Set(picture.quietOf(serverId).map(({ route }) => route));
  const { neighbours, routes } = look.grantedTo(serverId);
  const wanted = routes.filter(({ destination }) => look.sawRoutes && !silenced.has(destination));
  const missing = [...neighbours, ...wanted.map((route) => route.line)].find((one) => !look.saw(one));
  return missing === undefined ? undefined : `not seen on it: ${missing}`;
}
