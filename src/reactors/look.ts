import type { DesiredState } from '../../projections/index.js';
import { destinationOf, neighbourLine, routeLine } from './lines.js';
import type { Actual } from './plan.js';
import { visibleLines } from './recorder.js';

/** The lines that the map grants one server on a device, in our own notation. */
export interface GrantedLines {
  readonly neighbours: readonly string[];
  readonly routes: readonly { readonly line: string; readonly destination: string }[];
}

const nothing: GrantedLines = { neighbours: [], routes: [] };

/** What one look at a device saw and what the map wanted then; sorted by server only when somebody asks. */
export class Look {
  private granted: ReadonlyMap<string, GrantedLines> | undefined;
  private visible: ReadonlySet<string> | undefined;

  /** @param ordinal last event of the map that the device was compared with; -1 for an empty map */
  constructor(
    readonly ordinal: number,
    private readonly desired: DesiredState,
    private readonly actual: Actual,
  ) {}

  /** True where a BGP daemon was read: only then a route can be there. */
  get sawRoutes(): boolean {
    return this.actual.bgp !== undefined;
  }

  grantedTo(serverId: string): GrantedLines {
    this.granted ??= byServer(this.desired);
    return this.granted.get(serverId) ?? nothing;
  }

  /** Whether reading the device showed this line: an entry of ours, or a route in the daemon's table and the kernel's. */
  saw(line: string): boolean {
    this.visible ??= visibleLines(this.actual);
    return this.visible.has(line);
  }
}

function byServer({ neighbours, routes }: DesiredState): ReadonlyMap<string, GrantedLines> {
  const lines = new Map<string, { neighbours: string[]; routes: { line: string; destination: string }[] }>();
  const of = (serverId: string) => {
    const known = lines.get(serverId) ?? { neighbours: [], routes: [] };
    lines.set(serverId, known);
    return known;
  };
  for (const entry of neighbours) of(entry.serverId).neighbours.push(neighbourLine(entry));
  for (const route of routes)
    of(route.serverId).routes.push({ line: routeLine(route), destination: destinationOf(route) });
  return lines;
}
