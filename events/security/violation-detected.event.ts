import { compact, defineEvent } from '../contract.js';
import { type Attribution, field, Is, Optional, type Severity } from '../vocabulary/fields.js';
import type { CustomerId, PortId, ServerId, SwitchName, Vlan } from '../vocabulary/identity.js';

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
}

export const violationDetected = defineEvent({
  type: 'ViolationDetected',
  scope: 'own-rooms',
  version: 1,
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
    }),
});
