import type { Grants, Observation } from '../../../projections/index.js';
import { portIsFact } from '../../../projections/index.js';

/** When the MAC bound to each server was last heard at its own place, ms since 1970. */
export interface HomeAccount {
  note(serverId: string, time: number): void;
  heardAt(serverId: string): number | undefined;
}

/** An account by server id: as large as there are servers heard. */
export class HomesById implements HomeAccount {
  private readonly times = new Map<string, number>();

  note(serverId: string, time: number): void {
    this.times.set(serverId, time);
  }

  heardAt(serverId: string): number | undefined {
    return this.times.get(serverId);
  }
}

/** The server whose bound MAC a frame came from, heard where billing put it, as far as the place is known. */
export function heardAtHome(observation: Observation, grants: Grants): string | undefined {
  const { vlan, etherSource, port } = observation;
  const here = vlan === undefined ? undefined : grants.expectedOn(observation.switch, vlan);
  if (here?.mac !== etherSource) return undefined;
  return port === undefined || here.port === port || !portIsFact(observation) ? here.serverId : undefined;
}
