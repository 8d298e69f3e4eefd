import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureError } from '../../../src/sensor/capture/capture.error.js';
import { formatCaptureTime } from '../../../src/sensor/capture/captured-frame.js';
import { decodeFile } from '../../../src/sensor/capture/decode-file.js';
import { type DecodedFrame } from '../../../src/sensor/capture/decoded-frame.js';
import { realdata } from './capture-files.js';

/** One ARP or ND frame as tshark sees it: the column names of the truth files. */
type TruthRow = Readonly<Record<string, string>>;

const kinds = new Map([
  ['133', 'router-solicitation'],
  ['134', 'router-advertisement'],
  ['135', 'neighbour-solicitation'],
  ['136', 'neighbour-advertisement'],
  ['137', 'redirect'],
]);

/** tshark's own names: 0 bad, 1 good; 2 and 3, not verified and not there, are undefined for us. */
const checksums = new Map([
  ['0', 'bad'],
  ['1', 'good'],
]);

/** Differences looked at by hand, as `file#frame`, with the reason why they are right. */
const explained: ReadonlyMap<string, string> = new Map([
  // Hardware type 19 (ATM) is handed to tshark's ATMARP dissector, which the truth's filter `arp` does not match.
  ['tcpdump__arp-oobr.pcap#1166', 'ARP for ATM: malformed for us, not listed by tshark'],
]);

const data = realdata();

describe('real captures', () => {
  if ('missing' in data) {
    // jest does not name the tests of a file that is skipped whole.
    console.log(data.missing);
    it.skip(data.missing, () => undefined);
    return;
  }
  const { folder } = data;
  const tally = new Map<string, number>();
  const counted = (what: string): unknown => tally.set(what, (tally.get(what) ?? 0) + 1);
  const seen = new Set<string>();
  const files = readdirSync(join(folder, 'pcap'));

  it.each(files)('%s decodes to the frames and fields that tshark finds', async (name) => {
    const ours = new Map<number, DecodedFrame>();
    try {
      for await (const frame of decodeFile(join(folder, 'pcap', name))) ours.set(frame.frame, frame);
      counted('files compared');
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      counted(`files that end with fault ${error.fault}`);
    }
    const differences: string[] = [];
    const note = (frame: number, difference: string): void => {
      const place = `${name}#${frame}`;
      if (explained.has(place)) seen.add(place);
      else differences.push(`${place}: ${difference}`);
    };
    for (const row of truthOf(join(folder, 'truth', `${name}.tsv`))) {
      const outside = outOfScope(row);
      if (outside !== undefined) {
        counted(`frames left out: ${outside}`);
        continue;
      }
      const number = Number(row['frame.number']);
      const frame = ours.get(number);
      ours.delete(number);
      if (frame === undefined) note(number, 'not decoded');
      else {
        counted(frame.kind === 'malformed' ? 'malformed frames compared' : 'frames compared');
        for (const difference of compare(row, frame)) note(number, difference);
      }
    }
    for (const frame of ours.values())
      note(frame.frame, `tshark has no such frame, we have ${frame.kind}: ${frame.problem}`);
    expect(differences).toEqual([]);
  });

  it('differ from tshark only where the list above says so', () => {
    console.log([...tally].map(([what, count]) => `${count} ${what}`).join('\n'));
    expect([...seen].sort()).toEqual([...explained.keys()].sort());
  });
});

function truthOf(path: string): TruthRow[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  const names = header.split('\t');
  return lines
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split('\t').map((value, index) => [names[index] ?? '', value])));
}

/** What the reader is not made to read; the frames are counted, not compared. */
function outOfScope(row: TruthRow): string | undefined {
  const layers = row['frame.protocols'] ?? '';
  if (/^(?:arcnet|wlan|radiotap)/.test(layers)) return `link type that is not read: ${layers.split(':')[0]}`;
  const tunnel = /:(teredo|gtp|vxlan|geneve|gre):/.exec(layers)?.[1];
  return tunnel && `inside a tunnel: ${tunnel}`;
}

function compare(row: TruthRow, frame: DecodedFrame): string[] {
  const truth = (column: string): string | undefined => row[column]?.split(',')[0] || undefined;
  const whole = (column: string): string | undefined => row[column] || undefined;
  const isArp = row['arp.opcode'] !== '';
  const expected = {
    time: truthTime(row['frame.time_epoch'] ?? ''),
    vlans: [whole('ieee8021ad.id'), whole('vlan.id')].filter((id) => id !== undefined).join() || undefined,
    etherSource: truth('eth.src') ?? truth('sll.src.eth'),
    etherDestination: truth('eth.dst'),
    senderMac: isArp
      ? truth('arp.src.hw_mac')
      : (truth('icmpv6.opt.src_linkaddr') ?? truth('icmpv6.opt.target_linkaddr')),
    senderIp: truth(isArp ? 'arp.src.proto_ipv4' : 'ipv6.src'),
    targetMac: truth('arp.dst.hw_mac'),
    targetIp:
      truth('arp.dst.proto_ipv4') ??
      truth('icmpv6.nd.ns.target_address') ??
      truth('icmpv6.nd.na.target_address') ??
      truth('icmpv6.nd.rd.target_address'),
    opcode: isArp ? truth('arp.opcode') : undefined,
    hopLimit: truth('ipv6.hlim'),
    checksum: checksums.get(truth('icmpv6.checksum.status') ?? ''),
    kind: expectedKind(row),
  };
  const got = {
    time: formatCaptureTime(frame.time),
    vlans: frame.vlans.join() || undefined,
    etherSource: frame.etherSource,
    etherDestination: frame.etherDestination,
    senderMac: frame.senderMac,
    senderIp: frame.senderIp,
    targetMac: frame.targetMac,
    targetIp: frame.targetIp,
    opcode: frame.opcode?.toString(),
    hopLimit: frame.hopLimit?.toString(),
    checksum: frame.checksum,
    kind: frame.kind,
  };
  const fields = Object.keys(expected) as (keyof typeof expected)[];
  return fields
    .filter((field) => got[field] !== expected[field])
    .map((field) => `${field} is ${got[field]}, tshark has ${expected[field]}`);
}

/** tshark dissects any ARP; for us ARP that is not Ethernet and IPv4, or does not fit its frame, is malformed. */
function expectedKind(row: TruthRow): string | undefined {
  // A redirect quotes a packet, whose own type tshark lists after it.
  const [type = ''] = (row['icmpv6.type'] ?? '').split(',');
  if (type !== '') return kinds.get(type);
  if (row['arp.src.hw_mac'] === '' || row['arp.src.proto_ipv4'] === '') return 'malformed';
  return row['arp.opcode'] === '1' ? 'arp-request' : row['arp.opcode'] === '2' ? 'arp-reply' : 'arp-other';
}

function truthTime(epoch: string): string {
  const [seconds = '', fraction = ''] = epoch.split('.');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
