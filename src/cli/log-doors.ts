import { AppConfig, loadConfig } from '../config/app-config.js';
import { openStore, openStoreReader } from '../open-store.js';
import type { LogDoors, LogPlace } from './log-place.js';

/** The logs as they are; a store's own packages are loaded when one of these is called. */
export const logDoors: LogDoors = {
  openReader: (place) => openStoreReader(configOf(place)),
  openStore: async (place) => {
    const config = configOf(place);
    // To write to a log that is not there would make one: a mistyped directory is refused instead.
    await (await openStoreReader(config)).close();
    return openStore(config);
  },
};

/** The configuration of a place; for a data directory the default one, with the embedded store in that directory. */
function configOf(place: LogPlace): AppConfig {
  if ('config' in place) return loadConfig(place.config);
  const config = new AppConfig();
  config.dataDir = place.directory;
  return config;
}
