import type { Grants, Observation } from '../../../projections/index.js';
import { portIsFact } from '../../../projections/index.js';

/**
 * When the MAC bound to each server was last heard at its own place, ms since 1970. What was heard is kept with its MAC: by
 * news that comes late, the server may have had another one by then.
 */
export interface HomeAccount {
  note(serverId: string, mac: string, time: number): void;
  heardAt(serverId: string, mac: string): number | undefined;
}

/** An account by server id: as large as there are servers heard. */
export class HomesById implements HomeAccount {
  private readonly heard = new Map<string, { readonly mac: string; readonly time: number }>();

  note(serverId: string, mac: string, time: number): void {
    this.heard.set(serverId, { mac, time });
  }

  heardAt(serverId: string, mac: string): number | undefined {
    const last = this.heard.get(serverId);
    return last?.mac === mac ? last.time : undefined;
  }
}

/** The server whose bound MAC a frame came from, heard where billing put it, as far as the place is known. */
export function heardAtHome(observation: Observation, grants: Grants): string | undefined {
  const { vlan, etherSource, port } = observation;
  const here = vlan === undefined ? undefined : grants.expectedOn(observation.switch, vlan);
  if (here?.mac !== etherSource) return undefined;
  return port === undefined || here.port === port || !portIsFact(observation) ? here.serverId : undefined;
}
