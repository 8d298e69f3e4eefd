import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { end, startInside } from './lab-process.js';
import { whyMissing } from './lab-needs.js';

const frameBytes = { arp: 42, nd: 86 } as const;

/** Why no flood can be sent here, ending with the command that helps. */
export const whyNoFlood = (): string | undefined => whyMissing({ tcpreplay: 'tcpreplay' });

/** What was really sent, as tcpreplay says. */
export interface Flood {
  readonly sent: number;
  readonly failed: number;
  readonly perSecond: number;
}

/**
 * Writes a capture of forged claims, half ARP replies and half neighbour advertisements, each with a random MAC and a random
 * address of 198.51.100.0/24 or 2001:db8::/32; checksums and options are right.
 */
export function writeForgedClaims(file: string, frames: number): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const records = Array.from({ length: frames }, (_, number) => {
    const bytes = number % 2 === 0 ? forgedReply() : forgedAdvertisement();
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(number % 1_000_000, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  writeFileSync(file, Buffer.concat([header, ...records]));
}

/**
 * Sends a capture again and again at a rate, for some seconds. Resolves with what the sender could do: a busy machine may
 * not reach the rate.
 */
export async function sendFlood(
  at: { readonly netns: string; readonly interface: string },
  file: string,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Flood> {
  const frames = String(perSecond * seconds);
  const args = ['-q', '-K', '--loop=0', `--pps=${perSecond}`, `--limit=${frames}`, `--duration=${seconds}`];
  const child = startInside(at.netns, 'tcpreplay', [...args, '-i', at.interface, file]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const impatient = setTimeout(() => void end(child), (seconds + 30) * 1000);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(impatient);
  const number = (pattern: RegExp): number => Number(pattern.exec(said)?.[1] ?? NaN);
  const sent = number(/Actual: (\d+) packets/);
  if (code !== 0 || Number.isNaN(sent)) throw new Error(`tcpreplay ended with ${String(code)}: ${said.slice(-2_000)}`);
  return { sent, failed: number(/Failed packets:\s+(\d+)/), perSecond: number(/([\d.]+) pps/) };
}

/** A unicast MAC that is locally administered, as nobody's card has it. */
function randomMac(): Buffer {
  const mac = randomBytes(6);
  mac.writeUInt8(((mac[0] ?? 0) & 0xfc) | 2, 0);
  return mac;
}

function forgedReply(): Buffer {
  const frame = Buffer.alloc(frameBytes.arp);
  const mac = randomMac();
  frame.fill(0xff, 0, 6);
  mac.copy(frame, 6);
  frame.write('08060001080006040002', 12, 'hex');
  mac.copy(frame, 22);
  Buffer.from([198, 51, 100, randomBytes(1)[0] ?? 0]).copy(frame, 28);
  frame.fill(0xff, 32, 38);
  Buffer.from([198, 51, 100, 1]).copy(frame, 38);
  return frame;
}

function forgedAdvertisement(): Buffer {
  const frame = Buffer.alloc(frameBytes.nd);
  const mac = randomMac();
  const address = Buffer.concat([Buffer.from('20010db8', 'hex'), randomBytes(12)]);
  frame.write('333300000001', 0, 'hex');
  mac.copy(frame, 6);
  frame.write('86dd60000000' + '0020' + '3aff', 12, 'hex');
  address.copy(frame, 22);
  frame.write('ff020000000000000000000000000001', 38, 'hex');
  frame.write('88000000' + '20000000', 54, 'hex');
  address.copy(frame, 62);
  frame.write('0201', 78, 'hex');
  mac.copy(frame, 80);
  frame.writeUInt16BE(checksumOf(frame), 56);
  return frame;
}

/** ICMPv6 over the pseudo-header (RFC 4443, 2.3); the field itself is still 0. */
function checksumOf(frame: Buffer): number {
  let sum = 32 + 58;
  for (let at = 22; at < frame.length; at += 2) sum += frame.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return 0xffff - sum;
}
