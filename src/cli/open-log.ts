import type { OpenReader } from '../audit/ask-auditor.js';
import type { OpenLog } from '../audit/verify.command.js';
import type { LogDoors } from './log-place.js';

/** The database client is loaded only when a data directory is named. */
export const openLog = (async (directory) =>
  (await import('../event-store/embedded/embedded.event-store.js')).openEmbeddedReader(directory)) satisfies OpenLog;
export const openReader: OpenReader = openLog;

const loaded = async (): Promise<LogDoors> => (await import('./log-doors.js')).logDoors;

/** For the verbs that go to a log; what is behind a door is loaded when it is opened. */
export const doors: LogDoors = {
  openReader: async (place) => (await loaded()).openReader(place),
  openStore: async (place) => (await loaded()).openStore(place),
  openCopy: async (place, logId) => (await loaded()).openCopy(place, logId),
  backup: async (place, target, onProgress) => (await loaded()).backup(place, target, onProgress),
};
