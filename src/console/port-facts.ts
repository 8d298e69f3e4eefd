/** A server as the map has it; what billing did not say is absent. */
export interface Binding {
  readonly serverId: string;
  readonly state: string;
  readonly customerId?: string;
  readonly switch?: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly mac?: string;
  readonly otherMacs: readonly string[];
  readonly linkLocal?: string;
  readonly addresses: readonly { readonly address: string; readonly heldBy?: string }[];
  readonly prefixes: readonly { readonly prefix: string; readonly heldBy?: string }[];
  readonly unallocated: readonly string[];
  readonly conflicts: readonly { readonly claim: string; readonly holder: string }[];
  readonly link: string;
}

export interface MapPage {
  readonly bindings: readonly Binding[];
  readonly next?: string;
}

/** What one device holds of a server. Lines are in portledger's own notation. */
export interface OnDevice {
  readonly device: string;
  readonly mode: string;
  readonly state: string;
  readonly granted: readonly string[];
  readonly announced: readonly string[];
  readonly missing: readonly string[];
  /** Missing, because another entry stands in its place: one of ours with another MAC, or somebody else's, which is never changed. */
  readonly otherwise?: readonly { readonly line: string; readonly mac: string; readonly ours: boolean }[];
  /** `+` is to come, `-` is to go. */
  readonly waiting: readonly string[];
  readonly quiet: readonly { readonly route: string; readonly reason: string }[];
  readonly withheld: readonly { readonly what: string; readonly reason: string }[];
  readonly link?: { readonly up?: boolean; readonly stale: readonly { readonly reason: string }[] };
  readonly confirmed: boolean;
}

/** One event, as the status of a server or the log tells it. */
export interface PortEvent {
  readonly type: string;
  readonly time: string;
  readonly effect?: string;
  readonly ordinal: number;
}

export interface ServerStatus {
  readonly serverId: string;
  readonly frozen: boolean;
  readonly facts: readonly PortEvent[];
  readonly devices: readonly OnDevice[];
  readonly settled: boolean;
}

/** A line that is to be on a device, and whether it is. */
export interface EntryLine {
  readonly line: string;
  readonly actual: 'there' | 'missing' | 'another MAC' | 'to go' | 'not announced' | 'withheld';
  readonly reason?: string;
}

/** Desired and actual side by side: every line that should be there, then what is there and should not be. */
export function entryLines(device: OnDevice): EntryLine[] {
  const missing = new Set(device.missing);
  const others = new Map((device.otherwise ?? []).map((other) => [other.line, other]));
  const quiet = new Map(device.quiet.map(({ route, reason }) => [route, reason]));
  const wanted = device.granted.map((line): EntryLine => {
    const reason = [...quiet].find(([route]) => line.includes(` ${route} `) || line.startsWith(`${route} `))?.[1];
    if (reason !== undefined) return { line, actual: 'not announced', reason };
    const other = others.get(line);
    if (other !== undefined) {
      const reason = `${other.mac} stands there${other.ours ? '' : ', in an entry of somebody else’s'}`;
      return { line, actual: line.endsWith(` ${other.mac}`) ? 'missing' : 'another MAC', reason };
    }
    return { line, actual: missing.has(line) ? 'missing' : 'there' };
  });
  const going = device.waiting
    .filter((line) => line.startsWith('- '))
    .map((line): EntryLine => ({ line: line.slice(2), actual: 'to go' }));
  const withheld = device.withheld.map(({ what, reason }): EntryLine => ({ line: what, actual: 'withheld', reason }));
  return [...wanted, ...going, ...withheld];
}
