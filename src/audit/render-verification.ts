import type { Finding, Verification } from './verification.js';

/** A verification as text for a person: the verdict first, then what was looked at and what was not. */
export function renderVerification(verification: Verification): string {
  const { logId, size, root, checked, notChecked, findings, checkpoints } = verification;
  const verdict = findings.length === 0 ? 'verified' : 'VERIFICATION FAILED';
  return [
    `${verdict}: log ${logId}, ${size} events, root ${root}`,
    ...findings.map(describe),
    ...checked.map((what) => `checked: ${what}`),
    ...notChecked.map((what) => `not checked: ${what}`),
    ...(checkpoints.given === 0 ? [] : [coverageOf(verification)]),
  ].join('\n');
}

function describe({ kind, ordinal, checkpoint, found, expected }: Finding): string {
  const place = [checkpoint, ordinal === undefined ? undefined : `#${ordinal}`].filter((one) => one !== undefined);
  return `${kind}${place.length === 0 ? '' : ` at ${place.join(', ')}`}: found ${found}; expected ${expected}`;
}

function coverageOf({ checkpoints: { given, good, latest }, covered, uncovered }: Verification): string {
  const held = `checkpoints: ${good} of ${given} hold`;
  if (latest === undefined) return `${held}; no event is covered`;
  const rest = uncovered === 0 ? 'nothing came after it' : `${uncovered} came after it and are not covered yet`;
  return `${held}; the latest (${latest.where}) covers ${covered} events, ${rest}`;
}
