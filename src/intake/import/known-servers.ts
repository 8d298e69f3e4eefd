import { CliError, exitCode } from '../../cli/command.js';
import { type EngineClient, problemOf } from '../../cli/engine-client.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { LogFold } from '../../../projections/index.js';
import type { KnownServers } from './comparison.js';
import type { KnownServer } from './differences.js';

/** What the engine was told, asked once for all, and server by server for what a listing leaves out. */
export interface AskedServers extends KnownServers {
  /** Ordinal of the last event it counts. */
  readonly ordinal: number;
  /** What is known of a server that is not in the listing: one that was removed. */
  find(serverId: string): Promise<KnownServer | undefined>;
}

interface MapPage {
  readonly ordinal: number;
  readonly live: boolean;
  readonly bindings: readonly KnownServer[];
  readonly next?: string;
}

/** Asks a running engine for its map, page by page. Rejects with a CliError where it refuses or does not answer. */
export async function askEngine(client: EngineClient, onPage: (servers: number) => void): Promise<AskedServers> {
  const servers = new Map<string, KnownServer>();
  let page = await mapPage(client, { limit: '500' });
  const { ordinal } = page;
  for (;;) {
    for (const one of page.bindings) servers.set(one.serverId, one);
    onPage(servers.size);
    if (page.next === undefined) break;
    page = await mapPage(client, { limit: '500', cursor: page.next });
  }
  const find = async (server: string): Promise<KnownServer | undefined> =>
    servers.get(server) ?? (await mapPage(client, { server })).bindings[0];
  return { ordinal, get: (id) => servers.get(id), all: () => servers.values(), find };
}

async function mapPage(client: EngineClient, query: Readonly<Record<string, string>>): Promise<MapPage> {
  const answer = await client.request(`/v1/map?${new URLSearchParams(query).toString()}`);
  if (answer.status >= 400) throw problemOf(answer);
  const page = answer.body as MapPage;
  if (page.live) return page;
  throw new CliError(exitCode.error, 'The engine is still reading its log: what is sold is not known yet. Ask again.');
}

/** Folds a log where it lies; no engine is asked. */
export async function foldLog(reader: Pick<EventStore, 'readAll'>): Promise<AskedServers> {
  const fold = new LogFold();
  for (let after: string | undefined; ;) {
    const page = await reader.readAll(after === undefined ? {} : { after });
    for (const event of page.events) fold.fold(event);
    if (page.next === undefined) break;
    after = page.next;
  }
  const { map, ordinal } = fold;
  const get = (id: string): KnownServer | undefined => map.binding(id);
  return { ordinal, get, all: () => map.bindings(), find: (id) => Promise.resolve(get(id)) };
}
