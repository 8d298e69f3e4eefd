import type { CaptureSource } from '../../src/sensor/capture/capture-source.js';
import { NOT_ARP_OR_ND, type FrameFields } from '../../src/sensor/capture/frame-fields.js';
import { FrameStream, type TakeFrame } from '../../src/sensor/capture/frame-stream.js';
import { FrameJudge } from '../../src/sensor/judge/frame-judge.js';
import { DatedGrants } from '../../src/sensor/judge/grants/dated-grants.js';
import { formatIpv4, formatMac } from '../../events/index.js';
import { type MixedFrames, mixedFrames, stampFrames } from './mixed-frames.js';
import { type BenchRow, rowOf } from './row.js';
import { ipv4Of, macOf, portOf, recordsOf, serversASwitch, switchOf, vlanOf } from './sensor-servers.js';
import { median } from './statistics.js';

const room = 'sensor';
/** What a server may take in the index, bytes. */
const mostBytes = 120;
/** Frames decoded and judged a second and core that are wanted. */
const wanted = 2_500_000;
const portsHeardAlone = 1_000;

export interface JudgedSize {
  readonly servers: number;
  readonly frames: number;
  readonly runs: number;
}

/** Bytes of a capture to verdicts on one core, with many servers: reading alone and maps of texts beside it; and the index's size. */
export function judgedFrames({ servers, frames, runs }: JudgedSize, say: (text: string) => void): BenchRow[] {
  say(`indexing ${servers} servers`);
  const grants = new DatedGrants(5_000, servers);
  for (const records of recordsOf(servers)) grants.take(records);
  const ports = Array.from(
    { length: Math.min(portsHeardAlone, servers) },
    (_, at) => Math.floor((at * servers) / portsHeardAlone) % servers,
  );
  const trunks = Array.from({ length: Math.ceil(servers / serversASwitch) }, (_, at) => trunkOf(at * serversASwitch));
  const sources = [...trunks, ...ports.map(accessOf)];
  const texts = new Map<string, string>();
  for (let server = 0; server < servers; server++) {
    texts.set(formatIpv4(ipv4Of(server)), formatMac(macOf(server)));
    texts.set(`2001:db8:${(server >>> 16).toString(16)}:${(server & 0xffff).toString(16)}`, formatMac(macOf(server)));
  }
  const rows = ([0.02, 0] as const).map((share) => {
    const mixed = mixedFrames(servers, frames, ports, (frame) => share > 0 && frame % Math.round(1 / share) === 0);
    const judge = new FrameJudge({ grants, stored: nothingStored, onVerdicts: () => undefined });
    for (const source of sources) judge.addSource(source);
    const of = { judged: [] as number[], texts: [] as number[], read: [] as number[] };
    // The first run is not measured: each port is seen for the first time then.
    for (let run = 0; run <= runs; run++) {
      stampFrames(mixed, run * 2);
      const judged = perSecond(mixed, (fields, record) =>
        judge.hear(mixed.sources[record.number - 1] ?? 0, fields, record),
      );
      if (run === 0) continue;
      of.judged.push(judged);
      let odd = 0;
      of.texts.push(
        perSecond(mixed, (fields, record) => {
          if (texts.get(addressIn(record.bytes, fields)) !== macIn(record.bytes, fields)) odd++;
        }),
      );
      if (odd > frames * 0.03)
        throw new Error(`${odd} of ${frames} frames were odd to the maps of texts; 2 % are forged`);
      of.read.push(perSecond(mixed, () => undefined));
      say(`${share * 100} % forged, run ${run} of ${runs}: ${Math.round(judged)} frames/s`);
    }
    return { share, judged: median(of.judged), texts: median(of.texts), read: median(of.read) };
  });
  const named = (share: number): string =>
    `frames decoded and judged a core, ${servers} servers, ${share * 100} % forged`;
  return [
    ...rows.flatMap(({ share, judged, texts, read }) => [
      rowOf({ room, name: named(share), value: judged, unit: '1/s', limit: read, peer: texts, better: 'more' }),
      rowOf({
        room,
        name: 'the same, against what is wanted',
        value: judged,
        unit: '1/s',
        limit: wanted,
        goal: 1,
        better: 'more',
      }),
    ]),
    rowOf({
      room,
      name: 'index a server',
      value: grants.index.packed.bytes / servers,
      unit: 'bytes',
      limit: mostBytes,
      goal: 1,
    }),
  ];
}

const nothingStored = { isViolation: () => false, lastSeen: () => undefined };

/** Frames in a second of the processor's time, so that a busy machine measures the same. */
function perSecond({ pcap, frames }: MixedFrames, take: TakeFrame): number {
  const stream = new FrameStream('bench', take);
  const start = process.cpuUsage();
  stream.push(pcap);
  const { user, system } = process.cpuUsage(start);
  return (frames / (user + system)) * 1_000_000;
}

/** A source that hears a whole switch: the tag says whose frame it is, and nobody states the port as fact. */
function trunkOf(server: number): CaptureSource {
  const name = switchOf(server);
  return { name, site: 'default', switch: name, interface: 'mirror', attribution: 'unknown' };
}

function accessOf(server: number): CaptureSource {
  const port = portOf(server);
  const place = { port, vlan: vlanOf(server), attribution: 'interface' as const };
  return { name: port, site: 'default', switch: switchOf(server), interface: 'port', ...place };
}

function addressIn(bytes: Uint8Array, { kind, sender, target, addressBytes }: FrameFields): string {
  if (kind === NOT_ARP_OR_ND) return '';
  if (addressBytes === 4) return `${bytes[sender]}.${bytes[sender + 1]}.${bytes[sender + 2]}.${bytes[sender + 3]}`;
  const word = (at: number): string => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16);
  return `${word(target)}:${word(target + 2)}:${word(target + 4)}:${word(target + 6)}`;
}

function macIn(bytes: Uint8Array, { claimMac }: FrameFields): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + claimMac, 6)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1:');
}
