import { isInSurvey, Mutes } from '../../projections/index.js';
import type { SiteConfig } from '../config/app-config.js';
import type { LiveMap } from '../projector/live-map.js';
import type { Viewing } from './violation-view.js';

/** What the feed keeps beside the live map, so that a question needs no look at every row. */
export class ViolationIndex {
  readonly mutes = new Mutes();
  private readonly subscription;

  constructor(private readonly liveMap: LiveMap) {
    let isFirst = true;
    this.subscription = liveMap.changes$.subscribe((changes) => {
      if (isFirst) for (const mute of liveMap.map.mutes.values()) this.mutes.put(mute);
      isFirst = false;
      for (const { table, key } of changes) if (table === 'mutes') this.takeMute(key);
    });
    if (liveMap.live) for (const mute of liveMap.map.mutes.values()) this.mutes.put(mute);
  }

  /** What a view of a violation needs to know just now. */
  viewing(sites: readonly SiteConfig[]): Viewing {
    const inSurvey = (site: string): boolean => isInSurvey(this.liveMap.map, sites, site);
    return { inSurvey, mutes: this.mutes, now: Date.now() };
  }

  close(): void {
    this.subscription.unsubscribe();
  }

  private takeMute(muteId: string): void {
    const mute = this.liveMap.map.mutes.get(muteId);
    if (mute !== undefined) this.mutes.put(mute);
  }
}
