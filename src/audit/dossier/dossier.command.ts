import type { AuditVerb } from '../audit-verb.js';
import { subjectOptions } from '../question-options.js';
import { verificationOptions } from '../verify.command.js';

/** `portledger audit dossier who-had|explain SUBJECT -o FILE`: an answer that proves itself, as one file. */
export const dossierVerb: AuditVerb = {
  word: 'dossier',
  usage: [['dossier who-had|explain SUBJECT -o FILE.zip', 'the answer as one signed file that proves itself']],
  options: {
    ...subjectOptions,
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'where the dossier goes; a file that is there is replaced, - is standard output',
    },
    'signing-key': {
      type: 'string',
      value: 'FILE',
      help: 'with --offline: the signing key of the checkpoints (audit key new)',
    },
    checkpoint: verificationOptions.checkpoint,
  },
  run: async (input, doors) => (await import('./run-dossier.js')).runDossier(input, doors),
};
