import { formatIpv4, type Ipv4Address } from '../../../events/index.js';
import type { NetworkMap } from '../../../projections/index.js';
import type { SourceEmbedding } from '../../config/source-embedding.js';
import { embeddedSource } from '../embedding/embedded-source.js';
import { type FindIndex, isChosen, type Owner } from './find-index.js';
import { serversOfCustomer } from './servers-of-customer.js';
import { type Found, type Hit, hitKinds, type HitKind, hitOf } from './hit.js';
import { type ColumnName, type Naming, namesOf } from './names-of.js';
import { matches, type Probe, type Reading } from './probe.js';
import { readText } from './reading.js';

/** Hits of one kind, the best first. */
export interface HitGroup {
  readonly kind: HitKind;
  readonly hits: readonly Hit[];
  /** True where more fit than are told. */
  readonly more: boolean;
}

export interface FindAnswer {
  /** What the text may mean, in words. */
  readonly understood: readonly string[];
  /** Of the last event of the map. */
  readonly ordinal: number;
  /** How far the index is made, 0 to 1. Below 1 only whole names were looked for. */
  readonly indexed: number;
  /** Kinds with an exact hit first. */
  readonly groups: readonly HitGroup[];
}

/** Entries looked at for one meaning at most, where what fits lies scattered. */
const mostLooks = 20_000;
/** Servers of a customer that are counted; more are told as so many and one. */
export const mostCounted = 200;

export const kindOf: Readonly<Record<ColumnName, HitKind>> = {
  server: 'server',
  customer: 'customer',
  port: 'port',
  mac: 'mac',
  eui64: 'address',
  ipv4: 'address',
  ipv6: 'address',
  prefix: 'prefix',
  violation: 'violation',
};

/** What a text may mean, with what an address carries inside by one of these prefixes. */
export function understand(text: string, embeddings: readonly SourceEmbedding[]): Reading {
  const reading = readText(text);
  const carried = reading.ipv6 && embeddedSource(reading.ipv6, embeddings)?.address;
  return carried === undefined ? reading : withCarried(reading, carried);
}

function withCarried(reading: Reading, carried: Ipv4Address): Reading {
  const inner = readText(carried);
  return {
    ...reading,
    says: [...reading.says, `a source that carries ${carried}`],
    probes: [...reading.probes, ...inner.probes.filter(({ column }) => column === 'ipv4')],
  };
}

/** The search of one text in the live map. */
export class Search {
  private readonly found = new Map<string, Found>();
  private readonly more = new Set<HitKind>();

  /** @param index where there is none, only whole names are found */
  constructor(
    private readonly map: NetworkMap,
    private readonly index: FindIndex | undefined,
    private readonly reading: Reading,
    private readonly limit: number,
  ) {}

  groups(): HitGroup[] {
    const { index } = this;
    if (index === undefined) for (const owner of ownersOf(this.map, this.reading)) this.look(owner);
    else {
      for (const probe of this.reading.probes) this.probe(index, probe);
      for (const owner of index.loose()) this.look(owner);
    }
    this.addAddress();
    const groups = hitKinds.map((kind) => this.group(kind)).filter(({ hits }) => hits.length > 0);
    const best = ({ hits: [first] }: HitGroup): number => (first?.match === 'exact' ? 0 : 1);
    return groups.sort((a, b) => best(a) - best(b));
  }

  private group(kind: HitKind): HitGroup {
    const found = [...this.found.values()].filter((one) => one.kind === kind).sort(byMatch);
    const hits = found.slice(0, this.limit).map((one) => hitOf(this.map, this.withOwners(one), this.serversOf(one)));
    return { kind, hits, more: found.length > this.limit || this.more.has(kind) };
  }

  private probe(index: FindIndex, probe: Probe): void {
    const kind = kindOf[probe.column];
    const seen = new Set<string>();
    let looks = 0;
    for (const part of probe.isWithin === true ? (['whole', 'inner'] as const) : (['whole'] as const)) {
      for (const stretch of probe.stretches) {
        if (seen.size > this.limit || looks > mostLooks) break;
        index.visit(probe.column, part, stretch, (name, owner) => {
          if (++looks > mostLooks) return 'enough';
          if (probe.fit(isChosen(probe.column) ? name.toLowerCase() : name) === undefined) return 'next name';
          if (!this.take(owner, probe)) return 'next';
          seen.add(name);
          return seen.size > this.limit ? 'enough' : 'next name';
        });
      }
    }
    if (seen.size > this.limit || looks > mostLooks) this.more.add(kind);
  }

  /** True when the row has a name that fits. */
  private take(owner: Owner, probe: Probe): boolean {
    let fits = false;
    for (const naming of namesOf(this.map, owner.source, owner.key)) fits = this.fit(owner, naming, probe) || fits;
    return fits;
  }

  private look(owner: Owner): void {
    const names = namesOf(this.map, owner.source, owner.key);
    for (const probe of this.reading.probes) for (const naming of names) this.fit(owner, naming, probe);
  }

  private fit(owner: Owner, naming: Naming, probe: Probe): boolean {
    const match = naming.column === probe.column ? probe.fit(naming.key) : undefined;
    if (match === undefined) return false;
    const kind = kindOf[naming.column];
    const id = `${kind} ${naming.name}`;
    let found = this.found.get(id);
    if (found === undefined) {
      const through = naming.column === 'eui64' ? `link-local of its MAC` : undefined;
      found = { kind, name: naming.name, key: naming.key, match, owners: new Map(), ...(through && { through }) };
      this.found.set(id, found);
    }
    if (rankOf(match) < rankOf(found.match)) found.match = match;
    found.owners.set(`${owner.source} ${owner.key}`, { owner, naming });
    return true;
  }

  /** An address that nobody was sold by itself belongs to whom the prefix around it was sold. */
  private addAddress(): void {
    const { ipv6 } = this.reading;
    const around = [...this.found.values()].filter(({ match, kind }) => match === 'around' && kind === 'prefix');
    const [closest] = around.sort(byMatch);
    if (ipv6 === undefined || closest === undefined || this.found.has(`address ${ipv6}`)) return;
    const { owners, name: through } = closest;
    this.found.set(`address ${ipv6}`, {
      kind: 'address',
      name: ipv6,
      key: '',
      match: 'exact',
      through: `in ${through}`,
      owners,
    });
  }

  /** With the others who have the same name: the visit went on when it had found one. */
  private withOwners(found: Found): Found {
    const { index, map } = this;
    if (index === undefined || found.kind === 'port' || found.kind === 'violation') return found;
    const [first] = found.owners.values();
    if (first === undefined) return found;
    const { column, key } = first.naming;
    let looks = 0;
    index.visit(column, 'whole', [key, key], (name, owner) => {
      if (name.length !== key.length || ++looks > 64 || found.owners.size > 8) return 'enough';
      const naming = namesOf(map, owner.source, owner.key).find(
        (one) => one.column === column && one.name === first.naming.name,
      );
      if (naming !== undefined) found.owners.set(`${owner.source} ${owner.key}`, { owner, naming });
      return 'next';
    });
    return found;
  }

  /** Of a customer how many servers it has; counted no further than `mostCounted`. */
  private serversOf({ kind, name }: Found): number | undefined {
    const { index, map } = this;
    if (index === undefined || kind !== 'customer') return undefined;
    return serversOfCustomer(map, index, name, mostCounted).size;
  }
}

const rankOf = (match: Found['match']): number => matches.indexOf(match);

function byMatch(a: Found, b: Found): number {
  if (a.match !== b.match) return rankOf(a.match) - rankOf(b.match);
  // Of the prefixes around an address the closest comes first.
  if (a.match === 'around') return b.key.length - a.key.length || (a.key < b.key ? 1 : -1);
  return a.key < b.key ? -1 : a.key > b.key ? 1 : a.name < b.name ? -1 : 1;
}

/** The rows that have a whole name, as the map itself knows them. */
function ownersOf(map: NetworkMap, { text, probes }: Reading): Owner[] {
  const owners: Owner[] = ['assignments', 'links', 'seen-macs', 'violations'].map((source) => ({
    source: source as Owner['source'],
    key: text,
  }));
  const servers = new Set<string>(map.bindingsOnPort(text).map(({ serverId }) => serverId));
  for (const { column, stretches } of probes) {
    for (const [key] of stretches) for (const id of serversWith(map, column, key)) servers.add(id);
  }
  return [...owners, ...[...servers].map((key): Owner => ({ source: 'assignments', key }))];
}

function serversWith(map: NetworkMap, column: ColumnName, key: string): string[] {
  if ((column === 'mac' || column === 'eui64') && key.length === 12) {
    const mac = key.replace(/(..)(?=.)/g, '$1:');
    return [...map.bindingsOfMac(mac), ...map.rowsOnceNamed(mac)].map(({ serverId }) => serverId);
  }
  if (column === 'ipv4' && key.length === 8) {
    const address = formatIpv4(Number.parseInt(key, 16));
    const holder = map.holderOfAddress(address);
    return [...(holder === undefined ? [] : [holder]), ...map.rowsOnceNamed(address)].map(({ serverId }) => serverId);
  }
  return [];
}
