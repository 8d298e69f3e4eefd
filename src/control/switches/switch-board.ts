import { setImmediate as breathe } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import type { ServerId } from '../../../events/index.js';
import type { GatewayConfig } from '../../config/app-config.js';
import type { LiveMap } from '../../projector/live-map.js';
import type { DeviceRegistry } from '../device-registry.js';
import { BoardChanges } from './board-changes.js';
import { BoardCounts } from './board-counts.js';
import type { SwitchDevice } from './device-word.js';
import type { PanelLayouts } from './layout-file.js';
import type { PortWitnesses } from './port-witnesses.js';
import { countStates, type StateCounts } from './port-state.js';
import { SwitchIndex } from './switch-index.js';
import { type SwitchPorts, switchPorts } from './switch-ports.js';

export interface BoardSources {
  readonly liveMap: LiveMap;
  readonly devices: DeviceRegistry;
  readonly gateways: readonly GatewayConfig[];
  /** Other switches that are there whatever the log says. */
  readonly switches: readonly string[];
  readonly layouts: PanelLayouts;
  readonly witnesses: PortWitnesses;
}

/** More servers than this hang on no box: such a switch is not drawn. */
export const mostServers = 10_000;
const rowsAtATime = 2_000;
const switchesAtATime = 10;
const keptPanels = 200;

/** What lies over all switches at one moment. */
interface Overlay {
  readonly listeners: ReadonlyMap<string, string>;
  /** The same of each switch as one text. */
  readonly heard: ReadonlyMap<string, string>;
  readonly frozenStreams: string;
}

/**
 * The ports of every switch and how many are in each state. Nothing is done until somebody asks for the first time; from
 * then on a question looks at the switches it answers with, and only those of which something changed are decided again.
 */
export class SwitchBoard {
  private index: Promise<SwitchIndex> | undefined;
  private subscription: Subscription | undefined;
  private readonly changes = new BoardChanges();
  /** Grows when a row of the map that concerns the switch changed. */
  private readonly versions = new Map<string, number>();
  private readonly known = new BoardCounts();
  private readonly panels = new Map<string, SwitchPorts>();
  /** Switches with a server that waits for a claim of another. */
  private readonly contested = new Set<string>();
  private counting: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly sources: BoardSources) {}

  get live(): boolean {
    return this.sources.liveMap.live && this.sources.witnesses.live;
  }

  /** The names of all switches, sorted, as of now. */
  async names(): Promise<readonly string[]> {
    return (await this.settled()).all();
  }

  /** The ports of a switch; undefined where nothing is known of one of this name. 'too-large': see `mostServers`. */
  async ports(switchName: string): Promise<SwitchPorts | 'too-large' | undefined> {
    const index = await this.settled();
    if (!index.has(switchName)) return undefined;
    if (index.serversOn(switchName) > mostServers) return 'too-large';
    return this.decided(index, switchName, this.overlay());
  }

  /** How many ports of some switches are in each state; all 0 for one that is too large. */
  async counts(names: readonly string[]): Promise<StateCounts[]> {
    const index = await this.settled();
    const overlay = this.overlay();
    const counts: StateCounts[] = [];
    for (const [at, name] of names.entries()) {
      counts.push(this.counted(index, name, overlay));
      if (at % switchesAtATime === 0) await breathe();
    }
    return counts;
  }

  /** The sum over all switches that were counted so far. Counts on in the background. */
  async totals(): Promise<{ readonly counts: StateCounts; readonly counted: number; readonly of: number }> {
    const names = (await this.settled()).all();
    this.counting ??= this.countAll().finally(() => (this.counting = undefined));
    // Few switches are counted at once; of many it says how far it came.
    if (names.length <= switchesAtATime * 10) await this.counting;
    return { counts: this.known.total(), counted: this.known.size, of: names.length };
  }

  /** The devices of a switch. */
  devicesOf(switchName: string): SwitchDevice[] {
    const { gateways, devices } = this.sources;
    const configured = gateways.filter((gateway) => gateway.switch === switchName).flatMap((one) => one.devices);
    return configured.flatMap(({ name, ports }) => {
      const device = devices.get(name);
      return device === undefined ? [] : [{ device, interfaces: ports }];
    });
  }

  siteOf(switchName: string): string {
    return this.sources.gateways.find((gateway) => gateway.switch === switchName)?.site ?? 'default';
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.subscription?.unsubscribe();
    await this.counting;
  }

  private async countAll(): Promise<void> {
    const index = await this.settled();
    const overlay = this.overlay();
    for (const [at, name] of index.all().entries()) {
      if (this.isClosed) return;
      this.counted(index, name, overlay);
      if (at % switchesAtATime === 0) await breathe();
    }
    for (const name of this.known.names()) if (!index.has(name)) this.known.drop(name);
  }

  private counted(index: SwitchIndex, name: string, overlay: Overlay): StateCounts {
    const stamp = this.stampOf(name, overlay);
    const known = this.known.get(name, stamp);
    if (known !== undefined) return known;
    if (index.serversOn(name) <= mostServers) return this.decided(index, name, overlay).counts;
    const none = countStates([]);
    this.known.keep(name, stamp, none);
    return none;
  }

  private decided(index: SwitchIndex, name: string, overlay: Overlay): SwitchPorts {
    const stamp = this.stampOf(name, overlay);
    const panel = this.panels.get(name);
    if (panel !== undefined && this.known.get(name, stamp) !== undefined) return panel;
    const { liveMap, devices, witnesses, layouts } = this.sources;
    const ports = switchPorts({
      switchName: name,
      map: liveMap.map,
      isFrozen: (stream) => liveMap.isFrozen(stream),
      devices: this.devicesOf(name),
      everyFrozen: devices.everyDevice.frozen,
      violations: witnesses.openViolationsOn(name),
      listeners: overlay.listeners,
      linked: index.linkedPorts(name),
      layout: layouts.of(name),
    });
    this.known.keep(name, stamp, ports.counts);
    if (ports.contested) this.contested.add(name);
    else this.contested.delete(name);
    this.panels.delete(name);
    this.panels.set(name, ports);
    const [oldest] = this.panels.keys();
    if (this.panels.size > keptPanels && oldest !== undefined) this.panels.delete(oldest);
    return ports;
  }

  private stampOf(name: string, { heard, frozenStreams }: Overlay): unknown[] {
    const devices = this.devicesOf(name).flatMap(({ device }) => {
      const { plan, state, error, brake } = device.status;
      return [plan, state, error, brake, device.look, device.frozen];
    });
    const every = devices.length === 0 ? undefined : this.sources.devices.everyDevice.frozen;
    return [this.versions.get(name) ?? 0, heard.get(name), frozenStreams, every, ...devices];
  }

  private overlay(): Overlay {
    const listeners = this.sources.witnesses.listeners();
    const heard = new Map<string, string>();
    for (const [port, state] of listeners) {
      const name = port.slice(0, port.indexOf(':'));
      heard.set(name, `${heard.get(name) ?? ''} ${port}=${state}`);
    }
    const frozen = this.sources.liveMap.frozenStreams().map(({ stream }) => stream);
    return { listeners, heard, frozenStreams: frozen.sort().join(' ') };
  }

  /** The index with all that changed until now. */
  private async settled(): Promise<SwitchIndex> {
    this.index ??= this.begin();
    const index = await this.index;
    const { assignments, links, violations } = this.changes.take();
    let taken = 0;
    const pause = async (): Promise<void> => {
      if (++taken % rowsAtATime === 0) await breathe();
    };
    for (const serverId of assignments) {
      for (const name of [...index.takeServer(serverId), ...this.waitingFor(serverId)]) this.touch(name);
      await pause();
    }
    // Whoever lets go of a claim says so in its own row only.
    if (assignments.length > 0) for (const name of this.contested) this.touch(name);
    for (const port of links) {
      this.touch(index.takeLink(port));
      await pause();
    }
    for (const violationId of violations) {
      const row = this.sources.liveMap.map.violations.get(violationId);
      if (row !== undefined) this.touch(row.switch);
      await pause();
    }
    return index;
  }

  /** The switches of the servers that a server keeps waiting. */
  private waitingFor(serverId: string): string[] {
    const { map } = this.sources.liveMap;
    const row = map.assignments.get(serverId);
    const behind = (row?.claims ?? []).flatMap((claim) => map.claims.waitingBehind(serverId as ServerId, claim));
    return behind.flatMap((one) => map.binding(one.serverId)?.switch ?? []);
  }

  private async begin(): Promise<SwitchIndex> {
    const { liveMap, gateways, switches } = this.sources;
    this.subscription = liveMap.changes$.subscribe((changes) => {
      if (!this.changes.note(changes)) this.forget();
    });
    const index = new SwitchIndex(liveMap.map, [...gateways.map((gateway) => gateway.switch), ...switches]);
    await index.takeAll();
    return index;
  }

  /** Nobody asked for long while much happened: the next question begins anew. */
  private forget(): void {
    this.subscription?.unsubscribe();
    this.index = undefined;
    this.changes.clear();
    this.versions.clear();
    this.contested.clear();
    this.known.clear();
    this.panels.clear();
  }

  private touch(switchName: string): void {
    this.versions.set(switchName, (this.versions.get(switchName) ?? 0) + 1);
  }
}
