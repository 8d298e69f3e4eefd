import type { PortId, ServerId, SwitchName } from '../events/index.js';
import type { Conflict } from './binding.js';
import { exceptionGrants } from './exception-grants.js';
import { noNetboot } from './netboot.js';
import type { NetworkMap } from './network-map.js';
import { gatewayGrants, type GrantRecords, grantsOfBinding, linkGrants, serverGrants } from './server-grants.js';
import type { ServerGrants } from './server-grants.js';

/** A row of the map that changed. */
export interface ChangedRow {
  readonly table: string;
  readonly key: string;
}

const nothingElse = { gateways: [], links: [], exceptions: [] };

/**
 * Which records a change of the map touches: those of the rows that changed, and those of servers whose claims came to
 * hold or to wait by it. The map reports only the row that let go, so who waits for whom is remembered here.
 * Ask for all records once (they may be taken bit by bit, with changes in between), then for those of every change.
 */
export class GrantChanges {
  /** For each server those that wait for it; it keeps them waiting as far as is known. */
  private readonly waitingFor = new Map<ServerId, Set<ServerId>>();

  constructor(
    private readonly map: NetworkMap,
    private readonly netboot = noNetboot,
  ) {}

  /** Every record there is, in pages of so many servers. */
  *all(ordinalNow: () => number, serversAPage = 500): Generator<GrantRecords, void, undefined> {
    const { map } = this;
    const gateways = [...map.gateways.keys()].map((name) => gatewayGrants(map, name as SwitchName));
    const links = this.links([...map.links.keys()]);
    const exceptions = this.exceptions([...map.exceptions.keys()]);
    yield { ordinal: ordinalNow(), servers: [], gateways, links, exceptions };
    let servers: ServerGrants[] = [];
    for (const serverId of map.assignments.keys()) {
      servers.push(this.look(serverId as ServerId));
      if (servers.length < serversAPage) continue;
      yield { ordinal: ordinalNow(), servers, ...nothingElse };
      servers = [];
    }
    yield { ordinal: ordinalNow(), servers, ...nothingElse };
  }

  /** The records that these changes touch, as the map is now; undefined when they touch none. */
  touchedBy(changes: readonly ChangedRow[], ordinal: number): GrantRecords | undefined {
    const servers = new Set<ServerId>();
    const gateways = new Set<SwitchName>();
    const links = new Set<string>();
    const exceptions = new Set<string>();
    for (const { table, key } of changes) {
      if (table === 'assignments') this.addTouched(key as ServerId, servers);
      else if (table === 'gateways') gateways.add(key as SwitchName);
      else if (table === 'links') links.add(key);
      else if (table === 'exceptions') exceptions.add(key);
    }
    if (servers.size + gateways.size + links.size + exceptions.size === 0) return undefined;
    return {
      ordinal,
      servers: [...servers].map((serverId) => this.look(serverId)),
      gateways: [...gateways].map((name) => gatewayGrants(this.map, name)),
      links: this.links([...links]),
      exceptions: this.exceptions([...exceptions]),
    };
  }

  /** The server itself, those that waited for it, and those that wait for it now: a transfer may let nested prefixes wait. */
  private addTouched(serverId: ServerId, touched: Set<ServerId>): void {
    touched.add(serverId);
    for (const waiter of this.waitingFor.get(serverId) ?? []) touched.add(waiter);
    for (const claim of this.map.assignments.get(serverId)?.claims ?? [])
      for (const behind of this.map.claims.waitingBehind(serverId, claim)) touched.add(behind.serverId);
    this.waitingFor.delete(serverId);
  }

  private look(serverId: ServerId): ServerGrants {
    const binding = this.map.binding(serverId);
    if (binding === undefined) return serverGrants(this.map, serverId, this.netboot);
    for (const conflict of binding.conflicts) this.remember(serverId, conflict);
    return grantsOfBinding(this.map, binding, this.netboot);
  }

  private remember(waiter: ServerId, { holder }: Conflict<ServerId>): void {
    const known = this.waitingFor.get(holder);
    if (known === undefined) this.waitingFor.set(holder, new Set([waiter]));
    else known.add(waiter);
  }

  private exceptions(ids: readonly string[]): GrantRecords['exceptions'] {
    return ids.flatMap((id) => {
      const row = this.map.exceptions.get(id);
      return (row && exceptionGrants(row)) ?? [];
    });
  }

  private links(ports: readonly string[]): GrantRecords['links'] {
    return ports.flatMap((port) => linkGrants(this.map, port as PortId) ?? []);
  }
}
