import type { Ipv6Prefix, PortId, Vlan } from '../../../events/index.js';
import {
  type Binding,
  type NetworkMap,
  type RenumberingRow,
  type RenumberingWorld,
} from '../../../projections/index.js';
import type { ControlledDevice, DeviceRegistry } from '../device-registry.js';

/** What is so of a renumbering, and what of it must be told. */
export interface SeenWorld extends Omit<RenumberingWorld, 'isQuiet'> {
  /** The server whose earlier claim keeps the new prefix waiting. */
  readonly newHeldBy?: string;
  /** Where the server hangs, as billing says. */
  readonly place?: { readonly port: PortId; readonly vlan: Vlan };
  /** False where no device of its switch reads routes back: then none can be seen. */
  readonly routesAreRead: boolean;
  /** Of a device, why a granted route is not announced just now. */
  readonly whyNot?: string;
}

/**
 * Reads the map, and what the last look at each device saw. A route counts as gone only by a look that ended well and knew
 * that it is granted no more.
 */
export function worldOf(
  { serverId, from, to }: RenumberingRow,
  map: NetworkMap,
  devices: Pick<DeviceRegistry, 'all'>,
): SeenWorld {
  const binding = map.binding(serverId);
  const looking = devices
    .all()
    .filter(({ status, look }) => status.switch === binding?.switch && (look === undefined || look.sawRoutes));
  const grant = binding?.prefixes.find(({ prefix }) => prefix === to);
  const oldGranted = isSold(binding, from);
  const newGranted = grant !== undefined && grant.heldBy === undefined;
  const changedAt = binding?.changedAt ?? -1;
  const isAnnounced = (prefix: Ipv6Prefix, isGranted: boolean): boolean =>
    looking.some(
      (device) => announces(device, serverId, prefix) || (!isGranted && mayAnnounce(device, prefix, changedAt)),
    );
  const quiet = looking.flatMap(({ status }) =>
    status.quiet
      .filter((one) => one.serverId === serverId && [from, to].some((prefix) => one.route.startsWith(prefix)))
      .map(({ reason }) => reason),
  );
  return {
    sold: binding?.sold ?? false,
    oldGranted,
    newGranted,
    oldAnnounced: isAnnounced(from, oldGranted),
    newAnnounced: isAnnounced(to, newGranted),
    routesAreRead: looking.some(({ look }) => look !== undefined),
    ...(grant?.heldBy !== undefined && { newHeldBy: grant.heldBy }),
    ...(quiet[0] !== undefined && { whyNot: quiet[0] }),
    ...placeOf(binding),
  };
}

function isSold(binding: Binding | undefined, prefix: Ipv6Prefix): boolean {
  return binding?.prefixes.some((one) => one.prefix === prefix) ?? false;
}

function announces({ look }: ControlledDevice, serverId: string, prefix: Ipv6Prefix): boolean {
  return (
    look?.grantedTo(serverId).routes.some(({ line, destination }) => destination === prefix && look.saw(line)) ?? false
  );
}

/** Until a look that knew the last change found nothing of the prefix left to take away. */
function mayAnnounce({ status, look }: ControlledDevice, prefix: Ipv6Prefix, changedAt: number): boolean {
  if (look === undefined || look.ordinal < changedAt || status.state === 'failing') return true;
  return status.plan.some(({ change, line }) => change === 'remove' && line.includes(` ${prefix} `));
}

function placeOf(binding: Binding | undefined): Pick<SeenWorld, 'place'> {
  const { port, vlan } = binding ?? {};
  return port === undefined || vlan === undefined ? {} : { place: { port, vlan } };
}
