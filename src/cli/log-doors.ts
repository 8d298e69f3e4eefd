import type { AppConfig } from '../config/app-config.js';
import type { LogDoors, LogPlace } from './log-place.js';

/** The logs as they are: each function loads what it needs when it is called. */
export const logDoors: LogDoors = {
  openReader: async (place) =>
    (await import('../event-store/embedded.event-store.js')).openEmbeddedReader((await configOf(place)).dataDir),
  openStore: async (place) =>
    (await import('../event-store/embedded.event-store.js')).openEmbeddedStore({
      directory: (await configOf(place)).dataDir,
    }),
  openCopy: async () => Promise.reject(new Error('not yet')),
  backup: async () => Promise.reject(new Error('not yet')),
};

/** The configuration of a place; for a data directory the default one, with the embedded store in that directory. */
async function configOf(place: LogPlace): Promise<AppConfig> {
  if ('config' in place) return (await import('../config/app-config.js')).loadConfig(place.config);
  const config = new (await import('../config/app-config.js')).AppConfig();
  config.dataDir = place.directory;
  return config;
}
