import { statSync } from 'node:fs';
import type { BackupProgress } from '../event-store/embedded/backup.js';
import type { EventStore, LogCopy, TreeHead } from '../event-store/event-store.port.js';
import { CliError, type CommandOption, exitCode, type OptionValues } from './command.js';

/** Where a log is kept: in a data directory, or where a configuration says. */
export type LogPlace = { readonly directory: string } | { readonly config: string };

/** Options of the verbs that go to a log without asking an engine. */
export const placeOptions = {
  data: { type: 'string', value: 'DIR', help: 'the log in this data directory; asks no engine' },
  config: { type: 'string', value: 'FILE', help: 'the log that this configuration names; asks no engine' },
} as const satisfies Record<string, CommandOption>;

/** What the verbs may do with a log where it is kept; the database clients are loaded when one of these is called. */
export interface LogDoors {
  /** For reading only; an engine may run on it meanwhile. */
  openReader(place: LogPlace): Promise<EventStore>;
  /** For writing, as the only writer. */
  openStore(place: LogPlace): Promise<EventStore>;
  /** As the copy of another log; made where it is missing, refused where it holds anything else. */
  openCopy(place: LogPlace, logId: string): Promise<LogCopy>;
  /** A verified copy in the directory `target` of an embedded log, while an engine may write to it. */
  backup(place: LogPlace, target: string, onProgress: (progress: BackupProgress) => void): Promise<TreeHead>;
}

/**
 * The place that --data (of verbs that only look: --offline) or --config names; undefined where neither is given. Two at
 * once are a usage error.
 */
export function givenPlace(options: OptionValues, inDirectory: 'data' | 'offline' = 'data'): LogPlace | undefined {
  const [directory, config] = [options.text(inDirectory), options.text('config')];
  const given = [inDirectory, 'config', 'url'].filter((name) => options.text(name) !== undefined);
  if (given.length > 1) {
    const names = given.map((name) => `--${name}`).join(' and ');
    throw new CliError(exitCode.usage, `${names} name different logs: give only one of them.`);
  }
  if (directory !== undefined) return { directory };
  return config === undefined ? undefined : { config };
}

/** The place that one text names: a directory that is there or is to be made, or a configuration file. */
export function placeNamed(text: string): LogPlace {
  const isFile = statSync(text, { throwIfNoEntry: false })?.isFile() ?? text.endsWith('.json');
  return isFile ? { config: text } : { directory: text };
}

/** A place as messages name it. */
export function spellPlace(place: LogPlace): string {
  return 'directory' in place ? place.directory : `the store of ${place.config}`;
}

/** The options that name this place again. */
export function optionOf(place: LogPlace): string {
  return 'directory' in place ? `--data ${place.directory}` : `--config ${place.config}`;
}
