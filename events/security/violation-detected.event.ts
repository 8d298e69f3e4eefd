import { compact, defineEvent } from '../contract.js';
import { type Attribution, field, Is, ListOf, Optional, type Severity } from '../vocabulary/fields.js';
import type { CustomerId, PortId, ServerId, SwitchName, Vlan } from '../vocabulary/identity.js';

/** More tags than a frame of ours has, and more rules than one frame can match. */
const [mostTags, mostRules] = [8, 32];

/**
 * A claim was heard that billing did not sell. Written by our own sensor room, once per identity
 * (rule, port, claimed address, offending MAC). Never changes the map.
 * Offender and victim are named as they were when the frame was heard.
 */
export class ViolationDetected {
  @Is(field.text) readonly violationId!: string;
  @Is(field.text) readonly rule!: string;
  @Is(field.count) readonly ruleVersion!: number;
  @Is(field.severity) readonly severity!: Severity;
  @Is(field.text) readonly sensor!: string;
  /** How the frame got its port: stated as fact only for `interface` and `vlan`. */
  @Is(field.attribution) readonly attribution!: Attribution;
  @Is(field.text) readonly site!: string;
  @Is(field.switchName) readonly switch!: SwitchName;
  @Optional() @Is(field.port) readonly port?: PortId;
  @Optional() @Is(field.vlan) readonly vlan?: Vlan;
  /** What was heard, such as `arp-reply`. */
  @Is(field.text) readonly observation!: string;
  @Is(field.frameMac) readonly etherSource!: string;
  @Is(field.frameMac) readonly claimedMac!: string;
  @Optional() @Is(field.frameAddress) readonly claimedAddress?: string;
  @Is(field.instant) readonly frameTime!: string;
  /** The ordinal of the last event in the map that judged; absent when the map was empty. */
  @Optional() @Is(field.count) readonly judgedAtOrdinal?: number;
  @Optional() @Is(field.serverId) readonly offenderServerId?: ServerId;
  @Optional() @Is(field.customerId) readonly offenderCustomerId?: CustomerId;
  @Optional() @Is(field.serverId) readonly victimServerId?: ServerId;
  @Optional() @Is(field.customerId) readonly victimCustomerId?: CustomerId;
  /** One sentence for a person. */
  @Is(field.text) readonly detail!: string;
  // Since version 2: all that the rule was told, so that a violation is judged again from its fields alone.
  /** Duplicate address detection: the sender asked before it claimed. */
  @Is(field.flag) readonly tentative!: boolean;
  /** The address the frame asked for; never a claim. */
  @Optional() @Is(field.frameAddress) readonly askedAddress?: string;
  /** The VLAN ids the frame carried, outermost first, 0 for a priority tag. */
  @Optional() @ListOf(field.count, mostTags) readonly tags?: readonly number[];
  /** What a switch's message says happened, in one word of ours. */
  @Optional() @Is(field.text) readonly said?: string;
  /** The other rules that matched the same frame. */
  @Optional() @ListOf(field.text, mostRules) readonly alsoMatched?: readonly string[];
  /** True where this stands for many violations of its rule and port that were not told apart. */
  @Optional() @Is(field.flag) readonly sampled?: boolean;
  /** What the port did in this long before the frame; the numbers of addresses are estimates above a few dozen. */
  @Optional() @Is(field.count) readonly trafficWindowMs?: number;
  @Optional() @Is(field.count) readonly trafficFrames?: number;
  @Optional() @Is(field.count) readonly askedAddresses?: number;
  @Optional() @Is(field.count) readonly claimedAddresses?: number;
  @Optional() @Is(field.count) readonly sources?: number;
  /** Every look-up the rule made and its answer, as JSON; `[]` where none was written down. */
  @Is(field.basis) readonly basis!: string;
}

export const violationDetected = defineEvent({
  type: 'ViolationDetected',
  scope: 'own-rooms',
  version: 2,
  // Version 1 did not say whether the claim was tentative, nor what the rule looked up.
  upcasts: { 1: (data) => ({ ...data, tentative: false, basis: '[]' }) },
  dataClass: ViolationDetected,
  stream: (data) => `violation-${data.violationId}`,
  read: (from): ViolationDetected =>
    compact({
      violationId: from.need('violationId', field.text),
      rule: from.need('rule', field.text),
      ruleVersion: from.need('ruleVersion', field.count),
      severity: from.need('severity', field.severity),
      sensor: from.need('sensor', field.text),
      attribution: from.need('attribution', field.attribution),
      site: from.need('site', field.text),
      switch: from.need('switch', field.switchName),
      port: from.maybe('port', field.port),
      vlan: from.maybe('vlan', field.vlan),
      observation: from.need('observation', field.text),
      etherSource: from.need('etherSource', field.frameMac),
      claimedMac: from.need('claimedMac', field.frameMac),
      claimedAddress: from.maybe('claimedAddress', field.frameAddress),
      frameTime: from.need('frameTime', field.instant),
      judgedAtOrdinal: from.maybe('judgedAtOrdinal', field.count),
      offenderServerId: from.maybe('offenderServerId', field.serverId),
      offenderCustomerId: from.maybe('offenderCustomerId', field.customerId),
      victimServerId: from.maybe('victimServerId', field.serverId),
      victimCustomerId: from.maybe('victimCustomerId', field.customerId),
      detail: from.need('detail', field.text),
      tentative: from.need('tentative', field.flag),
      askedAddress: from.maybe('askedAddress', field.frameAddress),
      tags: from.maybeList('tags', field.count, mostTags),
      said: from.maybe('said', field.text),
      alsoMatched: from.maybeList('alsoMatched', field.text, mostRules),
      sampled: from.maybe('sampled', field.flag),
      trafficWindowMs: from.maybe('trafficWindowMs', field.count),
      trafficFrames: from.maybe('trafficFrames', field.count),
      askedAddresses: from.maybe('askedAddresses', field.count),
      claimedAddresses: from.maybe('claimedAddresses', field.count),
      sources: from.maybe('sources', field.count),
      basis: from.need('basis', field.basis),
    }),
});
