import { parseAnyMac, parseIp, parseVlan } from '../../../events/index.js';
import { vlanOfInterface } from '../tables/table-fields.js';
import { messagePatterns } from './message-patterns.js';
import { readSisfMessage } from './sisf-message.js';
import type { SwitchMessage } from './switch-message.js';

/** Headers (RFC 3164, RFC 5424, or a vendor's own) stand before this many characters of text that matter. */
const mostText = 1_024;

/** Finds what a switch says of ARP, ND or a MAC in one syslog message, whatever header it has; undefined for every other message. */
export function readSwitchMessage(message: string): SwitchMessage | undefined {
  const text = message.slice(0, mostText);
  const sisf = readSisfMessage(text);
  if (sisf !== undefined) return sisf;
  for (const { pattern, said, vendor } of messagePatterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const { mnemonic = '', port, formerPort, routed, count } = groups;
    const mac = parseAnyMac(groups['mac']);
    const formerMac = parseAnyMac(groups['formerMac']);
    const address = parseIp(groups['ip']);
    const where = (port ?? routed)?.replace(/[.,:]$/, ''); // the end of the sentence
    const vlan = parseVlan(Number(groups['vlan'])) ?? vlanOfInterface(routed ?? port);
    return {
      said,
      mnemonic,
      vendor,
      ...(mac !== undefined && { mac }),
      ...(address !== undefined && address !== '0.0.0.0' && { address }),
      ...(where !== undefined && { interface: where }),
      ...(vlan !== undefined && { vlan }),
      ...(formerMac !== undefined && { formerMac }),
      ...(formerPort !== undefined && { formerInterface: formerPort }),
      ...(count !== undefined && { count: Number(count) }),
    };
  }
  return undefined;
}
