import type { ComponentType } from 'preact';
import type { Place } from './place.js';

type Views = {
  readonly [View in Place['view']]: () => Promise<ComponentType<{ place: Extract<Place, { view: View }> }>>;
};
type AnyView = ComponentType<{ place: Place }>;

/** What draws each place: a file of its own that the browser reads when it is first needed. */
const views: Views = {
  device: async () => (await import('./devices/device-page.js')).DevicePage,
  devices: async () => (await import('./devices/devices-page.js')).DevicesPage,
  renumbering: async () => (await import('./renumberings/renumbering-page.js')).RenumberingPage,
  renumberings: async () => (await import('./renumberings/renumberings-page.js')).RenumberingsPage,
  pools: async () => (await import('./pools/pools-page.js')).PoolsPage,
  overview: async () => (await import('./overview/overview-page.js')).OverviewPage,
  difference: async () => (await import('./overview/difference-page.js')).DifferencePage,
  log: async () => (await import('./log/log-page.js')).EventsPage,
  'log-state': async () => (await import('./log/log-state-page.js')).LogStatePage,
  time: async () => (await import('./time/time-page.js')).TimePage,
  entity: async () => (await import('./entity/entity-page.js')).EntityPage,
  feed: async () => (await import('./feed-page.js')).FeedPage,
  find: async () => (await import('./find/find-page.js')).FindPage,
  port: async () => (await import('./port-page.js')).PortPage,
  switch: async () => (await import('./switches/switch-page.js')).SwitchPage,
  switches: async () => (await import('./switches/switches-page.js')).SwitchesPage,
  ports: async () => (await import('./ports-page.js')).PortsPage,
};

const read = new Map<Place['view'], AnyView>();

/** The view if it was read before. */
export const knownView = (view: Place['view']): AnyView | undefined => read.get(view);

/** Reads the view. Rejects where the engine does not answer, or has another console by now. */
export async function viewFor(view: Place['view']): Promise<AnyView> {
  const drawn = (await views[view]()) as AnyView;
  read.set(view, drawn);
  return drawn;
}

/** Reads these one after another in idle moments, so that they are there when the engine is not. */
export function readAhead(wanted: readonly Place['view'][]): () => void {
  let isEnded = false;
  const next = async (left: readonly Place['view'][]): Promise<void> => {
    const [first, ...others] = left;
    if (first === undefined || isEnded) return;
    await viewFor(first).catch(() => undefined);
    await next(others);
  };
  const timer = setTimeout(() => void next(wanted.filter((view) => !read.has(view))), 1_000);
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
