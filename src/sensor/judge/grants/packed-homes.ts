import type { HomeAccount } from '../home-account.js';
import type { PackedGrants } from './packed-grants.js';

/** When each server's bound MAC was last heard at its own place, by the server's slot: eight bytes a server. */
export class PackedHomes implements HomeAccount {
  private times = new Float64Array(0);

  constructor(private readonly grants: PackedGrants) {
    grants.rows.onRemoved = (slot) => {
      if (slot < this.times.length) this.times[slot] = 0;
    };
  }

  note(serverId: string, time: number): void {
    const slot = this.grants.slotOf(serverId);
    if (slot >= 0) this.noteAt(slot, time);
  }

  /** As `note`, for the server in a slot; makes no garbage. */
  noteAt(slot: number, time: number): void {
    if (slot >= this.times.length) this.grow();
    this.times[slot] = time;
  }

  heardAt(serverId: string): number | undefined {
    const slot = this.grants.slotOf(serverId);
    const time = slot < 0 ? 0 : (this.times[slot] ?? 0);
    return time === 0 ? undefined : time;
  }

  private grow(): void {
    const { slots } = this.grants.rows;
    const times = new Float64Array(slots + (slots >>> 3) + 64);
    times.set(this.times);
    this.times = times;
  }
}
