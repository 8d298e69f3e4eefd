import type { OpenReader } from '../audit/ask-auditor.js';
import type { OpenLog } from '../audit/verify.command.js';
import type { LogDoors } from './log-place.js';

/** The database client is loaded only when a data directory is named. */
export const openLog = (async (directory) =>
  (await import('../event-store/embedded/embedded.event-store.js')).openEmbeddedReader(directory)) satisfies OpenLog;
export const openReader: OpenReader = openLog;

/** Loaded by the verbs that go to a log. */
export const doors = async (): Promise<LogDoors> => (await import('./log-doors.js')).logDoors;
