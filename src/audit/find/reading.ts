import type { Part, Reading } from './probe.js';
import { readIpv4 } from './read-ipv4.js';
import { readIpv6 } from './read-ipv6.js';
import { readMac } from './read-mac.js';
import { readName, readPort } from './read-names.js';

/** Longest text that is looked for. */
export const longestText = 200;

/** All that a text may mean: every notation of an address, a name, or the beginning of one. */
export function readText(raw: string): Reading {
  const text = raw.trim().replace(/\s+/g, ' ').toLowerCase();
  const readings = [
    readOrdinal(text),
    readId(text),
    readMac(text),
    readIpv4(text),
    readIpv6(text),
    readPort(text, raw),
  ];
  const found = [...readings.flatMap((one) => one ?? []), readName(text, raw.trim())];
  const { ordinal } = found.find((one) => one.ordinal !== undefined) ?? {};
  const { ipv6 } = found.find((one) => one.ipv6 !== undefined) ?? {};
  const { eventId } = found.find((one) => one.eventId !== undefined) ?? {};
  return {
    text: raw.trim(),
    says: found.flatMap((one) => one.says ?? []),
    probes: found.flatMap((one) => one.probes ?? []),
    subjects: found.flatMap((one) => one.subjects ?? []),
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  };
}

function readOrdinal(text: string): Part | undefined {
  const [, digits] = /^#(\d{1,15})$/.exec(text) ?? [];
  return digits === undefined ? undefined : { says: [`the event #${Number(digits)}`], ordinal: Number(digits) };
}

function readId(text: string): Part | undefined {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return undefined;
  return { says: ['the id of an event or of a violation'], eventId: text };
}
