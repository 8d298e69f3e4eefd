import { ordinalOf } from '../log/log-place.js';
import type { PageOf } from '../page.js';

/** What is looked at, at the chosen moment. */
export const timeTabs = ['event', 'map', 'device', 'violations', 'difference'] as const;
export type TimeTab = (typeof timeTabs)[number];

/** The filters of the map, by the names the API knows them by. */
export const mapFilterNames = ['server', 'customer', 'ip', 'mac', 'port', 'switch'] as const;
export type MapFilterName = (typeof mapFilterNames)[number];

/** A moment of the log, and what is looked at there. */
export interface TimePlace extends Partial<Record<MapFilterName, string>> {
  readonly view: 'time';
  /** Ordinal of the last event that counts; without it the end of the log. */
  readonly at?: number;
  /** The other moment of a difference, earlier or later. */
  readonly other?: number;
  readonly tab?: TimeTab;
  readonly device?: string;
  /** Valid time: only facts that had become true by then, RFC 3339. */
  readonly valid?: string;
}

export const timePage: PageOf<TimePlace> = {
  name: 'Time',
  letter: 't',
  step: 'time',
  needs: 'GET /v1/audit/at',
  start: { view: 'time' },
  views: ['time'],
  keys: () => [
    ['← →', 'one event back, one on'],
    ['Home  End', 'first and last event'],
    ['1 to 5', 'event, map, device, violations, difference'],
  ],
  read(_steps, query) {
    const text = (name: string): string | undefined => query.get(name) || undefined;
    const filters = Object.fromEntries(
      mapFilterNames.flatMap((name) => (text(name) === undefined ? [] : [[name, text(name)]])),
    ) as Partial<Record<MapFilterName, string>>;
    const [at, other] = [ordinalOf(query.get('at')), ordinalOf(query.get('other'))];
    const tab = timeTabs.find((one) => one === query.get('tab'));
    const [device, valid] = [text('device'), text('valid')];
    return {
      view: 'time',
      ...filters,
      ...(at !== undefined && { at }),
      ...(other !== undefined && { other }),
      ...(tab !== undefined && { tab }),
      ...(device !== undefined && { device }),
      ...(valid !== undefined && { valid }),
    };
  },
  write(place) {
    const query = new URLSearchParams();
    if (place.at !== undefined) query.set('at', `#${place.at}`);
    if (place.other !== undefined) query.set('other', `#${place.other}`);
    for (const name of ['tab', 'device', 'valid', ...mapFilterNames] as const)
      if (place[name] !== undefined) query.set(name, place[name]);
    return { steps: [], query };
  },
};
