import { isIP } from 'node:net';
import type { AlertMessage } from './alert.port.js';
import { severityNumber } from './severity-number.js';

/** The first alert of a message in the Common Event Format, version 0; `cnt` says how many it stands for. */
export function cefOf({ id, count, items: [first] }: AlertMessage): string {
  const { kind, at, text, violation, facts } = first;
  const header = ['CEF:0', 'portledger', 'portledger', '1', violation?.rule ?? kind, kind, severityNumber(first)];
  const address = violation?.claimedAddress;
  const extension: Record<string, string | number | undefined> = {
    rt: Date.parse(at),
    externalId: id,
    cat: kind,
    act: violation?.state,
    cnt: count,
    msg: text,
    smac: violation?.etherSource,
    ...(address === undefined ? {} : addressOf(address)),
    dvchost: violation?.switch,
    deviceInboundInterface: violation?.port,
    ...labelled(1, 'violationId', violation?.violationId),
    ...labelled(2, 'claimedMac', violation?.claimedMac),
    ...labelled(3, 'site', violation?.site),
    ...labelled(4, 'offender', violation?.offender?.serverId),
    ...labelled(5, 'victim', violation?.victim?.serverId),
    ...labelled(6, 'facts', facts === undefined ? undefined : JSON.stringify(facts)),
    ...(violation?.vlan === undefined ? {} : { cn1: violation.vlan, cn1Label: 'vlan' }),
    request: violation?.url,
  };
  const said = Object.entries(extension).filter(([, value]) => value !== undefined);
  return `${header.map(inHeader).join('|')}|${said.map(([key, value]) => `${key}=${inExtension(value)}`).join(' ')}`;
}

function addressOf(address: string): Record<string, string> {
  return isIP(address) === 6 ? { c6a2: address, c6a2Label: 'Source IPv6 Address' } : { src: address };
}

function labelled(number: number, label: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [`cs${number}`]: value, [`cs${number}Label`]: label };
}

const inHeader = (value: unknown): string => printable(String(value)).replace(/[\\|]/g, '\\$&');
const inExtension = (value: unknown): string => printable(String(value)).replace(/[\\=]/g, '\\$&');

/** One line of ASCII: what could end it, or turn it around, is shown as its number. */
function printable(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/gu,
    (one) => `U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
