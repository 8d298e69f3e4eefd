import { AppConfig, loadConfig } from '../config/app-config.js';
import { isConnectionString } from '../config/connection-string.js';
import { openStore, openStoreCopy, openStoreReader } from '../open-store.js';
import { CliError, exitCode } from './command.js';
import { type LogDoors, type LogPlace, spellPlace } from './log-place.js';

/** The logs as they are; a store's own packages are loaded when one of these is called. */
export const logDoors: LogDoors = {
  openReader: (place) => openStoreReader(configOf(place)),
  openStore: async (place) => {
    const config = configOf(place);
    // To write to a log that is not there would make one: a mistyped directory is refused instead.
    await (await openStoreReader(config)).close();
    return openStore(config);
  },
  openCopy: (place, logId) => openStoreCopy(configOf(place), logId),
  backup: async (place, target, onProgress) => {
    const { eventStore, dataDir } = configOf(place);
    if (isConnectionString(eventStore)) {
      const cure = 'Use the backup of that server, portledger log export, or portledger log copy into a directory.';
      throw new CliError(exitCode.usage, `The log at ${spellPlace(place)} is kept by a server. ${cure}`);
    }
    const { backupEmbedded } = await import('../event-store/embedded/backup.js');
    return backupEmbedded(dataDir, target, onProgress);
  },
};

/** The configuration of a place; for a data directory the default one, with the embedded store in that directory. */
function configOf(place: LogPlace): AppConfig {
  if ('config' in place) return loadConfig(place.config);
  const config = new AppConfig();
  config.dataDir = place.directory;
  return config;
}
