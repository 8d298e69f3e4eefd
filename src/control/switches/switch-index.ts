import { setImmediate as breathe } from 'node:timers/promises';
import { type PortId, switchOf } from '../../../events/index.js';
import { grown, type NetworkMap } from '../../../projections/index.js';

/** Rows taken in one go: the engine does other things in between. */
const rowsAtATime = 2_000;
const none = 0;

/**
 * The switches that anything is known of, and the ports of each that a link source ever told of: numbers beside the slots
 * of the map, about 12 bytes a server and port. Taken from the map once, and kept up row by row.
 */
export class SwitchIndex {
  private readonly numbers = new Map<string, number>();
  /** By number, from 1 on. */
  private readonly names: string[] = [''];
  /** How many servers each number has. */
  private readonly servers: number[] = [0];
  /** The number of the switch that the server in a slot is sold on. */
  private switchAt = new Uint32Array(16);
  /** Chains of slots of the table of links: one more than the first slot of a number, and than the slot after one. */
  private readonly firstLink: number[] = [0];
  private nextLink = new Int32Array(16);
  private readonly linked = new Set<number>();
  private sorted: string[] | undefined;

  constructor(
    private readonly map: Pick<NetworkMap, 'assignments' | 'links'>,
    /** Switches that are there whatever the log says. */
    configured: Iterable<string>,
  ) {
    for (const name of configured) this.linked.add(this.numberOf(name));
  }

  /** Takes all that the map has. What changes meanwhile is to be taken again afterwards. */
  async takeAll(): Promise<void> {
    let taken = 0;
    for (const key of this.map.assignments.keys()) {
      this.takeServer(key);
      if (++taken % rowsAtATime === 0) await breathe();
    }
    for (const key of this.map.links.keys()) {
      this.takeLink(key);
      if (++taken % rowsAtATime === 0) await breathe();
    }
  }

  /** A row of a server changed; gives the switches whose ports that concerns. */
  takeServer(serverId: string): string[] {
    const { assignments } = this.map;
    const slot = assignments.slotOf(serverId);
    if (slot < 0) return [];
    if (slot >= this.switchAt.length) this.switchAt = grown(this.switchAt, slot + 1);
    const port = assignments.at(slot).port?.value;
    const before = this.switchAt[slot] ?? none;
    const after = port === undefined ? none : this.numberOf(switchOf(port));
    this.switchAt[slot] = after;
    if (before !== after) {
      this.count(before, -1);
      this.count(after, 1);
    }
    return [...new Set([before, after])].filter((number) => number !== none).map((number) => this.names[number] ?? '');
  }

  /** The link of a port was told; gives its switch. */
  takeLink(port: string): string {
    const slot = this.map.links.slotOf(port);
    const name = switchOf(port as PortId);
    if (slot < 0) return name;
    if (slot >= this.nextLink.length) this.nextLink = grown(this.nextLink, slot + 1);
    if (this.nextLink[slot] !== 0) return name; // In its chain already.
    const number = this.numberOf(name);
    this.nextLink[slot] = this.firstLink[number] || -1;
    this.firstLink[number] = slot + 1;
    if (!this.linked.has(number)) this.sorted = undefined;
    this.linked.add(number);
    return name;
  }

  /** Every port of a switch that a link source told of. */
  linkedPorts(switchName: string): string[] {
    const ports: string[] = [];
    const number = this.numbers.get(switchName);
    if (number === undefined) return ports;
    for (let place = this.firstLink[number] ?? 0; place > 0; place = this.nextLink[place - 1] ?? 0)
      ports.push(this.map.links.keyAt(place - 1));
    return ports;
  }

  /** How many servers billing names on a switch. */
  serversOn(switchName: string): number {
    return this.servers[this.numbers.get(switchName) ?? none] ?? 0;
  }

  has(switchName: string): boolean {
    const number = this.numbers.get(switchName);
    return number !== undefined && (this.linked.has(number) || (this.servers[number] ?? 0) > 0);
  }

  /** The names of all switches, sorted. */
  all(): readonly string[] {
    this.sorted ??= this.names
      .slice(1)
      .filter((name) => this.has(name))
      .sort(collator.compare);
    return this.sorted;
  }

  private numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name) - 1;
    this.numbers.set(name, number);
    this.servers.push(0);
    this.firstLink.push(0);
    this.sorted = undefined;
    return number;
  }

  private count(number: number, change: 1 | -1): void {
    if (number === none) return;
    const count = (this.servers[number] ?? 0) + change;
    this.servers[number] = count;
    if (count === 0 || (count === 1 && change === 1)) this.sorted = undefined;
  }
}

/** leaf2 before leaf10. */
const collator = new Intl.Collator('en', { numeric: true });
export const compareSwitches = collator.compare;
