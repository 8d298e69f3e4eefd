import { type Ipv4Address, ipv4Number, parseIpv4, parseIpv6, wordsOf } from '../../../../events/index.js';
import {
  Exceptions,
  type Expected,
  type Former,
  type FormerGrant,
  type GatewayGrants,
  type Grants,
  type GrantRecords,
  type LinkState,
  type Observation,
  type ServerGrants,
} from '../../../../projections/index.js';
import { expectedOfRecord } from './expected.js';
import { latestFirst } from './grants-then.js';
import { halves } from './further-keys.js';
import { PackedGrants } from './packed-grants.js';

/** Records kept unpacked while nothing changes: rules ask the same of every frame of a port. */
const keptRecords = 4_096;

/** The grants as rules may see them, kept up by records: what `mapGrants` answers from the map, from packed grants. */
export class GrantIndex implements Grants {
  readonly packed: PackedGrants;
  private readonly exceptions = new Exceptions();
  private readonly records = new Map<number, ServerGrants>();
  private readonly servers = new Map<number, Expected>();

  /** @param expected about how many servers there will be: nothing needs to grow up to there */
  constructor(expected = 0) {
    this.packed = new PackedGrants(expected);
  }

  get ordinal(): number {
    return this.packed.ordinal;
  }

  /** Takes in records: each stands for all that was said of its key before. */
  take(records: GrantRecords): void {
    this.records.clear();
    this.servers.clear();
    this.packed.take(records);
    for (const exception of records.exceptions) this.exceptions.put(exception);
  }

  /** The record of a server as it was put in; undefined for one that owns nothing and had nothing. */
  recordOf(serverId: string): ServerGrants | undefined {
    const slot = this.packed.slotOf(serverId);
    return slot < 0 ? undefined : this.recordAt(slot);
  }

  /** The record of a switch's gateway as it was put in. */
  gatewayRecord(switchName: GatewayGrants['switch']): GatewayGrants {
    const declared = this.packed.gateways.get(switchName);
    return { switch: switchName, ...(declared !== undefined && { declared }) };
  }

  ownerOfAddress(address: string): Expected | undefined {
    const v4 = parseIpv4(address);
    if (v4 !== undefined) return this.expectedAt(this.packed.holderOfIpv4(ipv4Number(v4)));
    const v6 = parseIpv6(address);
    return v6 === undefined ? undefined : this.expectedAt(this.packed.holderOfIpv6(...wordsOf(v6)));
  }

  ownersOfMac(mac: string): Expected[] {
    return this.expectedAtAll(this.packed.slotsOfMac(...halves(mac)));
  }

  formerOwnersOfMac(mac: string): Former[] {
    const slots = this.packed.slotsFormerlyOfMac(...halves(mac));
    if (slots.length === 0) return [];
    return this.formersAt(slots, (record) => endedOf(record.formerMacs, mac));
  }

  formerOwnersOfAddress(address: string): Former[] {
    const v4 = parseIpv4(address);
    if (v4 === undefined) return [];
    const slots = this.packed.slotsFormerlyOfIpv4(ipv4Number(v4));
    if (slots.length === 0) return [];
    return this.formersAt(slots, (record) => endedOf<Ipv4Address>(record.formerAddresses, v4));
  }

  linkOf(port: string): LinkState {
    return this.packed.links.get(port);
  }

  expectedOn(switchName: string, vlan: number): Expected | undefined {
    return this.expectedAt(this.packed.holderOfVlan(this.packed.rows.switches.numberOf(switchName), vlan));
  }

  expectedOnPort(port: string): Expected[] {
    const { rows } = this.packed;
    const colon = port.indexOf(':');
    const switchNumber = rows.switches.numberOf(port.slice(0, colon));
    const interfaceNumber = rows.interfaces.numberOf(port.slice(colon + 1));
    return this.expectedAtAll(this.packed.slotsOnPort(switchNumber, interfaceNumber));
  }

  isGatewayAddress(switchName: string, vlan: number | undefined, address: string): boolean {
    return this.packed.gateways.serving(switchName, vlan)?.addresses.some((one) => one === address) ?? false;
  }

  isGatewayMac(switchName: string, vlan: number | undefined, mac: string): boolean {
    return this.packed.gateways.serving(switchName, vlan)?.macs.some((one) => one === mac) ?? false;
  }

  exceptionFor(rule: string, observation: Observation): string | undefined {
    return this.exceptions.fitting(rule, observation, this);
  }

  private formersAt(slots: readonly number[], endedAtOf: (record: ServerGrants) => readonly number[]): Former[] {
    const formers = [...new Set(slots)].flatMap((slot) => {
      const record = this.recordAt(slot);
      const { alive } = record;
      return endedAtOf(record).map((endedAt) => ({ server: expectedOfRecord(record), alive, endedAt }));
    });
    return formers.sort(latestFirst);
  }

  private expectedAtAll(slots: readonly number[]): Expected[] {
    const expected = slots.flatMap((slot) => this.expectedAt(slot) ?? []);
    return expected.length < 2 ? expected : expected.sort((a, b) => (a.serverId < b.serverId ? -1 : 1));
  }

  /** The server in a slot; undefined for -1. */
  expectedAt(slot: number): Expected | undefined {
    if (slot < 0) return undefined;
    const known = this.servers.get(slot);
    if (known !== undefined) return known;
    if (this.servers.size >= keptRecords) this.servers.clear();
    const expected = expectedOfRecord(this.recordAt(slot));
    this.servers.set(slot, expected);
    return expected;
  }

  private recordAt(slot: number): ServerGrants {
    const known = this.records.get(slot);
    if (known !== undefined) return known;
    if (this.records.size >= keptRecords) this.records.clear();
    const record = this.packed.rows.read(slot);
    this.records.set(slot, record);
    return record;
  }
}

function endedOf<Value>(formers: readonly FormerGrant<Value>[], value: Value | string): number[] {
  return formers.filter((one) => one.value === value).map((one) => one.endedAt);
}
