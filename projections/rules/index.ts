import type { Observation } from '../observation.js';
import { addressSpoof } from './address-spoof.rule.js';
import { cancelledServerAlive } from './cancelled-server-alive.rule.js';
import { dadAttack } from './dad-attack.rule.js';
import { duplicateAddress } from './duplicate-address.rule.js';
import { gatewayImpersonation } from './gateway-impersonation.rule.js';
import { macFlapping } from './mac-flapping.rule.js';
import { macMismatch } from './mac-mismatch.rule.js';
import { macMoved } from './mac-moved.rule.js';
import { neighbourExhaustion } from './neighbour-exhaustion.rule.js';
import { neighbourScan } from './neighbour-scan.rule.js';
import { probableNicSwap } from './probable-nic-swap.rule.js';
import { rogueRedirect } from './rogue-redirect.rule.js';
import { rogueRouterAdvertisement } from './rogue-router-advertisement.rule.js';
import { type HeardAtHome, RuleMemories } from './rule-memory.js';
import type { Finding, Grants, Rule } from './rule.js';
import { sourceInconsistent } from './source-inconsistent.rule.js';
import { unassignedAddress } from './unassigned-address.rule.js';
import { unknownMac } from './unknown-mac.rule.js';
import { unpaidIpv4InUse } from './unpaid-ipv4-in-use.rule.js';
import { unsoldPortAlive } from './unsold-port-alive.rule.js';
import { vlanMismatch } from './vlan-mismatch.rule.js';

/** Every rule; the first that matches a frame gives its primary finding. Why each stands where it stands: */
export const rules: readonly Rule[] = [
  // A server may never send these, whatever they claim.
  rogueRouterAdvertisement,
  rogueRedirect,
  // The gateway's address concerns every server of the VLAN.
  gatewayImpersonation,
  // An answer to detection takes an address away at once, and says more than whose address it is.
  dadAttack,
  // The last of those that harm another server: none of them is ever hidden by a rule about a port or a MAC.
  addressSpoof,
  // A flood is thousands of the findings below: one that names it says more.
  neighbourExhaustion,
  // A MAC that goes to and fro has not moved: it waits for no event of billing.
  macFlapping,
  // Names the server whose MAC it is, which an unsold port or a wrong VLAN cannot.
  macMoved,
  // Names the server that was, which an unknown MAC or an unsold port cannot.
  cancelledServerAlive,
  // Says what is wrong with the frame whoever sent it: its tags, its place, its two MACs.
  vlanMismatch,
  unsoldPortAlive,
  sourceInconsistent,
  // Two that are both alive are no swap, and a swap explains an unknown MAC.
  duplicateAddress,
  probableNicSwap,
  unknownMac,
  // What is left of wrong MACs: those that billing knows, and has here or for another purpose.
  macMismatch,
  // An address that was sold once tells whom to ask.
  unpaidIpv4InUse,
  unassignedAddress,
  // Asking is no claim: whatever else is wrong with the frame comes first.
  neighbourScan,
];

/**
 * Empty memories for every rule, for a judge to keep.
 * @param heardAtHome the judge's account of bound MACs heard where they belong; without it nobody was
 */
export function ruleMemories(heardAtHome?: HeardAtHome): RuleMemories {
  return new RuleMemories(heardAtHome);
}

/** A rule that matched, and what it found. */
export interface PrimaryFinding {
  readonly rule: Rule;
  readonly finding: Finding;
}

/** A rule that matched where an operator granted an exception from it. */
export interface ExceptionHit extends PrimaryFinding {
  readonly exceptionId: string;
}

/** Everything that rules say of one frame. */
export interface Findings {
  /** In the order of the rules: the first is the primary finding, the others are its attributes. Empty for a normal frame. */
  readonly found: readonly PrimaryFinding[];
  /** What would have been found, to be counted for its exception. */
  readonly excepted: readonly ExceptionHit[];
}

const nothing: Findings = { found: [], excepted: [] };

/**
 * What all rules say of a frame. Every rule is asked, also after one has matched: those that remember must hear of every
 * frame. So ask once for each frame, and with `memories.readOnly()` where a frame is judged again.
 * @param asked other rules than all, in the order of their precedence
 */
export function allFindings(
  observation: Observation,
  grants: Grants,
  memories: RuleMemories,
  asked: readonly Rule[] = rules,
): Findings {
  let found: PrimaryFinding[] | undefined;
  let excepted: ExceptionHit[] | undefined;
  for (const rule of asked) {
    const finding = rule.judge(observation, grants, memories.of(rule));
    if (finding === undefined) continue;
    const exceptionId = grants.exceptionFor(rule.name, observation);
    if (exceptionId === undefined) (found ??= []).push({ rule, finding });
    else (excepted ??= []).push({ rule, finding, exceptionId });
  }
  if (found === undefined && excepted === undefined) return nothing;
  return { found: found ?? [], excepted: excepted ?? [] };
}

/** The first of `allFindings`, for whoever asks for nothing else; the same holds for asking once. */
export function primaryFinding(
  observation: Observation,
  grants: Grants,
  memories: RuleMemories,
  asked: readonly Rule[] = rules,
): PrimaryFinding | undefined {
  return allFindings(observation, grants, memories, asked).found[0];
}
