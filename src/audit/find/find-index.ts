import { setImmediate } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import type { NetworkMap } from '../../../projections/index.js';
import type { LiveMap, MapChange } from '../../projector/live-map.js';
import { NameColumn, type Wish } from './name-column.js';
import { type ColumnName, columnNames, type Naming, namesOf, type Source, sources } from './names-of.js';
import { wordsIn } from './words.js';

/** A row of the map that has names. */
export interface Owner {
  readonly source: Source;
  readonly key: string;
}

/** So long the index is made at a stretch, ms, before everything else has its turn. */
const turnMs = 4;
/** So many changed rows are looked at one by one; more are taken into the order first. */
const mostLoose = 500;
/** After so many changes the index is given up, and made anew for the next who asks. */
const mostChanges = 200_000;
/** Rows named between two looks at the clock. */
const turnRows = 64;

type Columns = Readonly<Record<Stored, NameColumn>>;
/** The order of a link-local that follows from a MAC is that of the MACs. */
type Stored = Exclude<ColumnName, 'eui64'>;
const storedNames = columnNames.filter((one) => one !== 'eui64');

/**
 * The names of the map in order, made when somebody asks for the first time, in turns of a few milliseconds. What changes since
 * stands beside it, and is taken in once it is much. It may name what is gone: whoever finds a name here asks the row.
 */
export class FindIndex {
  private columns: Columns | undefined;
  private readonly changed = new Map<string, Owner>();
  private work: Promise<void> | undefined;
  private watched: Subscription | undefined;
  private named = 0;
  private takenIn = 0;
  private isClosed = false;

  constructor(private readonly liveMap: LiveMap) {}

  /** How far it is made, 0 to 1. */
  get progress(): number {
    if (this.columns !== undefined) return 1;
    const all = sources.reduce((sum, source) => sum + tableOf(this.liveMap.map, source).size, 0);
    // What is left when every row has been named is to put the names in order.
    return all === 0 ? 0 : Math.min(0.99, (0.6 * this.named) / all);
  }

  /** Bytes of the order, without what changed since. */
  get bytes(): number {
    return this.columns === undefined
      ? 0
      : storedNames.reduce((sum, name) => sum + (this.columns?.[name].bytes ?? 0), 0);
  }

  /** True as soon as the index can be asked; false when it is not made within that time. */
  async ready(waitMs: number): Promise<boolean> {
    if (!this.liveMap.live || this.isClosed) return false;
    if (this.columns !== undefined && this.changed.size <= mostLoose) return true;
    this.work ??= this.bringUp().finally(() => (this.work = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), waitMs)));
    const done = this.work.then(() => this.columns !== undefined);
    return Promise.race([done, late]).finally(() => clearTimeout(timer));
  }

  /** Visits names of a stretch in order, each with its owner as it was; undefined where there is no index. */
  visit(
    column: ColumnName,
    part: 'whole' | 'inner',
    [low, high]: readonly [string, string],
    visit: (name: string, owner: Owner) => Wish,
  ): void {
    const order = this.columns?.[column === 'eui64' ? 'mac' : column];
    order?.visit({ part, low, high }, (name, owner) => visit(name, ownerOf(this.liveMap.map, owner)));
  }

  /** The rows that changed since the names were put in order. */
  loose(): Iterable<Owner> {
    return this.changed.values();
  }

  close(): void {
    this.isClosed = true;
    this.forget();
  }

  private forget(): void {
    this.watched?.unsubscribe();
    this.watched = undefined;
    this.columns = undefined;
    this.changed.clear();
  }

  private async bringUp(): Promise<void> {
    if (this.columns === undefined) await this.make();
    else await this.takeIn(this.columns);
  }

  private async make(): Promise<void> {
    this.forget();
    this.named = 0;
    this.takenIn = 0;
    // What changes from here on is looked at once more.
    this.watched = this.liveMap.changes$.subscribe((changes) => this.note(changes));
    const columns = Object.fromEntries(storedNames.map((name) => [name, new NameColumn()])) as Columns;
    const places = new Map<string, number>();
    await this.inTurns(this.nameAll(columns, places));
    for (const name of storedNames) await this.inTurns(columns[name].settle());
    if (!this.isClosed && this.watched !== undefined) this.columns = columns;
  }

  private async takeIn(columns: Columns): Promise<void> {
    const taken = [...this.changed];
    await this.inTurns(
      this.nameSome(
        columns,
        taken.map(([, owner]) => owner),
      ),
    );
    for (const name of storedNames) await this.inTurns(columns[name].settle());
    // One that changed again meanwhile stands here anew, as another object.
    for (const [key, owner] of taken) if (this.changed.get(key) === owner) this.changed.delete(key);
    // Too much of what it names is gone.
    if ((this.takenIn += taken.length) > mostChanges) this.forget();
  }

  private *nameAll(columns: Columns, customers: Map<string, number>): Generator<void> {
    for (const source of sources) {
      const table = tableOf(this.liveMap.map, source);
      for (const key of table.keys()) {
        this.put(columns, { source, key }, customers);
        if (++this.named % turnRows === 0) yield;
      }
    }
  }

  private *nameSome(columns: Columns, owners: readonly Owner[]): Generator<void> {
    const customers = new Map<string, number>();
    for (const owner of owners) {
      this.put(columns, owner, customers);
      yield;
    }
  }

  /** @param customers where names stand that many rows have */
  private put(columns: Columns, owner: Owner, customers: Map<string, number>): void {
    const { map } = this.liveMap;
    const number = numberOf(map, owner);
    if (number < 0) return;
    for (const naming of namesOf(map, owner.source, owner.key)) {
      const { column, key, name } = naming;
      if (column === 'eui64' || isToldElsewhere(map, owner, naming)) continue;
      const words = wordsIn(column, key);
      const place = column === 'customer' ? customers.get(name) : undefined;
      if (place !== undefined) columns.customer.addAgain(place, number, words);
      else {
        const added = columns[column].add(isChosen(column) ? name : key, number, words);
        if (column === 'customer') customers.set(name, added);
      }
    }
  }

  private note(changes: readonly MapChange[]): void {
    for (const { table, key } of changes) {
      const source = sources.find((one) => one === table);
      if (source !== undefined) this.changed.set(`${source} ${key}`, { source, key });
    }
    if (this.changed.size > mostChanges) this.forget();
  }

  private async inTurns(steps: Generator<void>): Promise<void> {
    let begun = performance.now();
    for (;;) {
      if (steps.next().done === true || this.isClosed) return;
      if (performance.now() - begun < turnMs) continue;
      await setImmediate();
      begun = performance.now();
    }
  }
}

/** Names that people chose: kept in their own upper and lower case. */
export function isChosen(column: ColumnName): boolean {
  return column === 'server' || column === 'customer' || column === 'port' || column === 'violation';
}

/** A port of which the link was told stands in the order already; it is there for as long as any row has it. */
function isToldElsewhere(map: NetworkMap, { source }: Owner, { column, name }: Naming): boolean {
  return column === 'port' && source !== 'links' && map.links.slotOf(name) >= 0;
}

export function tableOf(map: NetworkMap, source: Source): NetworkMap['links'] | NetworkMap['assignments'] {
  const { assignments, links, seenMacs, gateways, violations } = map;
  const tables = { assignments, links, 'seen-macs': seenMacs, gateways, violations };
  return tables[source] as NetworkMap['links'];
}

/** A row as one number: its slot and its table. */
function numberOf(map: NetworkMap, { source, key }: Owner): number {
  const slot = tableOf(map, source).slotOf(key);
  return slot < 0 ? -1 : slot * sources.length + sources.indexOf(source);
}

function ownerOf(map: NetworkMap, number: number): Owner {
  const source = sources[number % sources.length] ?? 'assignments';
  return { source, key: tableOf(map, source).keyAt(Math.floor(number / sources.length)) };
}
