import type { PortId, ServerId, SwitchName, Vlan } from '../../events/index.js';
import { formatIpv4, formatMac, formatPrefix } from '../../events/index.js';
import type { ServerGrants } from '../../projections/index.js';
import { FrameFields } from '../../src/sensor/capture/frame-fields.js';
import { readFrame } from '../../src/sensor/capture/frame-reader.js';
import { PackedGrants } from '../../src/sensor/judge/grants/packed-grants.js';
import { DadWatch } from '../../src/sensor/judge/sieve/dad-watch.js';
import { Sieve } from '../../src/sensor/judge/sieve/sieve.js';
import { type BenchRow, rowOf } from './row.js';
import { median } from './statistics.js';

const room = 'sensor';
const full = { servers: 1_000_000, frames: 500_000, runs: 5 };
const small = { servers: 20_000, frames: 20_000, runs: 1 };
const serversASwitch = 4_000;
/** What a server may take in the index. */
const mostBytes = 120;
/** Ethernet, one tag, ARP: nothing follows. */
const frameBytes = 46;

/** Frames read and sieved on one core with many servers, beside reading alone and beside maps of texts; and the index's size. */
export function sensorRoom(smoke: boolean, say: (text: string) => void): Promise<BenchRow[]> {
  const { servers, frames, runs } = smoke ? small : full;
  say(`indexing ${servers} servers`);
  const grants = new PackedGrants(servers);
  const texts = new Map<string, string>();
  for (let from = 0; from < servers; from += 500) {
    const some = Array.from({ length: Math.min(500, servers - from) }, (_, index) => recordOf(from + index));
    for (const { addresses, mac } of some) texts.set(addresses[0] ?? '', mac ?? '');
    grants.take({ ordinal: from, servers: some, gateways: [], links: [], exceptions: [] });
  }
  const { bytes, sources } = framesOf(servers, frames);
  const sieves = Array.from({ length: Math.ceil(servers / serversASwitch) }, (_, index) => sieveOf(grants, index));
  const fields = new FrameFields();
  const read = (frame: number): boolean => readFrame(bytes, frame * frameBytes, (frame + 1) * frameBytes, 1, fields);
  const measured = { sieved: [] as number[], texts: [] as number[], read: [] as number[] };
  for (let run = 0; run < runs; run++) {
    measured.sieved.push(
      perSecond(frames, (frame) => read(frame) && (sieves[sources[frame] ?? 0]?.clears(bytes, fields) ?? false)),
    );
    measured.texts.push(
      perSecond(frames, (frame) => read(frame) && texts.get(addressAt(bytes, fields)) === macAt(bytes, fields)),
    );
    measured.read.push(perSecond(frames, read));
    say(`run ${run + 1} of ${runs}: ${measured.sieved.at(-1)?.toFixed(0)} frames/s`);
  }
  const name = `ARP frames read and compared a core, ${servers} servers`;
  const rows = [
    {
      name,
      value: median(measured.sieved),
      unit: '1/s',
      limit: median(measured.read),
      peer: median(measured.texts),
      better: 'more',
    },
    { name: 'index a server', value: grants.bytes / servers, unit: 'bytes', limit: mostBytes, goal: 1 },
  ] as const;
  return Promise.resolve(rows.map((row) => rowOf({ room, ...row })));
}

function perSecond(frames: number, judge: (frame: number) => boolean): number {
  const start = performance.now();
  let cleared = 0;
  for (let frame = 0; frame < frames; frame++) if (judge(frame)) cleared++;
  if (cleared < frames * 0.9) throw new Error(`only ${cleared} of ${frames} frames were taken for normal; 98 % are`);
  return (frames / (performance.now() - start)) * 1000;
}

const switchOf = (server: number): SwitchName => `leaf${Math.floor(server / serversASwitch)}` as SwitchName;
const vlanOf = (server: number): Vlan => ((server % serversASwitch) + 1) as Vlan;

function recordOf(server: number): ServerGrants {
  const switchName = switchOf(server);
  return {
    serverId: `srv-${server}` as ServerId,
    alive: true,
    suspended: false,
    customerId: `cust-${server >>> 2}` as NonNullable<ServerGrants['customerId']>,
    switch: switchName,
    port: `${switchName}:Ethernet${(server % serversASwitch) + 1}` as PortId,
    vlan: vlanOf(server),
    holdsVlan: true,
    mac: formatMac(0x020000000000 + server),
    otherMacs: [],
    addresses: [formatIpv4(0x0a000000 + server)],
    prefixes: [formatPrefix([0x20010db8, server, 0, 0], 64)],
    formerMacs: [],
    formerAddresses: [],
  };
}

/** A source that hears the whole switch: the tag says which VLAN. */
function sieveOf(grants: PackedGrants, number: number): Sieve {
  const switchName = switchOf(number * serversASwitch);
  const source = {
    name: switchName,
    site: 'default',
    switch: switchName,
    interface: 'mirror',
    port: `${switchName}:mirror` as PortId,
    vlan: 1 as Vlan,
    attribution: 'unknown',
  } as unknown as ConstructorParameters<typeof Sieve>[0];
  return new Sieve(source, grants, new DadWatch(7_000), { changes: 0, lastIs: () => true });
}

/** Gratuitous ARP of random servers, tagged; one in fifty with the MAC of another one. */
function framesOf(servers: number, frames: number): { bytes: Buffer; sources: Uint32Array } {
  const bytes = Buffer.alloc(frames * frameBytes);
  const sources = new Uint32Array(frames);
  let seed = 7;
  for (let frame = 0; frame < frames; frame++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const server = seed % servers;
    const mac = frame % 50 === 0 ? server ^ 0x55 : server;
    const at = frame * frameBytes;
    sources[frame] = Math.floor(server / serversASwitch);
    bytes.fill(0xff, at, at + 6);
    bytes.writeUIntBE(0x020000000000 + mac, at + 6, 6);
    bytes.write(`8100${vlanOf(server).toString(16).padStart(4, '0')}0806000108000604`, at + 12, 'hex');
    bytes.writeUInt16BE(2, at + 24);
    bytes.writeUIntBE(0x020000000000 + mac, at + 26, 6);
    bytes.writeUInt32BE(0x0a000000 + server, at + 32);
  }
  return { bytes, sources };
}

function addressAt(bytes: Buffer, { sender }: FrameFields): string {
  return `${bytes[sender]}.${bytes[sender + 1]}.${bytes[sender + 2]}.${bytes[sender + 3]}`;
}

function macAt(bytes: Buffer, { claimMac }: FrameFields): string {
  return bytes.toString('hex', claimMac, claimMac + 6).replace(/(..)(?=.)/g, '$1:');
}
