import { grown } from './grown.js';

/**
 * Claims as numbers: which server (its slot) makes each one, its place in line, and two numbers that tell what is claimed.
 * Claimants that may meet stand in one list, linked through `next`; whoever owns the list keeps its first claimant.
 */
export class Claimants {
  servers = new Int32Array(16);
  since = new Float64Array(16);
  first = new Float64Array(16);
  second = new Float64Array(16);
  next = new Int32Array(16);
  private given = 0;
  private freed = -1;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** A new claimant at the head of a list; returns its number, the new head. */
  add(head: number, server: number, since: number, first: number, second: number): number {
    const claimant = this.take();
    this.servers[claimant] = server;
    this.since[claimant] = since;
    this.first[claimant] = first;
    this.second[claimant] = second;
    this.next[claimant] = head;
    this.count++;
    return claimant;
  }

  /** Takes the claimant of a server with these two numbers out of a list; returns the new head. */
  remove(head: number, server: number, first: number, second: number): number {
    let before = -1;
    for (let claimant = head; claimant >= 0; claimant = this.next[claimant] ?? -1) {
      if (this.servers[claimant] === server && this.first[claimant] === first && this.second[claimant] === second) {
        const after = this.next[claimant] ?? -1;
        if (before >= 0) this.next[before] = after;
        this.give(claimant);
        return before >= 0 ? head : after;
      }
      before = claimant;
    }
    return head;
  }

  private take(): number {
    const claimant = this.freed;
    if (claimant >= 0) {
      this.freed = this.next[claimant] ?? -1;
      return claimant;
    }
    if (this.given === this.servers.length) this.grow();
    return this.given++;
  }

  private give(claimant: number): void {
    this.next[claimant] = this.freed;
    this.freed = claimant;
    this.count--;
  }

  private grow(): void {
    const room = this.given + 1;
    this.servers = grown(this.servers, room);
    this.since = grown(this.since, room);
    this.first = grown(this.first, room);
    this.second = grown(this.second, room);
    this.next = grown(this.next, room);
  }
}
