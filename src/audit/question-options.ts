import { type CommandOption, momentHelp } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';

/** The options that every question takes. */
export const questionOptions = {
  at: { type: 'string', value: 'TIME', reads: 'moment', help: `as of this valid time: ${momentHelp}` },
  'known-at': {
    type: 'string',
    value: 'TIME|#N',
    reads: 'moment',
    help: 'as the engine had been told by then, or up to ordinal N',
  },
  ...engineOptions,
  json: { type: 'boolean', help: 'write one JSON object' },
  offline: {
    type: 'string',
    value: 'DIR',
    help: 'read the copy of a data directory (portledger backup); asks no engine, and nobody records it',
  },
} as const satisfies Record<string, CommandOption>;

/** Of the questions about one subject: a stretch of time instead of a moment. */
export const subjectOptions = {
  ...questionOptions,
  between: {
    type: 'string',
    value: 'A..B',
    reads: 'stretch',
    help: "instead of --at: what had a moment in common with this stretch of time: 'monday 00:00..yesterday 14:00'",
  },
} as const satisfies Record<string, CommandOption>;
