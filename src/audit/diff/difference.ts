import type { ServerId } from '../../../events/index.js';
import type { NetworkMap, ViolationRow } from '../../../projections/index.js';
import type { FactRef } from '../fact.js';
import { type ServerView, serverView } from './server-view.js';

/** One thing that is told otherwise in the later map; absent where it is not there at all. */
export interface FieldDifference {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
}

export interface LineDifference {
  readonly change: 'add' | 'remove';
  readonly line: string;
}

export interface ServerDifference {
  readonly kind: 'server';
  readonly serverId: ServerId;
  readonly fields: readonly FieldDifference[];
  /** Entries and routes that its devices should have. */
  readonly neighbours: readonly LineDifference[];
  readonly routes: readonly LineDifference[];
}

export interface ViolationDifference {
  readonly kind: 'violation';
  readonly violationId: string;
  readonly rule: string;
  readonly port?: string;
  readonly fields: readonly FieldDifference[];
}

export type Difference = ServerDifference | ViolationDifference;
/** With the facts between the two maps that made it. */
export type CausedDifference = Difference & { readonly causes: readonly FactRef[] };
/** With the streams whose facts can have made it. */
export type TracedDifference = { readonly difference: Difference; readonly streams: readonly string[] };

const nothing: ServerView = {
  ...{ fields: {}, neighbours: [], routes: [] },
  ...{ holders: [], port: undefined, switch: undefined },
};

/** How two maps differ in some servers and violations: the servers first, each kind by its id. */
export function differences(
  before: NetworkMap,
  after: NetworkMap,
  { servers, violationIds }: { readonly servers: Iterable<ServerId>; readonly violationIds: Iterable<string> },
): TracedDifference[] {
  const found: TracedDifference[] = [];
  for (const serverId of [...servers].sort()) {
    const [was, is] = [serverView(before, serverId) ?? nothing, serverView(after, serverId) ?? nothing];
    const fields = fieldDifferences(was.fields, is.fields);
    const neighbours = lineDifferences(was.neighbours, is.neighbours);
    const routes = lineDifferences(was.routes, is.routes);
    if (fields.length + neighbours.length + routes.length === 0) continue;
    const difference: ServerDifference = { kind: 'server', serverId, fields, neighbours, routes };
    found.push({ difference, streams: streamsOf(difference, [was, is], () => rivalsBefore(before, after, serverId)) });
  }
  for (const violationId of [...violationIds].sort()) {
    const [was, is] = [before.violations.get(violationId), after.violations.get(violationId)];
    const fields = fieldDifferences(violationFields(was), violationFields(is));
    const row = is ?? was;
    if (row === undefined || fields.length === 0) continue;
    const { rule, port } = row;
    const difference: Difference = {
      ...{ kind: 'violation', violationId, rule, fields },
      ...(port === undefined ? {} : { port }),
    };
    found.push({ difference, streams: [`violation-${violationId}`] });
  }
  return found;
}

const claimFields: ReadonlySet<string> = new Set(['state', 'addresses', 'prefixes', 'conflicts']);

/** Where its link differs, its port has a part in it; where who stands before it, these servers; where its lines, its gateway. */
function streamsOf(
  { serverId, fields, neighbours, routes }: ServerDifference,
  views: readonly ServerView[],
  rivals: () => readonly string[],
): string[] {
  const claims = fields.some(({ field }) => claimFields.has(field));
  const link = routes.length > 0 || fields.some(({ field }) => field === 'link');
  const lines = neighbours.length + routes.length > 0;
  const others = views.flatMap(({ holders, port, switch: name }) => [
    ...(claims ? holders.map((one) => `server-${one}`) : []),
    ...(link && port !== undefined ? [`port-${port}`] : []),
    ...(lines && name !== undefined ? [`gateway-${name}`] : []),
  ]);
  const letGo = claims ? rivals().map((one) => `server-${one}`) : [];
  return [...new Set([`server-${serverId}`, ...others, ...letGo])];
}

/** Who claimed in the earlier map what the server claims in the later one: it may have it because they let go. */
function rivalsBefore(before: NetworkMap, after: NetworkMap, serverId: ServerId): string[] {
  const claims = after.assignments.get(serverId)?.claims ?? [];
  return claims.flatMap((claim) => before.claims.rivalsOf(serverId, claim).map((rival) => rival.serverId));
}

/** Where a difference stands among all. */
export function keyOf(one: Difference): string {
  return one.kind === 'server' ? `server:${one.serverId}` : `violation:${one.violationId}`;
}

function fieldDifferences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): FieldDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => before[field] !== after[field])
    .map((field) => ({
      field,
      ...(before[field] === undefined ? {} : { before: before[field] }),
      ...(after[field] === undefined ? {} : { after: after[field] }),
    }));
}

function lineDifferences(before: readonly string[], after: readonly string[]): LineDifference[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => ({ change: 'remove' as const, line }));
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => ({ change: 'add' as const, line }))];
}

/** What people ask of a violation; the rest of its row never changes, or says when it did. */
function violationFields(row: ViolationRow | undefined): Record<string, string> {
  if (row === undefined) return {};
  const { state, severity, count, assignee, ticket, quiet, exoneratedBy, containmentRefused } = row;
  const fields = { state, severity, count, assignee, ticket, quiet, exoneratedBy, containmentRefused };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
