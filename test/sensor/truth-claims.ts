// What the rows of a truth file claim, read by nothing of ours: tshark's columns and the RFCs.
import { readFileSync } from 'node:fs';

export interface TruthClaim {
  readonly frame: number;
  readonly etherSource: string;
  /** The MAC claimed: ARP sender, or the link-layer option of ND, or the Ethernet source. */
  readonly mac: string;
  /** The address claimed; absent where none is (ARP probe, solicitation from `::`). */
  readonly address?: string;
  /** The outermost tag, where the frame has one. */
  readonly vlan?: number;
  /** True for a router advertisement. */
  readonly isRouter: boolean;
}

/** The claims of ARP and ND frames on Ethernet that a host would believe; what is inside tunnels is left out. */
export function claimsInTruth(path: string): TruthClaim[] {
  const [header = '', ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return rows.flatMap((row) => {
    const cells = row.split('\t');
    const claim = claimOf((name) => cells[names.indexOf(name)] ?? '');
    return claim === undefined ? [] : [claim];
  });
}

type Cell = (name: string) => string;

function claimOf(cell: Cell): TruthClaim | undefined {
  const isPlain = /^eth:(?:ethertype:)?(?:vlan:ethertype:|ieee8021ad:|llc:)*(?:arp|ipv6:icmpv6)/.test(
    cell('frame.protocols'),
  );
  if (!isPlain || cell('_ws.malformed') !== '' || cell('frame.cap_len') !== cell('frame.len')) return undefined;
  const tag = Number(cell('vlan.id').split(',')[0] || cell('ieee8021ad.id').split(',')[0]);
  const base = {
    ...(tag > 0 && { vlan: tag }),
    frame: Number(cell('frame.number')),
    etherSource: cell('eth.src'),
    isRouter: cell('icmpv6.type') === '134',
  };
  if (cell('arp.opcode') !== '') {
    const address = cell('arp.src.proto_ipv4');
    return { ...base, mac: cell('arp.src.hw_mac'), ...(address !== '' && address !== '0.0.0.0' && { address }) };
  }
  if (cell('ipv6.hlim') !== '255' || cell('icmpv6.checksum.status') === '0') return undefined;
  const source = cell('ipv6.src');
  const option = cell('icmpv6.opt.src_linkaddr') || cell('icmpv6.opt.target_linkaddr') || cell('icmpv6.opt.linkaddr');
  const mac = cell('icmpv6.type') === '137' || option === '' ? base.etherSource : option;
  const address =
    cell('icmpv6.type') === '136'
      ? cell('icmpv6.nd.na.target_address')
      : source === '::' && cell('icmpv6.type') === '135'
        ? cell('icmpv6.nd.ns.target_address')
        : source;
  return { ...base, mac, ...(address !== '::' && address !== '' && { address }) };
}
