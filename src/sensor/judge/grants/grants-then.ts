import { parseIpv6, wordsOf } from '../../../../events/index.js';
import type { Expected, Former, Grants, GrantRecords, LinkState, Observation } from '../../../../projections/index.js';
import type { GrantIndex } from './grant-index.js';

/** Records as they were before some changes; for a port whose link was not reported then there is `unknownLinks`. */
export interface RecordsBefore extends Omit<GrantRecords, 'ordinal'> {
  readonly unknownLinks: readonly string[];
}

/**
 * The grants as they were before the last few changes: those of now, but for the keys that changed since, for which the
 * records of before answer.
 */
export class GrantsThen implements Grants {
  private readonly changedSlots: ReadonlySet<number>;
  private readonly changedServers: ReadonlySet<string>;
  private readonly changedSwitches: ReadonlySet<string>;
  private readonly changedLinks: ReadonlySet<string>;

  /**
   * @param now changed by nothing while this is asked
   * @param then an index of the records of before, and of nothing else
   */
  constructor(
    readonly ordinal: number,
    private readonly now: GrantIndex,
    private readonly then: GrantIndex,
    before: RecordsBefore,
  ) {
    const ids = before.servers.map((one) => one.serverId);
    this.changedServers = new Set(ids);
    this.changedSlots = new Set(ids.map((id) => now.packed.slotOf(id)).filter((slot) => slot >= 0));
    this.changedSwitches = new Set(before.gateways.map((one) => one.switch));
    this.changedLinks = new Set([...before.links.map((one) => one.port), ...before.unknownLinks]);
  }

  ownerOfAddress(address: string): Expected | undefined {
    const v6 = parseIpv6(address);
    if (v6 === undefined) return this.then.ownerOfAddress(address) ?? this.unchanged(this.now.ownerOfAddress(address));
    const words = wordsOf(v6);
    const then = this.then.packed.prefixes.holderUnless(words, new Set());
    const now = this.now.packed.prefixes.holderUnless(words, this.changedSlots);
    if (then === undefined) return now && this.now.expectedAt(now.slot);
    return now === undefined || then.length > now.length
      ? this.then.expectedAt(then.slot)
      : this.now.expectedAt(now.slot);
  }

  ownersOfMac(mac: string): Expected[] {
    return this.merged(this.then.ownersOfMac(mac), this.now.ownersOfMac(mac));
  }

  formerOwnersOfMac(mac: string): Former[] {
    return this.mergedFormers(this.then.formerOwnersOfMac(mac), this.now.formerOwnersOfMac(mac));
  }

  formerOwnersOfAddress(address: string): Former[] {
    return this.mergedFormers(this.then.formerOwnersOfAddress(address), this.now.formerOwnersOfAddress(address));
  }

  linkOf(port: string): LinkState {
    return (this.changedLinks.has(port) ? this.then : this.now).linkOf(port);
  }

  expectedOn(switchName: string, vlan: number): Expected | undefined {
    return this.then.expectedOn(switchName, vlan) ?? this.unchanged(this.now.expectedOn(switchName, vlan));
  }

  expectedOnPort(port: string): Expected[] {
    return this.merged(this.then.expectedOnPort(port), this.now.expectedOnPort(port));
  }

  isGatewayAddress(switchName: string, vlan: number | undefined, address: string): boolean {
    return this.ofSwitch(switchName).isGatewayAddress(switchName, vlan, address);
  }

  isGatewayMac(switchName: string, vlan: number | undefined, mac: string): boolean {
    return this.ofSwitch(switchName).isGatewayMac(switchName, vlan, mac);
  }

  exceptionFor(rule: string, observation: Observation): string | undefined {
    return this.now.exceptionFor(rule, observation);
  }

  private ofSwitch(switchName: string): GrantIndex {
    return this.changedSwitches.has(switchName) ? this.then : this.now;
  }

  private unchanged(server: Expected | undefined): Expected | undefined {
    return server === undefined || this.changedServers.has(server.serverId) ? undefined : server;
  }

  private merged(then: readonly Expected[], now: readonly Expected[]): Expected[] {
    const unchanged = now.filter((one) => !this.changedServers.has(one.serverId));
    return [...then, ...unchanged].sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
  }

  private mergedFormers(then: readonly Former[], now: readonly Former[]): Former[] {
    const unchanged = now.filter((one) => !this.changedServers.has(one.server.serverId));
    return [...then, ...unchanged].sort(latestFirst);
  }
}

/** The order in which former owners are told: the one whose grant ended last, first. */
export function latestFirst(a: Former, b: Former): number {
  return b.endedAt - a.endedAt || (a.server.serverId < b.server.serverId ? -1 : 1);
}
