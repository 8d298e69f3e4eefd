import type { ServerId } from '../../events/index.js';
import type { DesiredRa, Withheld } from '../../projections/index.js';
import type { Advertised, RaState } from '../drivers/ra/ra.port.js';
import type { InterfaceState } from '../drivers/switch/switch.port.js';
import type { PartLine } from './part-status.js';

/** `grant-gone` ends what billing took back; `file` and `daemon` are about what all interfaces share. */
export type RaWhy = 'grant' | 'grant-gone' | 'replaced' | 'file' | 'daemon';

export interface RaLine extends PartLine {
  readonly kind: 'ra';
  readonly why: RaWhy;
}

/** What a device can advertise, and who wants it so. */
export interface WantedRa {
  readonly advertised: readonly Advertised[];
  readonly byInterface: ReadonlyMap<string, { readonly serverId: ServerId; readonly cause: number }>;
  /** Interfaces whose link is up: there an advertisement has to be sent. */
  readonly up: ReadonlySet<string>;
  readonly withheld: readonly Withheld[];
}

/** The difference between what the map grants and what the daemon advertises. */
export interface RaPlan {
  readonly lines: readonly RaLine[];
  /** Interfaces that lose their advertisement because their grant went away: what the removal limit counts. */
  readonly grantsGone: number;
}

const advertisedLine = ({ interface: name, router }: Advertised): string => `ra ${name} from ${router}`;
/** That the file is what we wrote. */
export const fileLine = 'ra file';
/** That the daemon runs and has read it. */
const loadedLine = 'ra loaded';

/**
 * What of the map this device can advertise. An advertisement is sent from an address of the gateway that the interface has:
 * from another one the machine would take a default route that nobody vouches for.
 */
export function advertisable(desired: readonly DesiredRa[], interfaces: ReadonlyMap<string, InterfaceState>): WantedRa {
  const [advertised, withheld] = [[] as Advertised[], [] as Withheld[]];
  const byInterface = new Map<string, { serverId: ServerId; cause: number }>();
  for (const { serverId, interface: name, routers, cause } of desired) {
    byInterface.set(name, { serverId, cause });
    const state = interfaces.get(name);
    const router = routers.find((one) => state?.addresses.includes(one));
    const lacks = `${name} has none of the link-local addresses of its gateway (${routers.join(', ')})`;
    if (state === undefined) withheld.push({ serverId, what: name, reason: `the device has no interface ${name}` });
    else if (router === undefined) withheld.push({ serverId, what: name, reason: lacks });
    else advertised.push({ interface: name, router });
  }
  const up = [...interfaces.values()].filter(({ adminUp, carrier }) => adminUp && carrier).map(({ name }) => name);
  return { advertised, byInterface, up: new Set(up), withheld };
}

/** Every line that the file and the daemon hold. */
export function heldRaLines({ advertised, file, daemon }: RaState): Set<string> {
  const lines = new Set([...advertised.values()].map(advertisedLine));
  if (file === 'intact') lines.add(fileLine);
  if (daemon === 'loaded') lines.add(loadedLine);
  return lines;
}

/** Pure; the thinking of a reconcile of router advertisements. */
export function planRa(wanted: WantedRa, state: RaState): RaPlan {
  const held = heldRaLines(state);
  const lines: RaLine[] = [];
  const gone = new Set<string>();
  const granted = new Set(wanted.advertised.map((one) => one.interface));
  const whose = (name: string): Pick<RaLine, 'cause' | 'serverId'> =>
    wanted.byInterface.get(name) ?? { cause: 'configuration' };
  const target = new Set(wanted.advertised.map(advertisedLine));
  for (const one of state.advertised.values()) {
    const line = advertisedLine(one);
    if (target.has(line)) continue;
    const why = granted.has(one.interface) ? 'replaced' : 'grant-gone';
    if (why === 'grant-gone') gone.add(one.interface);
    lines.push({ change: 'remove', kind: 'ra', line, why, ...whose(one.interface) });
  }
  for (const one of wanted.advertised) {
    const line = advertisedLine(one);
    if (!held.has(line)) lines.push({ change: 'add', kind: 'ra', line, why: 'grant', ...whose(one.interface) });
  }
  const shared = { change: 'add', kind: 'ra', cause: 'configuration' } as const;
  if (!held.has(fileLine)) lines.push({ ...shared, line: fileLine, why: 'file' });
  if (!held.has(loadedLine)) lines.push({ ...shared, line: loadedLine, why: 'daemon' });
  return { lines, grantsGone: gone.size };
}
