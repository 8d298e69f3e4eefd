import type { ServerId } from '../../events/index.js';
import type { DesiredNeighbour, DesiredRoute, DesiredState } from '../../projections/index.js';
import type { BgpState, Route } from '../drivers/bgp/bgp.port.js';
import type { ActualNeighbour, NeighbourEntry, SwitchState } from '../drivers/switch/switch.port.js';
import { whyNotReady } from './gateway-ready.js';
import { EntryIndex } from './entry-index.js';
import {
  destinationOf,
  entryOfRoute,
  isLinkLocalEntry,
  isSameRoute,
  neighbourLine,
  placeOfRoute,
  routeLine,
  targetOf,
} from './lines.js';

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
  /** What of ours stands in its place now, where an added line takes the place of another. */
  readonly before?: string;
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
  const present = new EntryIndex(ours);
  const foreignAt = new EntryIndex(foreign);
  // An entry of somebody else's under the same key is shown, never overwritten.
  const wanted =
    foreign.length === 0 ? desired.neighbours : desired.neighbours.filter((entry) => foreignAt.at(entry) === undefined);
  const add: DesiredNeighbour[] = [];
  const before = new Map<DesiredNeighbour, string>();
  const stays = new Set<ActualNeighbour>();
  for (const entry of wanted) {
    const held = present.at(entry);
    if (held !== undefined) {
      stays.add(held);
      if (held.mac !== entry.mac) before.set(entry, neighbourLine(held));
    }
    if (held?.mac !== entry.mac) add.push(entry);
  }
  const remove = stays.size === ours.length ? [] : notWanted(ours, wanted);
  const replaced = remove.length === 0 ? () => false : replacedBy(desired);
  const added = add.map((entry): PlanLine => ({
    change: 'add',
    kind: 'neighbour',
    line: neighbourLine(entry),
    ...beforeOf(before.get(entry)),
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

const beforeOf = (before: string | undefined): { readonly before?: string } => (before === undefined ? {} : { before });

function notWanted(ours: readonly ActualNeighbour[], wanted: readonly DesiredNeighbour[]): ActualNeighbour[] {
  const wantedAt = new EntryIndex(wanted);
  return ours.filter((entry) => wantedAt.at(entry) === undefined);
}

/** Whether something else is wanted in the place of an entry: its address elsewhere, or another handle on its interface. */
function replacedBy({ neighbours }: DesiredState): (entry: NeighbourEntry) => boolean {
  const addresses = new Set(neighbours.map((entry) => entry.address));
  const handles = new Set(neighbours.filter(isLinkLocalEntry).map((entry) => entry.interface));
  return (entry) => addresses.has(entry.address) || (isLinkLocalEntry(entry) && handles.has(entry.interface));
}

function planRoutes(desired: DesiredState, { switch: state, bgp }: Actual, foreign: readonly ActualNeighbour[]) {
  const foreignAt = new EntryIndex(foreign);
  const present = new EntryIndex(state.neighbours);
  const quiet: QuietRoute[] = [];
  const announced: DesiredRoute[] = [];
  const granted = new Map<string, DesiredRoute>();
  const silenced = new Map<string, Why>();
  for (const route of desired.routes) {
    granted.set(targetOf(route), route);
    if (bgp === undefined) continue;
    const silence = whySilent(route, state, foreignAt);
    if (silence === undefined) announced.push(route);
    else {
      silenced.set(targetOf(route), silence.why);
      quiet.push({ serverId: route.serverId, route: destinationOf(route), reason: silence.reason });
    }
  }
  const withdrawn: PlanLine[] = [];
  const kept: Route[] = [];
  const replaced: PlanLine[] = [];
  /** Wanted routes that are owned just so. */
  const held = new Set<DesiredRoute>();
  for (const route of bgp?.owned ?? []) {
    const wanted = granted.get(targetOf(route));
    const isHeld = wanted !== undefined && isSameRoute(wanted, route);
    if (isHeld) held.add(wanted);
    const why = whyWithdraw(route, wanted, silenced, present, state);
    if (why !== undefined) withdrawn.push(routeChange('remove', route, why, wanted?.serverId));
    else {
      kept.push(route);
      if (!isHeld) replaced.push(routeChange('remove', route, 'replaced', wanted?.serverId));
    }
  }
  const added = announced
    .filter((route) => !held.has(route))
    .map((route) => routeChange('add', route, 'grant', route.serverId, route.cause));
  return { kept, wanted: announced, withdrawn, added, replaced, quiet };
}

function whySilent(
  route: DesiredRoute,
  state: SwitchState,
  foreignAt: EntryIndex<ActualNeighbour>,
): { why: Why; reason: string } | undefined {
  if (!route.linkUp) return { why: 'link-down', reason: `the link of ${route.port} is not reported up` };
  const notReady = whyNotReady(state, route.interface, route.gatewayAddresses);
  if (notReady !== undefined) return { why: 'gateway-lost', reason: notReady };
  return foreignAt.at(placeOfRoute(route)) === undefined
    ? undefined
    : { why: 'entry-missing', reason: `neighbour entry ${entryOfRoute(route)} is somebody else's` };
}

/** Why an owned route may not stay for another moment; undefined when it may wait for the phase of the routes. */
function whyWithdraw(
  route: Route,
  wanted: DesiredRoute | undefined,
  silenced: ReadonlyMap<string, Why>,
  present: EntryIndex<ActualNeighbour>,
  state: SwitchState,
): Why | undefined {
  if (wanted === undefined) return 'grant-gone';
  const silence = silenced.size === 0 ? undefined : silenced.get(targetOf(route));
  if (silence !== undefined) return silence;
  if (present.at(placeOfRoute(route)) === undefined) return 'entry-missing';
  // On the wanted interface the wanted route was asked already.
  if (route.interface === wanted.interface) return undefined;
  if (whyNotReady(state, route.interface, wanted.gatewayAddresses) !== undefined) return 'gateway-lost';
  return undefined;
}

function routeChange(change: 'add' | 'remove', route: Route, why: Why, serverId?: ServerId, cause?: number): PlanLine {
  const line: PlanLine = { change, kind: 'route', line: routeLine(route), why, interface: route.interface };
  return { ...line, ...(serverId === undefined ? {} : { serverId }), ...(cause === undefined ? {} : { cause }) };
}
