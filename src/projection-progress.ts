import type { EventStore } from './event-store/event-store.port.js';
import type { LiveMap } from './projector/live-map.js';

const lookEveryMs = 2000;

/** How far the map is behind the log, and when it got on last: looked at every two seconds. */
export class ProjectionProgress {
  private head = -1;
  private seen = -1;
  private progressedAt: number;
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  constructor(
    private readonly store: Pick<EventStore, 'head'>,
    private readonly liveMap: Pick<LiveMap, 'ordinal'>,
    private readonly now: () => number = Date.now,
  ) {
    this.progressedAt = now();
    this.timer = setInterval(() => void this.look(), lookEveryMs).unref();
    void this.look();
  }

  /** Events that are stored and not folded, as of the last look. */
  get lagEvents(): number {
    return Math.max(0, this.head - this.liveMap.ordinal);
  }

  /** When the map took up events last, or was seen to have them all; ms since 1970. */
  get lastProgressAt(): number {
    this.note();
    return this.progressedAt;
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const head = await this.store.head();
      this.head = head?.ordinal ?? -1;
      this.note();
      if (this.lagEvents === 0) this.progressedAt = this.now();
    } catch {
      // The store says itself what is wrong with it; nothing is known of the lag meanwhile.
    } finally {
      this.isLooking = false;
    }
  }

  private note(): void {
    if (this.liveMap.ordinal === this.seen) return;
    this.seen = this.liveMap.ordinal;
    this.progressedAt = this.now();
  }
}
