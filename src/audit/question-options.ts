import type { CommandOption } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';

/** The options that every question takes. */
export const questionOptions = {
  at: { type: 'string', value: 'TIME', help: 'as of this valid time, with a zone: 2026-01-31T03:14:00Z' },
  'known-at': { type: 'string', value: 'TIME|#N', help: 'as the engine had been told by then, or up to ordinal N' },
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
    help: 'instead of --at: what had a moment in common with this stretch of time',
  },
} as const satisfies Record<string, CommandOption>;
