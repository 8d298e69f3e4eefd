import { ask } from './api.js';
import type { MapPage, OnDevice, PortEvent, ServerStatus } from './port-facts.js';
import { may, type Session } from './session.js';
import type { Violation, ViolationPage } from './violation.js';

/** Everything a port page shows. */
export interface PortFacts {
  readonly servers: readonly {
    readonly binding: MapPage['bindings'][number];
    readonly status: ServerStatus | undefined;
  }[];
  /** What the switch says of the port itself where no server tells it. */
  readonly link: string;
  readonly events: readonly PortEvent[];
  /** Undefined where this reader may not see the feed. */
  readonly violations: readonly Violation[] | undefined;
}

interface LoggedEvent {
  readonly type: string;
  readonly ordinal: number;
  readonly metadata: { readonly time: string };
}

/** Reads what there is about a port, as far as the roles of this reader go. Rejects as `ask` does. */
export async function readPort(port: string, session: Session, signal: AbortSignal): Promise<PortFacts> {
  const from = <Answer>(path: string): Promise<Answer> => ask(path, { signal });
  const named = encodeURIComponent(port);
  const mayAsk = (route: string): boolean => may(session, route);
  const { bindings } = await from<MapPage>(`/v1/map?port=${named}`);
  const [servers, logged, feed] = await Promise.all([
    Promise.all(
      bindings.map(async (binding) => ({
        binding,
        status: mayAsk('GET /v1/servers/{}/status')
          ? await from<ServerStatus>(`/v1/servers/${encodeURIComponent(binding.serverId)}/status`)
          : undefined,
      })),
    ),
    mayAsk('GET /v1/log')
      ? from<{ readonly events: readonly LoggedEvent[] }>(
          `/v1/log?stream=${encodeURIComponent(`port-${port}`)}&backwards=true&limit=10`,
        )
      : undefined,
    mayAsk('GET /v1/violations') ? from<ViolationPage>(`/v1/violations?port=${named}&limit=20`) : undefined,
  ]);
  const ofPort = (logged?.events ?? []).map(({ type, ordinal, metadata }) => ({ type, ordinal, time: metadata.time }));
  const ofServers = servers.flatMap(({ status }) => status?.facts ?? []);
  return {
    servers,
    link: linkOf(
      servers.flatMap(({ status }) => status?.devices ?? []),
      servers[0]?.binding.link,
    ),
    events: [...ofPort, ...ofServers].sort((a, b) => b.ordinal - a.ordinal).slice(0, 15),
    violations: feed?.violations,
  };
}

function linkOf(devices: readonly OnDevice[], told: string | undefined): string {
  const stale = devices.flatMap(({ link }) => link?.stale ?? []);
  const state = told ?? 'unknown';
  return stale.length > 0 ? `${state} (as seen last: ${stale[0]?.reason})` : state;
}
