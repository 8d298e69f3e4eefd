import type { CommandOption } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import { placeOptions } from '../cli/log-place.js';
import { questionOptions } from './question-options.js';

/** The options that every look into a log takes. */
export const lookOptions = {
  offline: questionOptions.offline,
  config: placeOptions.config,
  ...engineOptions,
} as const satisfies Record<string, CommandOption>;
