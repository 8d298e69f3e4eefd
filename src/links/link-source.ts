import { randomUUID } from 'node:crypto';
import { formatInstant, type PortId } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { LinuxLink } from '../transports/linux-link-reader.js';
import { FlapDamper } from './flap-damper.js';

/** Reads link state where the ports are. `watch` gives hints to read again, never facts. */
export interface LinkReader {
  read(only?: readonly string[]): Promise<Map<string, LinuxLink>>;
  watch(onHint: (interfaceName: string | undefined) => void): void;
  close(): Promise<void>;
}

export interface LinkSourceOptions {
  readonly name: string;
  /** Port of the published language -> interface of the device. */
  readonly ports: ReadonlyMap<PortId, string>;
  readonly reader: LinkReader;
  readonly store: EventStore;
  readonly liveMap: LiveMap;
  readonly upsPerMinute: number;
  readonly resyncMs: number;
  readonly onProblem: (problem: string | undefined) => void;
}

const retryMs = 1_000;

/**
 * Turns what a device shows of its links into LinkUp and LinkDown: read, compare with what was stored last, store the change.
 * A device that cannot be read keeps its last state.
 */
export class LinkSource {
  private readonly stored = new Map<PortId, boolean>();
  private readonly damper: FlapDamper;
  private readonly due = new Set<string>();
  private everything = false;
  private isWorking = false;
  private working: Promise<void> = Promise.resolve();
  /** One timer for each interface that waits; the key undefined stands for all of them. */
  private readonly timers = new Map<string | undefined, NodeJS.Timeout>();
  private resync: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: LinkSourceOptions) {
    this.damper = new FlapDamper(options.upsPerMinute);
  }

  /** Call once the map is live: what was stored before is taken from it. */
  start(): void {
    for (const port of this.options.ports.keys()) {
      const link = this.options.liveMap.map.links.get(port);
      if (link !== undefined) this.stored.set(port, link.up);
    }
    this.options.reader.watch((interfaceName) => this.wake(interfaceName));
    this.resync = setInterval(() => this.wake(undefined), this.options.resyncMs);
    this.wake(undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.resync);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.options.reader.close();
    await this.working;
  }

  private wake(interfaceName: string | undefined): void {
    if (this.closed) return;
    if (interfaceName === undefined) this.everything = true;
    else this.due.add(interfaceName);
    if (!this.isWorking) this.working = this.work();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (!this.closed && (this.everything || this.due.size > 0)) {
      const only = this.everything ? undefined : [...this.due];
      this.everything = false;
      this.due.clear();
      try {
        await this.readAndStore(only);
        this.options.onProblem(undefined);
      } catch (error) {
        if (this.closed) break;
        this.options.onProblem(`${this.options.name}: ${error instanceof Error ? error.message : String(error)}`);
        this.later(retryMs, undefined);
        break;
      }
    }
    this.isWorking = false; // in the same turn as the last look at what is due, so that no wake is lost between
  }

  /** Downs first, and one port that cannot be stored does not hold up the others. */
  private async readAndStore(only: readonly string[] | undefined): Promise<void> {
    const seen = await this.options.reader.read(only);
    const changed = [...this.options.ports]
      .filter(([, interfaceName]) => only === undefined || only.includes(interfaceName))
      .map(([port, interfaceName]) => ({ port, interfaceName, up: seen.get(interfaceName)?.carrier ?? false }))
      .filter(({ port, up }) => this.stored.get(port) !== up)
      .sort((a, b) => Number(a.up) - Number(b.up));
    let failure: Error | undefined;
    for (const { port, interfaceName, up } of changed) {
      const wait = up ? this.damper.waitForUp(port, performance.now()) : 0;
      if (wait > 0) {
        this.later(wait, interfaceName);
        continue;
      }
      try {
        await this.store(port, up);
        if (up) this.damper.passed(port, performance.now());
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
    }
    if (failure !== undefined) throw failure;
  }

  private async store(port: PortId, up: boolean): Promise<void> {
    const id = randomUUID();
    const metadata = {
      source: `urn:portledger:links:${this.options.name}`,
      sourceId: id,
      schemaVersion: 1,
      time: formatInstant(Date.now()),
    };
    const event = { id, type: up ? 'LinkUp' : 'LinkDown', data: { port }, metadata };
    const { outcome } = await this.options.store.append({ stream: `port-${port}`, expected: 'any', events: [event] });
    if (outcome !== 'stored') throw new Error(`Link state of ${port} was not stored: the log answered ${outcome}`);
    this.stored.set(port, up);
  }

  private later(ms: number, interfaceName: string | undefined): void {
    if (this.timers.has(interfaceName)) return;
    const timer = setTimeout(() => {
      this.timers.delete(interfaceName);
      this.wake(interfaceName);
    }, ms);
    this.timers.set(interfaceName, timer);
  }
}
