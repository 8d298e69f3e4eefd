import { parseIpv6, prefixBits, wordsOf } from '../../../events/index.js';
import { hashOfText, isOpen, type NetworkMap, SlotSets, type ViolationRow } from '../../../projections/index.js';

/** The slots of the open violations by everything a fact may say of them: a few numbers for each, however many there are. */
export class OpenViolationIndex {
  private readonly slots = new SlotSets();
  private readonly indexed = new Set<number>();

  constructor(private readonly map: NetworkMap) {}

  get size(): number {
    return this.indexed.size;
  }

  /** Takes the violation as it is now: in while it is open, out when it is not. True when it came in. */
  update(violationId: string): boolean {
    const slot = this.map.violations.slotOf(violationId);
    if (slot < 0) return false;
    const row = this.map.violations.at(slot);
    const open = isOpen(row.state);
    if (open === this.indexed.has(slot)) return false;
    for (const key of keysOf(row)) {
      if (open) this.slots.add(hashOfText(key), slot);
      else this.slots.remove(hashOfText(key), slot);
    }
    if (open) this.indexed.add(slot);
    else this.indexed.delete(slot);
    return open;
  }

  /** Open violations that stand under one of these keys; some of them may stand there by chance. */
  under(keys: Iterable<string>): ViolationRow[] {
    const found = new Set<number>();
    for (const key of keys) for (const slot of this.slots.slotsOf(hashOfText(key))) found.add(slot);
    return [...found].map((slot) => this.map.violations.at(slot));
  }
}

export const serverKey = (serverId: string): string => `server ${serverId}`;
export const portKey = (port: string): string => `port ${port}`;
export const vlanKey = (switchName: string, vlan: number): string => `vlan ${switchName}/${vlan}`;
export const switchKey = (switchName: string): string => `switch ${switchName}`;
export const macKey = (mac: string): string => `mac ${mac}`;
export const addressKey = (address: string): string => `ip ${address}`;

/** Where the violations are whose claimed address may lie in the prefix. */
export function prefixKey(prefix: Parameters<typeof prefixBits>[0]): string {
  const { words, length } = prefixBits(prefix);
  return length >= 48 ? net48(words) : length >= 32 ? net32(words) : anyIpv6;
}

const anyIpv6 = 'any IPv6';
const net32 = ([first]: readonly number[]): string => `net ${first}`;
const net48 = ([first, second]: readonly number[]): string => `net ${first} ${(second ?? 0) >>> 16}`;

function keysOf(row: ViolationRow): Set<string> {
  const { port, vlan, etherSource, claimedMac, claimedAddress, offenderServerId, victimServerId } = row;
  const keys = new Set([switchKey(row.switch), macKey(etherSource), macKey(claimedMac)]);
  if (port !== undefined) keys.add(portKey(port));
  if (vlan !== undefined) keys.add(vlanKey(row.switch, vlan));
  for (const serverId of [offenderServerId, victimServerId]) if (serverId !== undefined) keys.add(serverKey(serverId));
  if (claimedAddress === undefined) return keys;
  keys.add(addressKey(claimedAddress));
  const v6 = parseIpv6(claimedAddress);
  if (v6 === undefined) return keys;
  const words = wordsOf(v6);
  return keys.add(net48(words)).add(net32(words)).add(anyIpv6);
}
