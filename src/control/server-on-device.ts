import type { DeviceMode } from '../reactors/device-status.js';
import type { ControlledDevice, PortLink } from './device-registry.js';

/** What one device holds of one server, as its last look saw it. Lines are in our own notation. */
export interface ServerOnDevice {
  readonly device: string;
  readonly switch: string;
  readonly mode: DeviceMode;
  readonly state: string;
  /** Ordinal of the last event of the map that the device was compared with; absent before the first look. */
  readonly lookedAt?: number;
  /** What the map grants the server here. */
  readonly granted: readonly string[];
  /** The granted routes that were read back as announced: in the daemon's table and, where it can be seen, the kernel's. */
  readonly announced: readonly string[];
  /** Granted, wanted on the device now, and not seen there. */
  readonly missing: readonly string[];
  /** Missing, because another entry stands in its place: one of ours with another MAC, or somebody else's, which is never changed. */
  readonly otherwise: readonly { readonly line: string; readonly mac: string; readonly ours: boolean }[];
  /** What is still to be done for the server: `+` is to come, `-` is to go. */
  readonly waiting: readonly string[];
  /** Granted routes that are not to be announced just now, and why. */
  readonly quiet: readonly { readonly route: string; readonly reason: string }[];
  /** Sold, but not to be on the device, and why. */
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
  /** The link of the server's port, where this device has it. */
  readonly link?: PortLink;
  /** See `serverOnDevice`. */
  readonly confirmed: boolean;
}

/**
 * `confirmed` is said only of a look that ended well, took the server's latest change into account (`changedAt`), saw every
 * granted line that is wanted now by reading the device back, and left nothing to be done for the server. It is true of that
 * look: what somebody does to the device since is found by the next one.
 */
export function serverOnDevice(
  serverId: string,
  changedAt: number,
  { status, look }: Pick<ControlledDevice, 'status' | 'look'>,
  link?: PortLink,
): ServerOnDevice {
  const { neighbours, routes } = look?.grantedTo(serverId) ?? { neighbours: [], routes: [] };
  const ofServer = <Row extends { readonly serverId?: string }>(row: Row): boolean => row.serverId === serverId;
  const quiet = status.quiet.filter(ofServer).map(({ route, reason }) => ({ route, reason }));
  const silenced = new Set(quiet.map(({ route }) => route));
  const wanted = routes.filter(({ destination }) => look?.sawRoutes && !silenced.has(destination));
  const seen = (line: string): boolean => look?.saw(line) ?? false;
  const missing = [...neighbours, ...wanted.map(({ line }) => line)].filter((line) => !seen(line));
  const waiting = status.plan.filter(ofServer).map(({ change, line }) => `${change === 'add' ? '+' : '-'} ${line}`);
  const lookedWell = look !== undefined && status.state !== 'failing' && status.state !== 'starting';
  return {
    device: status.device,
    switch: status.switch,
    mode: status.mode,
    state: status.state,
    ...(look === undefined ? {} : { lookedAt: look.ordinal }),
    granted: [...neighbours, ...routes.map(({ line }) => line)],
    announced: routes.map(({ line }) => line).filter(seen),
    missing,
    otherwise: look?.otherwiseFor(serverId) ?? [],
    waiting,
    quiet,
    withheld: status.withheld.filter(ofServer).map(({ what, reason }) => ({ what, reason })),
    ...(link === undefined ? {} : { link }),
    confirmed: lookedWell && look.ordinal >= changedAt && missing.length === 0 && waiting.length === 0,
  };
}
