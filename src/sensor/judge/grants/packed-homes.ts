import { macNumber } from '../../../../events/index.js';
import type { HomeAccount } from '../home-account.js';
import type { PackedGrants } from './packed-grants.js';

/** Which bound MAC each server was last heard with at its own place, and when, by the server's slot: sixteen bytes a server. */
export class PackedHomes implements HomeAccount {
  private times = new Float64Array(0);
  private macs = new Float64Array(0);

  constructor(private readonly grants: PackedGrants) {
    grants.rows.onRemoved = (slot) => {
      if (slot < this.times.length) this.times[slot] = 0;
    };
  }

  note(serverId: string, mac: string, time: number): void {
    const slot = this.grants.slotOf(serverId);
    if (slot >= 0) this.put(slot, macNumber(mac), time);
  }

  /** As `note`, for the server in a slot and the MAC that is bound to it now; makes no garbage. */
  noteAt(slot: number, time: number): void {
    this.put(slot, this.grants.rows.macAt(slot), time);
  }

  heardAt(serverId: string, mac: string): number | undefined {
    const slot = this.grants.slotOf(serverId);
    const time = slot < 0 || this.macs[slot] !== macNumber(mac) ? 0 : (this.times[slot] ?? 0);
    return time === 0 ? undefined : time;
  }

  private put(slot: number, mac: number, time: number): void {
    if (slot >= this.times.length) this.grow();
    this.times[slot] = time;
    this.macs[slot] = mac;
  }

  private grow(): void {
    const { slots } = this.grants.rows;
    const room = slots + (slots >>> 3) + 64;
    const [times, macs] = [new Float64Array(room), new Float64Array(room)];
    times.set(this.times);
    macs.set(this.macs);
    this.times = times;
    this.macs = macs;
  }
}
