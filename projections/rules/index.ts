import type { Observation } from '../observation.js';
import { addressSpoof } from './address-spoof.rule.js';
import { gatewayImpersonation } from './gateway-impersonation.rule.js';
import { rogueRouterAdvertisement } from './rogue-router-advertisement.rule.js';
import type { Finding, Grants, Rule, RuleMemory } from './rule.js';
import { unassignedAddress } from './unassigned-address.rule.js';
import { unknownMac } from './unknown-mac.rule.js';

/** Every rule; the first that matches a frame gives its primary finding. */
export const rules: readonly Rule[] = [
  rogueRouterAdvertisement,
  gatewayImpersonation,
  addressSpoof,
  unknownMac,
  unassignedAddress,
];

/** One memory a rule, by the rule's name. */
export type RuleMemories = ReadonlyMap<string, RuleMemory>;

/** Empty memories for every rule, for a judge to keep. */
export function ruleMemories(): RuleMemories {
  return new Map(rules.map((rule) => [rule.name, new Map<string, number>()]));
}

export interface PrimaryFinding {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** What the first rule that matches says of a frame; undefined when the frame is normal. `asked`: other rules than all. */
export function primaryFinding(
  observation: Observation,
  grants: Grants,
  memories: RuleMemories,
  asked: readonly Rule[] = rules,
): PrimaryFinding | undefined {
  for (const rule of asked) {
    const memory: RuleMemory = memories.get(rule.name) ?? new Map<string, number>();
    const finding = rule.judge(observation, grants, memory);
    if (finding !== undefined) return { rule, finding };
  }
  return undefined;
}
