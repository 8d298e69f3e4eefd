import { isOpen, type NetworkMap } from '../../../projections/index.js';
import type { KnownViolation } from './evidence-keeper.js';

/** What the map knows of a violation. */
export function knownViolation(map: NetworkMap, violationId: string): KnownViolation | undefined {
  const row = map.violations.get(violationId);
  if (row === undefined) return undefined;
  const { state, evidenceSha256: sha256, evidenceFrames: frames = 0 } = row;
  return { open: isOpen(state), ...(sha256 !== undefined && { kept: { sha256, frames } }) };
}
