import type { DesiredState } from '../../projections/index.js';
import type { ActualNeighbour, NeighbourEntry } from '../drivers/switch/switch.port.js';
import { EntryIndex } from './entry-index.js';
import { destinationOf, neighbourLine, routeLine } from './lines.js';
import type { Actual } from './plan.js';
import { visibleLines } from './recorder.js';

/** The lines that the map grants one server on a device, in our own notation. */
export interface GrantedLines {
  readonly neighbours: readonly string[];
  /** What `neighbours` says, in the same order. */
  readonly entries: readonly NeighbourEntry[];
  readonly routes: readonly { readonly line: string; readonly destination: string }[];
}

const nothing: GrantedLines = { neighbours: [], entries: [], routes: [] };

/** What one look at a device saw and what the map wanted then; sorted by server only when somebody asks. */
export class Look {
  private granted: ReadonlyMap<string, GrantedLines> | undefined;
  private present: EntryIndex<ActualNeighbour> | undefined;
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

  /** What stands in the place of entries that the map grants a server: one with another MAC, or one that is not ours. */
  otherwiseFor(serverId: string): { readonly line: string; readonly mac: string; readonly ours: boolean }[] {
    const { entries } = this.grantedTo(serverId);
    if (entries.length === 0) return [];
    this.present ??= new EntryIndex(this.actual.switch.neighbours);
    const { present } = this;
    return entries.flatMap((entry) => {
      const held = present.at(entry);
      if (held === undefined || (held.mac === entry.mac && held.ours)) return [];
      return [{ line: neighbourLine(entry), mac: held.mac, ours: held.ours }];
    });
  }

  /** Whether reading the device showed this line: an entry of ours, or a route in the daemon's table and the kernel's. */
  saw(line: string): boolean {
    this.visible ??= visibleLines(this.actual);
    return this.visible.has(line);
  }
}

function byServer({ neighbours, routes }: DesiredState): ReadonlyMap<string, GrantedLines> {
  const lines = new Map<
    string,
    { neighbours: string[]; entries: NeighbourEntry[]; routes: { line: string; destination: string }[] }
  >();
  const of = (serverId: string) => {
    const known = lines.get(serverId) ?? { neighbours: [], entries: [], routes: [] };
    lines.set(serverId, known);
    return known;
  };
  for (const entry of neighbours) {
    const own = of(entry.serverId);
    own.neighbours.push(neighbourLine(entry));
    own.entries.push(entry);
  }
  for (const route of routes)
    of(route.serverId).routes.push({ line: routeLine(route), destination: destinationOf(route) });
  return lines;
}
