import type { AuditVerb } from './audit-verb.js';
import { verificationOptions } from './verify.command.js';

/**
 * `portledger audit prove POSITION|#ORDINAL|ID`: one JSON object that proves the event to whoever has the verifier key.
 * The proof leads to the smallest of the given checkpoints that covers the event, else to the one that was signed last.
 */
export const proveVerb: AuditVerb = {
  word: 'prove',
  usage: [['prove POSITION|#ORDINAL|ID [--checkpoint FILE]...', 'an event that proves itself, as JSON']],
  options: verificationOptions,
  run: async (input, { openLog }) => (await import('./run-prove.js')).runProve(input, openLog),
};
