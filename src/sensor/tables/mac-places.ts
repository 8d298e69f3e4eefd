import type { SwitchName } from '../../../events/index.js';
import type { Observation } from '../../../projections/index.js';
import { MacPorts } from './mac-ports.js';

/**
 * Places frames that belong to ports by MAC table: the port is where the tables of the switch showed the frame's source
 * MAC last. A guess, so the attribution stays `mac-table`: no rule takes it for a fact, and no offender follows from it.
 */
export class MacPlaces {
  private readonly bySwitch = new Map<SwitchName, MacPorts>();

  /** @param keepMs how long a place counts that no newer table showed */
  constructor(private readonly keepMs: number) {}

  /** Takes note of a row of a MAC table, and of nothing else. */
  learn({ kind, switch: name, port, vlan, claimedMac, frameTime }: Observation): void {
    if (kind !== 'mac-table' || port === undefined) return;
    const ports = this.bySwitch.get(name) ?? new MacPorts(this.keepMs);
    this.bySwitch.set(name, ports);
    ports.learn(claimedMac, vlan, port, frameTime);
  }

  /** The observation with its port, where a table that is young enough showed its source in its VLAN, or in none. */
  placed(observation: Observation): Observation {
    const { switch: name, port, vlan, etherSource, frameTime } = observation;
    const ports = port === undefined ? this.bySwitch.get(name) : undefined;
    const found = ports?.portOf(etherSource, vlan, frameTime) ?? ports?.portOf(etherSource, undefined, frameTime);
    return found === undefined ? observation : { ...observation, port: found };
  }
}
