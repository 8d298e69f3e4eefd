import type { CommandOption } from '../cli/command.js';
import { engineOptions } from '../cli/engine-client.js';
import type { AuditVerb } from './audit-verb.js';
import type { ProvableLog } from './event-proof.js';
import type { LogReader } from './known-log.js';
import type { VerifiableLog } from './verify-log.js';

/** Opens the log in a data directory with all that a verification, or an answer that proves itself, reads. */
export type OpenLog = (
  directory: string,
) => Promise<VerifiableLog & ProvableLog & LogReader & { close(): Promise<void> }>;

/** The options of `verify` and `prove`. */
export const verificationOptions = {
  checkpoint: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'signed checkpoints, one after another; may be given more than once',
  },
  key: {
    type: 'string',
    multiple: true,
    value: 'KEY|FILE',
    help: 'verifier key that the checkpoints must be signed with, or a file of such keys',
  },
  ...engineOptions,
  data: { type: 'string', value: 'DIR', help: 'the log in this data directory; asks no engine' },
} as const satisfies Record<string, CommandOption>;

/** `portledger audit verify`: ends with 6 when something is not as it must be. */
export const verifyVerb: AuditVerb = {
  word: 'verify',
  usage: [['verify [--checkpoint FILE]... [--key KEY|FILE]', 'that nobody rewrote the log']],
  options: verificationOptions,
  run: async (input, { openLog }) => (await import('./run-verify.js')).runVerify(input, openLog),
};
