import type { AuditVerb } from '../audit-verb.js';
import { verificationOptions } from '../verify.command.js';

/** `portledger audit verify-dossier FILE --key KEY|FILE`: asks no engine. */
export const verifyDossierVerb: AuditVerb = {
  word: 'verify-dossier',
  usage: [['verify-dossier FILE --key KEY|FILE', 'that a dossier is as it was signed, and its answer follows']],
  options: { key: verificationOptions.key, json: verificationOptions.json },
  run: async (input) => (await import('./run-verify-dossier.js')).runVerifyDossier(input),
};
