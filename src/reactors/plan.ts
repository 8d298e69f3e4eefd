import type { ServerId } from '../../events/index.js';
import type { DesiredRoute, DesiredState } from '../../projections/index.js';
import type { BgpState, Route } from '../drivers/bgp/bgp.port.js';
import type { ActualNeighbour, NeighbourEntry, SwitchState } from '../drivers/switch/switch.port.js';
import { whyNotReady } from './gateway-ready.js';
import { destinationOf, entryKey, entryOfRoute, isLinkLocalEntry, neighbourLine, routeLine } from './lines.js';

/** What is really on a device. `bgp` is undefined where the device announces nothing. */
export interface Actual {
  readonly switch: SwitchState;
  readonly bgp: BgpState | undefined;
}

/** Why a line changes: `grant` and `grant-gone` follow billing, the others follow the world. */
export type Why = 'grant' | 'grant-gone' | 'replaced' | 'link-down' | 'gateway-lost' | 'entry-missing';

export interface PlanLine {
  readonly change: 'add' | 'remove';
  readonly kind: 'neighbour' | 'route';
  readonly line: string;
  readonly why: Why;
  readonly interface: string;
  readonly serverId?: ServerId;
  /** Ordinal of the event that wants an added line; undefined for removals, where the reactor knows more. */
  readonly cause?: number;
}

/** A granted route that is not announced just now, and why. */
export interface QuietRoute {
  readonly serverId: ServerId;
  readonly route: string;
  readonly reason: string;
}

/** The difference between what the map grants and what the device holds, in the order it would be applied. */
export interface Plan {
  readonly lines: readonly PlanLine[];
  readonly addEntries: readonly NeighbourEntry[];
  readonly removeEntries: readonly NeighbourEntry[];
  /** What stays announced at once: the owned routes less those that may not wait. */
  readonly routesKept: readonly Route[];
  /** What is to be announced once the entries are there. */
  readonly routesWanted: readonly Route[];
  readonly quiet: readonly QuietRoute[];
  readonly foreign: readonly ActualNeighbour[];
  /** Entries and routes that go because their grant went away: what the removal limit counts. */
  readonly grantsGone: { readonly entries: number; readonly routes: number };
}

/** Pure; the thinking of a reconcile. Applying it is dull. */
export function planChanges(desired: DesiredState, actual: Actual): Plan {
  const ours = actual.switch.neighbours.filter((entry) => entry.ours);
  const foreign = actual.switch.neighbours.filter((entry) => !entry.ours);
  const entries = planEntries(desired, ours, foreign);
  const routes = planRoutes(desired, actual, foreign);
  return {
    lines: [...routes.withdrawn, ...entries.added, ...routes.added, ...routes.replaced, ...entries.removed],
    addEntries: entries.add,
    removeEntries: entries.remove,
    routesKept: routes.kept,
    routesWanted: routes.wanted,
    quiet: routes.quiet,
    foreign,
    grantsGone: {
      entries: entries.removed.filter((line) => line.why === 'grant-gone').length,
      routes: routes.withdrawn.filter((line) => line.why === 'grant-gone').length,
    },
  };
}

function planEntries(desired: DesiredState, ours: readonly ActualNeighbour[], foreign: readonly ActualNeighbour[]) {
  const present = new Map(ours.map((entry) => [entryKey(entry), entry]));
  const foreignKeys = new Set(foreign.map(entryKey));
  // An entry of somebody else's under the same key is shown, never overwritten.
  const wanted = desired.neighbours.filter((entry) => !foreignKeys.has(entryKey(entry)));
  const wantedKeys = new Set(wanted.map(entryKey));
  const add = wanted.filter((entry) => present.get(entryKey(entry))?.mac !== entry.mac);
  const remove = ours.filter((entry) => !wantedKeys.has(entryKey(entry)));
  const addresses = new Set(desired.neighbours.map((entry) => entry.address));
  const handles = new Set(desired.neighbours.filter(isLinkLocalEntry).map((entry) => entry.interface));
  const replaced = (entry: NeighbourEntry): boolean =>
    addresses.has(entry.address) || (isLinkLocalEntry(entry) && handles.has(entry.interface));
  const added = add.map((entry): PlanLine => ({
    change: 'add',
    kind: 'neighbour',
    line: neighbourLine(entry),
    why: 'grant',
    interface: entry.interface,
    serverId: entry.serverId,
    cause: entry.cause,
  }));
  const removed = remove.map((entry): PlanLine => ({
    change: 'remove',
    kind: 'neighbour',
    line: neighbourLine(entry),
    why: replaced(entry) ? 'replaced' : 'grant-gone',
    interface: entry.interface,
  }));
  return { add, remove, added, removed };
}

function planRoutes(desired: DesiredState, { switch: state, bgp }: Actual, foreign: readonly ActualNeighbour[]) {
  const foreignKeys = new Set(foreign.map(entryKey));
  const quiet: QuietRoute[] = [];
  const announced: DesiredRoute[] = [];
  const granted = new Map(desired.routes.map((route) => [destinationOf(route), route]));
  const silenced = new Map<string, Why>();
  for (const route of bgp === undefined ? [] : desired.routes) {
    const silence = whySilent(route, state, foreignKeys);
    if (silence === undefined) announced.push(route);
    else {
      silenced.set(destinationOf(route), silence.why);
      quiet.push({ serverId: route.serverId, route: destinationOf(route), reason: silence.reason });
    }
  }
  const present = new Set(state.neighbours.map(entryKey));
  const owned = bgp?.owned ?? [];
  const withdrawn: PlanLine[] = [];
  const kept: Route[] = [];
  for (const route of owned) {
    const why = whyWithdraw(route, granted, silenced, present, state);
    if (why === undefined) kept.push(route);
    else withdrawn.push(routeChange('remove', route, why, granted.get(destinationOf(route))?.serverId));
  }
  const ownedLines = new Set(owned.map(routeLine));
  const added = announced
    .filter((route) => !ownedLines.has(routeLine(route)))
    .map((route) => routeChange('add', route, 'grant', route.serverId, route.cause));
  const announcedLines = new Set(announced.map(routeLine));
  const replaced = kept
    .filter((route) => !announcedLines.has(routeLine(route)))
    .map((route) => routeChange('remove', route, 'replaced', granted.get(destinationOf(route))?.serverId));
  return { kept, wanted: announced, withdrawn, added, replaced, quiet };
}

function whySilent(
  route: DesiredRoute,
  state: SwitchState,
  foreignKeys: ReadonlySet<string>,
): { why: Why; reason: string } | undefined {
  if (!route.linkUp) return { why: 'link-down', reason: `the link of ${route.port} is not reported up` };
  const notReady = whyNotReady(state, route.interface, route.gatewayAddresses);
  if (notReady !== undefined) return { why: 'gateway-lost', reason: notReady };
  const key = entryOfRoute(route);
  return foreignKeys.has(key)
    ? { why: 'entry-missing', reason: `neighbour entry ${key} is somebody else's` }
    : undefined;
}

/** Why an owned route may not stay for another moment; undefined when it may wait for the phase of the routes. */
function whyWithdraw(
  route: Route,
  granted: ReadonlyMap<string, DesiredRoute>,
  silenced: ReadonlyMap<string, Why>,
  present: ReadonlySet<string>,
  state: SwitchState,
): Why | undefined {
  const destination = destinationOf(route);
  const wanted = granted.get(destination);
  if (wanted === undefined) return 'grant-gone';
  const silence = silenced.get(destination);
  if (silence !== undefined) return silence;
  if (!present.has(entryOfRoute(route))) return 'entry-missing';
  if (whyNotReady(state, route.interface, wanted.gatewayAddresses) !== undefined) return 'gateway-lost';
  return undefined;
}

function routeChange(change: 'add' | 'remove', route: Route, why: Why, serverId?: ServerId, cause?: number): PlanLine {
  const line: PlanLine = { change, kind: 'route', line: routeLine(route), why, interface: route.interface };
  return { ...line, ...(serverId === undefined ? {} : { serverId }), ...(cause === undefined ? {} : { cause }) };
}
