import { setImmediate as nextTurn } from 'node:timers/promises';
import { grown, type NetworkMap } from '../../../projections/index.js';
import type { LiveMap } from '../../projector/live-map.js';

type SeenMacsRow = NonNullable<ReturnType<NetworkMap['seenMacs']['get']>>;
type Sighting = SeenMacsRow['sightings'][number];

/** Rows taken in one go: the engine does other things in between. */
const rowsAtATime = 1_000;
const billed = 1;
const seen = 2;

/**
 * Which servers are sold, and which of them the network shows where they were sold. A byte and two numbers for each server
 * and each port, by their slots in the map; kept up by the keys of the rows that changed, and begun only when somebody asks.
 */
export class ServerTally {
  /** Bits of `billed` and `seen`, by the slot of the server. */
  private flags = new Uint8Array(16);
  /** Number of the switch of each billed server; 0 for none. */
  private switches = new Uint32Array(16);
  /** One more than the slot of the port a server was found at; 0 for none. */
  private places = new Uint32Array(16);
  /** MACs at a port that nobody was sold there, by the slot of the port. */
  private strange = new Uint8Array(16);
  private readonly switchNames = [''];
  private readonly switchNumbers = new Map<string, number>();
  private readonly bySwitch = [0];
  private readonly servers = new Set<string>();
  private readonly ports = new Set<string>();
  private running: Promise<void> | undefined;
  private hasBegun = false;
  private slots = 0;
  private strangeSlots = 0;
  billedCount = 0;
  billedAndSeen = 0;
  strangers = 0;
  /** Grows with every row that was taken. */
  version = 0;

  constructor(private readonly liveMap: Pick<LiveMap, 'map' | 'changes$' | 'live'>) {}

  /** True when every row counts as the map has it now. */
  get isComplete(): boolean {
    return this.hasBegun && this.running === undefined && this.servers.size + this.ports.size === 0;
  }

  /** How many servers were looked at so far, for who waits. */
  get looked(): number {
    return this.slots;
  }

  /** Takes in what changed; resolves true when all of it is in, false when that takes longer than `patienceMs`. */
  async caughtUp(patienceMs: number): Promise<boolean> {
    if (!this.liveMap.live) return false;
    this.running ??= this.catchUp().finally(() => (this.running = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), patienceMs)));
    const isThere = await Promise.race([this.running.then(() => true), late]);
    clearTimeout(timer);
    return isThere;
  }

  /** Slots of the billed servers from this one on, with whether each was seen. */
  *billedFrom(slot: number): Iterable<{ readonly slot: number; readonly isSeen: boolean; readonly switch: string }> {
    for (let at = slot; at < this.slots; at++) {
      const flags = this.flags[at] ?? 0;
      if ((flags & billed) === 0) continue;
      yield { slot: at, isSeen: (flags & seen) !== 0, switch: this.switchNames[this.switches[at] ?? 0] ?? '' };
    }
  }

  /** Slots of the ports with strangers, from this one on. */
  *strangePortsFrom(slot: number): Iterable<number> {
    for (let at = slot; at < this.strangeSlots; at++) if ((this.strange[at] ?? 0) > 0) yield at;
  }

  isBilled(serverId: string): boolean {
    const slot = this.map.assignments.slotOf(serverId);
    return slot >= 0 && ((this.flags[slot] ?? 0) & billed) !== 0;
  }

  /** How many billed servers hang on each switch; those that name none are under the empty name. */
  billedBySwitch(): ReadonlyMap<string, number> {
    return new Map(this.switchNames.map((name, number) => [name, this.bySwitch[number] ?? 0]));
  }

  /** The MACs seen at a port that no server sold there has. */
  strangersAt(row: SeenMacsRow): Sighting[] {
    return row.sightings.filter(
      ({ mac, vlan }) =>
        !this.map.bindingsOfMac(mac).some((one) => one.sold && one.port === row.port && one.vlan === vlan),
    );
  }

  private get map(): NetworkMap {
    return this.liveMap.map;
  }

  private async catchUp(): Promise<void> {
    let taken = 0;
    const breathe = async (): Promise<void> => {
      if (++taken % rowsAtATime === 0) await nextTurn();
    };
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.liveMap.changes$.subscribe((changes) => {
        for (const { table, key } of changes) {
          if (table === 'assignments') this.servers.add(key);
          else if (table === 'seen-macs') this.ports.add(key);
        }
      });
      for (const serverId of this.map.assignments.keys()) {
        this.takeServer(serverId);
        await breathe();
      }
      for (const port of this.map.seenMacs.keys()) {
        this.takeStrangers(this.map.seenMacs.slotOf(port));
        await breathe();
      }
    }
    while (this.servers.size + this.ports.size > 0) {
      for (const serverId of this.servers) {
        this.servers.delete(serverId);
        const slot = this.map.assignments.slotOf(serverId);
        const before = this.places[slot] ?? 0;
        this.takeServer(serverId);
        for (const place of new Set([before, this.places[slot] ?? 0])) if (place > 0) this.takeStrangers(place - 1);
        await breathe();
      }
      for (const port of this.ports) {
        this.ports.delete(port);
        for (const { serverId } of this.map.bindingsOnPort(port)) {
          this.takeServer(serverId);
          await breathe();
        }
        this.takeStrangers(this.map.seenMacs.slotOf(port));
        await breathe();
      }
    }
  }

  private takeServer(serverId: string): void {
    const slot = this.map.assignments.slotOf(serverId);
    if (slot < 0) return;
    this.version++;
    if (slot >= this.flags.length) {
      this.flags = grown(this.flags, slot + 1);
      this.switches = grown(this.switches, slot + 1);
      this.places = grown(this.places, slot + 1);
    }
    this.slots = Math.max(this.slots, slot + 1);
    this.countServer(slot, -1);
    const binding = this.map.binding(serverId);
    const port = binding?.port;
    const row = port === undefined ? undefined : this.map.seenMacs.get(port);
    const macs = binding === undefined ? [] : [binding.mac, ...binding.otherMacs];
    const isSeen = row?.sightings.some(({ mac, vlan }) => vlan === binding?.vlan && macs.includes(mac)) === true;
    const isBilled = binding?.sold === true;
    this.flags[slot] = (isBilled ? billed : 0) | (isBilled && isSeen ? seen : 0);
    this.switches[slot] = this.numberOf(binding?.switch);
    this.places[slot] = row === undefined || port === undefined ? 0 : this.map.seenMacs.slotOf(port) + 1;
    this.countServer(slot, 1);
  }

  private countServer(slot: number, by: 1 | -1): void {
    const flags = this.flags[slot] ?? 0;
    if ((flags & billed) === 0) return;
    const switchNumber = this.switches[slot] ?? 0;
    this.billedCount += by;
    this.bySwitch[switchNumber] = (this.bySwitch[switchNumber] ?? 0) + by;
    if ((flags & seen) !== 0) this.billedAndSeen += by;
  }

  private takeStrangers(slot: number): void {
    if (slot < 0) return;
    this.version++;
    if (slot >= this.strange.length) this.strange = grown(this.strange, slot + 1);
    this.strangeSlots = Math.max(this.strangeSlots, slot + 1);
    this.strangers -= this.strange[slot] ?? 0;
    this.strange[slot] = this.strangersAt(this.map.seenMacs.at(slot)).length;
    this.strangers += this.strange[slot] ?? 0;
  }

  private numberOf(switchName: string | undefined): number {
    if (switchName === undefined) return 0;
    const known = this.switchNumbers.get(switchName);
    if (known !== undefined) return known;
    this.switchNames.push(switchName);
    this.bySwitch.push(0);
    this.switchNumbers.set(switchName, this.switchNames.length - 1);
    return this.switchNames.length - 1;
  }
}
