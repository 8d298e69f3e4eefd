import { ipv4Of, macOf, serversASwitch, vlanOf } from './sensor-servers.js';

/** A pcap of what servers say, and where each frame is heard. */
export interface MixedFrames {
  readonly pcap: Buffer;
  /** By frame: the number of its source; trunks of the switches come first, then the ports that are heard one by one. */
  readonly sources: Uint32Array;
  readonly frames: number;
}

const headerBytes = 24;

/**
 * Half ARP replies, 40 % neighbour advertisements with their option, 10 % frames that are neither. Every second frame is
 * tagged, of any server, heard on the trunk of its switch; the others are heard on ports of their own. A share is forged: it
 * has the MAC of another server.
 * @param ports servers whose port is heard alone
 */
export function mixedFrames(
  servers: number,
  frames: number,
  ports: readonly number[],
  isForged: (frame: number) => boolean,
): MixedFrames {
  const trunks = Math.ceil(servers / serversASwitch);
  const sources = new Uint32Array(frames);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  let seed = 7;
  const records = Array.from({ length: frames }, (_, frame) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const isTagged = (frame & 1) === 1;
    const place = (seed >>> 3) % ports.length;
    const server = isTagged ? (seed >>> 3) % servers : (ports[place] ?? 0);
    sources[frame] = isTagged ? Math.floor(server / serversASwitch) : trunks + place;
    const kind = frame % 10;
    const mac = kind < 9 && isForged(frame) ? macOf(server ^ 0x55) : macOf(server);
    const payload = kind < 5 ? arpReply(server, mac) : kind < 9 ? advertisement(server, mac) : Buffer.alloc(100);
    const etherType = kind < 5 ? '0806' : kind < 9 ? '86dd' : '0800';
    return recorded(ethernet(mac, isTagged ? vlanOf(server) : undefined, etherType, payload));
  });
  const mixed = { pcap: Buffer.concat([header, ...records]), sources, frames };
  stampFrames(mixed, 0);
  return mixed;
}

/** Dates the frames a microsecond apart from this second on. */
export function stampFrames({ pcap }: MixedFrames, second: number): void {
  for (let at = headerBytes, frame = 0; at < pcap.length; frame++, at += 16 + pcap.readUInt32LE(at + 8)) {
    pcap.writeUInt32LE(1_700_000_000 + second + Math.floor(frame / 1_000_000), at);
    pcap.writeUInt32LE(frame % 1_000_000, at + 4);
  }
}

function recorded(bytes: Buffer): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt32LE(bytes.length, 8);
  record.writeUInt32LE(bytes.length, 12);
  return Buffer.concat([record, bytes]);
}

function ethernet(mac: number, vlan: number | undefined, etherType: string, payload: Buffer): Buffer {
  const addresses = Buffer.alloc(12, 0xff);
  addresses.writeUIntBE(mac, 6, 6);
  const tag = vlan === undefined ? '' : `8100${vlan.toString(16).padStart(4, '0')}`;
  return Buffer.concat([addresses, Buffer.from(tag + etherType, 'hex'), payload]);
}

function arpReply(server: number, mac: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.write('0001080006040002', 0, 'hex');
  bytes.writeUIntBE(mac, 8, 6);
  bytes.writeUInt32BE(ipv4Of(server), 14);
  return bytes;
}

function advertisement(server: number, mac: number): Buffer {
  const bytes = Buffer.alloc(72);
  bytes.write('6000000000203aff', 0, 'hex');
  for (const at of [8, 48]) {
    bytes.writeUInt32BE(0x20010db8, at);
    bytes.writeUInt32BE(server, at + 4);
    bytes.writeUInt8(1, at + 15);
  }
  bytes.write('ff020000000000000000000000000001', 24, 'hex');
  bytes.write('8800000060000000', 40, 'hex');
  bytes.write('0201', 64, 'hex');
  bytes.writeUIntBE(mac, 66, 6);
  let sum = 32 + 58;
  for (let at = 8; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(0xffff - sum, 42);
  return bytes;
}
