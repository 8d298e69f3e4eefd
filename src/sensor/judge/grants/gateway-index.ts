import { ipv4Number, macNumber, parseIpv4, parseIpv6, wordsOf } from '../../../../events/index.js';
import type { GatewayGrants } from '../../../../projections/index.js';

type Declared = NonNullable<GatewayGrants['declared']>;

/** A declared gateway, as texts for rules and as numbers for frames. */
export interface PackedGateway extends Declared {
  /** High 16 and low 32 bits of each MAC, one after the other. */
  readonly macWords: Uint32Array;
  readonly ipv4s: Uint32Array;
  /** Four words an address. */
  readonly ipv6s: Uint32Array;
  /** The VLANs it serves; undefined for all. */
  readonly served: ReadonlySet<number> | undefined;
}

/** The gateways of all switches; there are few. */
export class GatewayIndex {
  private readonly declared = new Map<string, PackedGateway>();

  put({ switch: switchName, declared }: GatewayGrants): void {
    if (declared === undefined) this.declared.delete(switchName);
    else this.declared.set(switchName, packed(declared));
  }

  get(switchName: string): GatewayGrants['declared'] {
    const found = this.declared.get(switchName);
    if (found === undefined) return undefined;
    const { vlans, addresses, macs } = found;
    return { ...(vlans !== undefined && { vlans }), addresses, macs };
  }

  /** The gateway that serves this VLAN of the switch; of any VLAN where none is given. */
  serving(switchName: string, vlan: number | undefined): PackedGateway | undefined {
    const gateway = this.declared.get(switchName);
    return gateway === undefined || vlan === undefined || serves(gateway, vlan) ? gateway : undefined;
  }

  /** The gateway of the switch, whatever VLANs it serves. */
  of(switchName: string): PackedGateway | undefined {
    return this.declared.get(switchName);
  }
}

export function serves({ served }: PackedGateway, vlan: number): boolean {
  return served === undefined || served.has(vlan);
}

function packed(declared: Declared): PackedGateway {
  const macs = declared.macs.map(macNumber);
  const ipv4s = declared.addresses.filter((one) => parseIpv4(one) !== undefined);
  const ipv6s = declared.addresses.filter((one) => parseIpv6(one) !== undefined);
  return {
    ...declared,
    served: declared.vlans === undefined ? undefined : new Set<number>(declared.vlans),
    macWords: Uint32Array.from(macs.flatMap((mac) => [Math.floor(mac / 0x100000000), mac >>> 0])),
    ipv4s: Uint32Array.from(ipv4s, ipv4Number),
    ipv6s: Uint32Array.from(ipv6s.flatMap((one) => [...wordsOf(one)])),
  };
}
