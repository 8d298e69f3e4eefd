import { wordsOf } from '../../events/index.js';

// Frames as an attacker forges them, byte by byte and in hexadecimal; every field is the caller's to falsify.

const hex = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');
const mac = (text: string): string => text.replaceAll(':', '');
const ipv4 = (text: string): string =>
  text
    .split('.')
    .map((octet) => hex(Number(octet), 1))
    .join('');
const ipv6 = (text: string): string =>
  wordsOf(text)
    .map((word) => hex(word, 4))
    .join('');

const broadcast = 'ff:ff:ff:ff:ff:ff';
const allNodes = { mac: '33:33:00:00:00:01', address: 'ff02::1' };

/** ARP for IPv4 over Ethernet (RFC 826); operation 1 asks, 2 answers. */
export function arp(frame: {
  operation: 1 | 2;
  etherSource: string;
  etherTarget?: string;
  senderMac?: string;
  senderIp: string;
  targetMac?: string;
  targetIp: string;
}): string {
  return [
    mac(frame.etherTarget ?? broadcast),
    mac(frame.etherSource),
    '0806',
    '000108000604',
    frame.operation === 1 ? '0001' : '0002',
    mac(frame.senderMac ?? frame.etherSource),
    ipv4(frame.senderIp),
    mac(frame.targetMac ?? '00:00:00:00:00:00'),
    ipv4(frame.targetIp),
  ].join('');
}

/** Neighbour advertisement with the override flag and a target link-layer option (RFC 4861 section 4.4). */
export function neighbourAdvertisement(frame: {
  etherSource: string;
  source: string;
  target: string;
  targetMac?: string;
  router?: boolean;
}): string {
  const flags = frame.router === true ? 'a0000000' : '20000000';
  const body = `8800CCCC${flags}${ipv6(frame.target)}0201${mac(frame.targetMac ?? frame.etherSource)}`;
  return icmpv6(frame.etherSource, frame.source, allNodes, body);
}

/** Neighbour solicitation for an address, with a source link-layer option (RFC 4861 section 4.3). */
export function neighbourSolicitation(frame: {
  etherSource: string;
  source: string;
  target: string;
  sourceMac?: string;
}): string {
  const body = `8700CCCC00000000${ipv6(frame.target)}0101${mac(frame.sourceMac ?? frame.etherSource)}`;
  return icmpv6(frame.etherSource, frame.source, allNodes, body);
}

/** Router advertisement with a lifetime of 1800 s and a source link-layer option (RFC 4861 section 4.2). */
export function routerAdvertisement(frame: { etherSource: string; source: string; sourceMac?: string }): string {
  const body = `8600CCCC400007080000000000000000${'0101'}${mac(frame.sourceMac ?? frame.etherSource)}`;
  return icmpv6(frame.etherSource, frame.source, allNodes, body);
}

/** Any Ethernet frame. */
export function ethernet(to: string, from: string, type: number, payload: string): string {
  return `${mac(to)}${mac(from)}${hex(type, 2)}${payload.padEnd(92, '0')}`;
}

/** An IPv4 packet without options (RFC 791); the payload is what stands behind its header. */
export function ipv4Packet(protocol: number, source: string, destination: string, payload: string): string {
  const length = hex(20 + payload.length / 2, 2);
  const header = (sum: string): string =>
    `4500${length}0000000040${hex(protocol, 1)}${sum}${ipv4(source)}${ipv4(destination)}`;
  return `${header(checksum(header('0000')))}${payload}`;
}

/** A UDP datagram without a checksum (RFC 768). */
export function udp(from: number, to: number, payload = ''): string {
  return `${hex(from, 2)}${hex(to, 2)}${hex(8 + payload.length / 2, 2)}0000${payload}`;
}

/** An IPv6 packet (RFC 8200). */
export function ipv6Packet(next: number, source: string, destination: string, payload: string): string {
  return `60000000${hex(payload.length / 2, 2)}${hex(next, 1)}ff${ipv6(source)}${ipv6(destination)}${payload}`;
}

/** An ICMPv6 message with its checksum (RFC 4443); `rest` is what stands behind the checksum. */
export function icmpv6Message(type: number, source: string, destination: string, rest: string): string {
  const template = `${hex(type, 1)}00CCCC${rest}`;
  const pseudoHeader = `${ipv6(source)}${ipv6(destination)}${hex(template.length / 2, 4)}0000003a`;
  return template.replace('CCCC', checksum(`${pseudoHeader}${template.replace('CCCC', '0000')}`));
}

/** The bytes of an IPv6 address. */
export const bytesOfIpv6 = (text: string): string => ipv6(text);
export const bytesOfMac = (text: string): string => mac(text);

function icmpv6(etherSource: string, source: string, to: { mac: string; address: string }, template: string): string {
  const length = template.length / 2;
  const pseudoHeader = `${ipv6(source)}${ipv6(to.address)}${hex(length, 4)}0000003a`;
  const body = template.replace('CCCC', checksum(`${pseudoHeader}${template.replace('CCCC', '0000')}`));
  return `${mac(to.mac)}${mac(etherSource)}86dd60000000${hex(length, 2)}3aff${ipv6(source)}${ipv6(to.address)}${body}`;
}

/** The Internet checksum (RFC 1071) of an even number of bytes. */
function checksum(bytes: string): string {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum += Number.parseInt(bytes.slice(at, at + 4), 16);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return hex(~sum & 0xffff, 2);
}
