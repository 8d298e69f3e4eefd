import type { ViolationDetected } from '../../../events/index.js';
import { type Rule, rules } from '../../../projections/index.js';
import { grantsOfBasis, type LookUp, noting, recalling } from './judge-basis.js';
import { observationOf } from './stored-observation.js';

/**
 * Judges a stored violation again from its fields alone: the name of its rule where that still finds something, undefined
 * where it does not, or where the rule is gone, has another version, or the event has no basis (as those of version 1).
 */
export function rejudge(violation: ViolationDetected, asked: readonly Rule[] = rules): string | undefined {
  const rule = asked.find((one) => one.name === violation.rule && one.version === violation.ruleVersion);
  const basis = JSON.parse(violation.basis) as readonly LookUp[];
  if (rule === undefined) return undefined;
  const lookUps: LookUp[] = [];
  const grants = noting(grantsOfBasis(basis, violation.judgedAtOrdinal ?? -1), lookUps);
  const finding = rule.judge(observationOf(violation), grants, recalling(basis));
  // No basis is enough only for a rule that looks nothing up: an advertisement heard on no known port and VLAN.
  if (finding === undefined || (basis.length === 0 && lookUps.length > 0)) return undefined;
  return rule.name;
}
