import type { PortId } from '../../events/index.js';
import type { LinuxLink } from '../transports/linux-link-reader.js';
import type { PortLinks } from './port-links.js';

/** Reads link state where the ports are. `watch` gives hints to read again, never facts. */
export interface LinkReader {
  /** Now, of all interfaces or at least of those named. Rejects when the device cannot be read, or answers with half of it. */
  read(only?: readonly string[]): Promise<Map<string, LinuxLink>>;
  watch(onHint: (interfaceName: string | undefined) => void): void;
  close(): Promise<void>;
  /** What an interface is that the device does not show: `down` where its list is a kernel's own. */
  readonly missing?: 'down' | 'unknown';
}

export interface LinkSourceOptions {
  readonly name: string;
  /** Port of the published language -> interface of the device. */
  readonly ports: ReadonlyMap<PortId, string>;
  readonly reader: LinkReader;
  readonly links: PortLinks;
  readonly resyncMs: number;
  readonly onProblem: (problem: string | undefined) => void;
}

/** First and longest pause before a device that cannot be read is tried again. */
const retryMs = { first: 1_000, most: 30_000 };

/**
 * Reads what a device shows of its links and hands it to the ports: at start, after a hint, on a timer.
 * A device that cannot be read keeps its last state, and is called stale.
 */
export class LinkSource {
  private readonly due = new Set<string>();
  /** What is being read and stored now, where it was named. */
  private reading: readonly string[] = [];
  private everything = false;
  private isWorking = false;
  private working: Promise<void> = Promise.resolve();
  /** One timer for each interface that waits; the key undefined stands for all of them. */
  private readonly timers = new Map<string | undefined, NodeJS.Timeout>();
  private resync: NodeJS.Timeout | undefined;
  private pause = retryMs.first;
  private closed = false;

  constructor(private readonly options: LinkSourceOptions) {}

  /** Call once the map is live. */
  start(): void {
    this.options.links.start();
    this.options.reader.watch((interfaceName) => this.wake(interfaceName));
    this.resync = setInterval(() => this.wake(undefined), this.options.resyncMs);
    this.wake(undefined);
  }

  /** Reads again soon: one interface, or all of them. */
  wake(interfaceName: string | undefined): void {
    if (this.closed) return;
    if (interfaceName === undefined) this.everything = true;
    else this.due.add(interfaceName);
    if (!this.isWorking) this.working = this.work();
  }

  /**
   * While links of more than one interface are on their way into the log: resolves when they are there. Undefined for a
   * single one, which has nobody to wait for.
   */
  get gathering(): Promise<void> | undefined {
    const named = new Set([...this.reading, ...this.due]);
    return this.isWorking && named.size > 1 ? this.working : undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.resync);
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.options.reader.close();
    await this.working;
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    if (!this.everything) await Promise.resolve(); // a device tells of many interfaces in one breath
    while (!this.closed && (this.everything || this.due.size > 0)) {
      const only = this.everything ? undefined : [...this.due];
      this.everything = false;
      this.due.clear();
      this.reading = only ?? [];
      try {
        await this.readAndHand(only);
        this.pause = retryMs.first;
        this.tell(undefined);
      } catch (error) {
        if (this.closed) break;
        this.tell(error instanceof Error ? error.message : String(error));
        this.later(this.pause, undefined);
        this.pause = Math.min(this.pause * 2, retryMs.most);
        break;
      }
    }
    this.reading = [];
    this.isWorking = false; // in the same turn as the last look at what is due, so that no wake is lost between
  }

  private async readAndHand(only: readonly string[] | undefined): Promise<void> {
    const { name, ports, reader, links } = this.options;
    const shown = await reader.read(only);
    const seen = new Map<PortId, boolean>();
    const unseen: string[] = [];
    for (const [port, interfaceName] of ports) {
      if (only !== undefined && !only.includes(interfaceName)) continue;
      const link = shown.get(interfaceName);
      if (link !== undefined || reader.missing !== 'unknown') seen.set(port, link?.carrier ?? false);
      else unseen.push(interfaceName);
    }
    for (const [port, wait] of await links.saw(name, seen)) {
      const interfaceName = ports.get(port);
      if (interfaceName !== undefined) this.later(wait, interfaceName);
    }
    if (unseen.length > 0)
      throw new Error(`it shows no interface ${unseen.slice(0, 5).join(', ')}: correct the device's ports`);
  }

  private tell(problem: string | undefined): void {
    const { name, links, onProblem } = this.options;
    links.readable(name, problem);
    onProblem(problem === undefined ? undefined : `${name}: ${problem}`);
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
