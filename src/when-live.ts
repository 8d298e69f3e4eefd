import { first, type Subscription } from 'rxjs';
import type { LiveMap } from './projector/live-map.js';

/** Runs `start` once the map is live: at once when it is already. */
export function whenLive(liveMap: LiveMap, start: () => void): Subscription {
  const subscription = liveMap.changes$.pipe(first(() => liveMap.live)).subscribe(start);
  if (liveMap.live && !subscription.closed) {
    subscription.unsubscribe();
    start();
  }
  return subscription;
}
