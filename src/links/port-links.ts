import { randomUUID } from 'node:crypto';
import { formatInstant, type PortId } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { FlapDamper } from './flap-damper.js';
import { linkOfMembers, type MemberLink } from './member-links.js';

/** One port as it is shown to people. */
export interface ShownLink {
  readonly port: PortId;
  /** What was stored last; undefined while nobody ever reported it. */
  readonly up: boolean | undefined;
  /** Devices of the logical switch that have this port and cannot be read now; what they showed last still counts. */
  readonly stale: readonly { readonly device: string; readonly since: string; readonly reason: string }[];
  /** Why an up that was read is not announced yet. */
  readonly held?: string;
}

export interface PortLinksOptions {
  /** Which devices of one logical switch have which ports: more than one for the ports of an MLAG pair. */
  readonly members: ReadonlyMap<string, Iterable<PortId>>;
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly upsPerMinute: number;
}

/** At most so many appends stand in the queue of the log at once. */
const appendsAtOnce = 64;

/**
 * The ports of one logical switch: what its devices show of each becomes one LinkUp or LinkDown. A port is up while any
 * member is; it is down when every member was read and none is up. Ups are damped for the port, whichever member they
 * came from; a down is never delayed.
 */
export class PortLinks {
  private readonly readings = new Map<PortId, Map<string, MemberLink>>();
  private readonly stored = new Map<PortId, boolean>();
  private readonly settling = new Map<PortId, Promise<unknown>>();
  private readonly unreadable = new Map<string, { readonly since: string; readonly reason: string }>();
  private readonly damper: FlapDamper;
  private started = false;

  constructor(private readonly options: PortLinksOptions) {
    this.damper = new FlapDamper(options.upsPerMinute);
    for (const [device, ports] of options.members) {
      for (const port of ports) {
        const members = this.readings.get(port) ?? new Map<string, MemberLink>();
        this.readings.set(port, members.set(device, 'unknown'));
      }
    }
  }

  /** Call once the map is live: what was stored before is taken from it. A second call does nothing. */
  start(): void {
    if (this.started) return;
    this.started = true;
    for (const port of this.readings.keys()) {
      const link = this.options.liveMap.map.links.get(port);
      if (link !== undefined) this.stored.set(port, link.up);
    }
  }

  /**
   * Takes what a device shows of some of its ports, and stores what that changes, downs first. Answers how many ms an up has
   * to wait, by port: read it again then. One port that cannot be stored does not hold up the others; rejects after all.
   */
  async saw(device: string, ports: ReadonlyMap<PortId, boolean>, how = 'links'): Promise<Map<PortId, number>> {
    for (const [port, up] of ports) this.readings.get(port)?.set(device, up ? 'up' : 'down');
    const changed = [...ports.keys()].filter((port) => this.wanted(port) !== undefined);
    const by = `urn:portledger:${how}:${device}`;
    const waits = new Map<PortId, number>();
    const failures: unknown[] = [];
    for (const up of [false, true]) {
      const turn = changed.filter((port) => this.wanted(port) === up);
      for (let first = 0; first < turn.length; first += appendsAtOnce) {
        const some = turn.slice(first, first + appendsAtOnce);
        const ends = await Promise.allSettled(some.map((port) => this.settle(port, by)));
        for (const [index, end] of ends.entries()) {
          const port = some[index];
          if (end.status === 'rejected') failures.push(end.reason);
          else if (end.value > 0 && port !== undefined) waits.set(port, end.value);
        }
      }
    }
    if (failures.length > 0) throw failures[0];
    return waits;
  }

  /** Says since when a device cannot be read, and why; `undefined` when it can. Its last readings stay. */
  readable(device: string, reason: string | undefined): void {
    if (reason === undefined) this.unreadable.delete(device);
    else {
      const since = this.unreadable.get(device)?.since ?? formatInstant(Date.now());
      this.unreadable.set(device, { since, reason });
    }
  }

  /** The ports of one device. */
  shown(device: string): ShownLink[] {
    return [...this.readings].filter(([, members]) => members.has(device)).map(([port]) => this.show(port));
  }

  /** One port of one device; undefined where the device does not have it. */
  shownPort(device: string, port: string): ShownLink | undefined {
    const known = port as PortId; // only looked up: what is no port is not found
    return this.readings.get(known)?.has(device) === true ? this.show(known) : undefined;
  }

  private show(port: PortId): ShownLink {
    const members = [...(this.readings.get(port)?.keys() ?? [])];
    const stale = members.flatMap((device) => {
      const trouble = this.unreadable.get(device);
      return trouble === undefined ? [] : [{ device, ...trouble }];
    });
    const wait = this.wanted(port) === true ? this.damper.waitForUp(port, performance.now()) : 0;
    const held = `came up more than ${this.options.upsPerMinute} times within a minute; announced in ${Math.ceil(wait / 1000)} s if it stays up`;
    return { port, up: this.stored.get(port), stale, ...(wait > 0 ? { held } : {}) };
  }

  /** What is to be stored of a port: undefined when nothing is. */
  private wanted(port: PortId): boolean | undefined {
    const link = linkOfMembers(this.readings.get(port)?.values() ?? []);
    return link === 'unknown' || (link === 'up') === this.stored.get(port) ? undefined : link === 'up';
  }

  /** One after another for each port: two members that speak at once must not store two events. */
  private settle(port: PortId, by: string): Promise<number> {
    const before = this.settling.get(port) ?? Promise.resolve();
    const run = before.then(() => this.settleNow(port, by));
    const ended = run.catch(() => undefined);
    this.settling.set(port, ended);
    void ended.then(() => {
      if (this.settling.get(port) === ended) this.settling.delete(port);
    });
    return run;
  }

  private async settleNow(port: PortId, by: string): Promise<number> {
    const up = this.wanted(port);
    if (up === undefined) return 0;
    const wait = up ? this.damper.waitForUp(port, performance.now()) : 0;
    if (wait > 0) return wait;
    await this.append(port, up, by);
    if (up) this.damper.passed(port, performance.now());
    return 0;
  }

  private async append(port: PortId, up: boolean, source: string): Promise<void> {
    const id = randomUUID();
    const metadata = { source, sourceId: id, schemaVersion: 1, time: formatInstant(Date.now()) };
    const event = { id, type: up ? 'LinkUp' : 'LinkDown', data: { port }, metadata };
    const { outcome } = await this.options.store.append({ stream: `port-${port}`, expected: 'any', events: [event] });
    if (outcome !== 'stored') throw new Error(`Link state of ${port} was not stored: the log answered ${outcome}`);
    this.stored.set(port, up);
  }
}
