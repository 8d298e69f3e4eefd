import type { Said } from './switch-message.js';

/** One text of a vendor. Named groups: mac, ip, port, vlan, formerMac, formerPort, count, mnemonic. */
export interface MessagePattern {
  readonly vendor: string;
  readonly said: Said;
  readonly pattern: RegExp;
}

const mac = '(?<mac>[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\\.[0-9A-Fa-f]{4}){2})';
const anyMac = mac.replace('?<mac>', '?:');
const ip = '(?<ip>[0-9A-Fa-f:.]{2,45})';
const name = '[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}';
const port = `(?<port>${name})`;
const vlan = '(?<vlan>\\d{1,4})';
const count = '(?<count>\\d{1,10})';
const ios = 'Cisco IOS, IOS-XE';
const nxos = 'Cisco NX-OS';

const text = (vendor: string, said: Said, pattern: string): MessagePattern => ({
  vendor,
  said,
  pattern: new RegExp(pattern),
});
/** `([sender MAC/sender IP/target MAC/target IP/time])`, left out by some releases. */
const arpPairs = `(?:\\.? ?\\(\\[${mac}/${ip}/${anyMac}/[0-9A-Fa-f:.]{2,45}/)?`;
const inspected = `: ?${count} ?Invalid ARPs?(?: \\([A-Za-z ]{1,20}\\))? on ${port}, ?vlan ${vlan}${arpPairs}`;

/**
 * Dynamic ARP inspection (Cisco Catalyst 3750-X and 4500 System Message Guides, chapter SW_DAI; examples that others show).
 * SPECIAL_LOG_ENTRY counts what the log buffer had no room for: counts only, no claim.
 */
const arpInspection = [
  text(ios, 'arp-not-bound', `%(?<mnemonic>SW_DAI-4-DHCP_SNOOPING_DENY)${inspected}`),
  text(ios, 'arp-denied', `%(?<mnemonic>SW_DAI-4-ACL_DENY)${inspected}`),
  text(ios, 'arp-invalid', `%(?<mnemonic>SW_DAI-4-INVALID_ARP)${inspected}`),
  text(ios, 'arp-invalid', `%(?<mnemonic>SW_DAI-4-SPECIAL_LOG_ENTRY): ?${count} Invalid ARP packets`),
  text(
    ios,
    'arp-rate-exceeded',
    `%(?<mnemonic>SW_DAI-4-PACKET(?:_BURST)?_RATE_EXCEEDED): ?${count} packets received in \\d{1,10} (?:milli)?seconds on ${port}`,
  ),
  // EX switches without ELS (Splunk Connect for Syslog, test data): the VLAN is a name.
  text(
    'Juniper Junos',
    'arp-not-bound',
    `(?<mnemonic>ESWD_DAI_FAILED): ${count} ARP_(?:REQUEST|REPLY) received, interface ${port}(?:\\[index \\d{1,10}\\])?, vlan \\S{1,128}(?: ?\\[index \\d{1,10}\\])?, sender ip/mac ${ip}/${mac}, receiver`,
  ),
];

/** Somebody uses an address of the switch itself. */
const duplicates = [
  // genieparser, show logging of a real IOS-XE router
  text(
    ios,
    'duplicate-address',
    `%(?<mnemonic>IP-4-DUPADDR): Duplicate address ${ip} on ${port}, sourced by (?:mac )?${mac}`,
  ),
  // IOS and IOS-XE; most releases name no MAC (lab transcripts of others)
  text(
    ios,
    'duplicate-address',
    `%(?<mnemonic>IPV6(?:_ND)?-\\d-DUPLICATE(?:_INFO|_ADDR)?): Duplicate address ${ip} on ${port}(?:, sourced by (?:mac )?${mac})?`,
  ),
  // NX-OS (SEKOIA.IO and liblognorm, test data): DUP_SRC_IP, DUP_VADDR_SRC_IP
  text(
    nxos,
    'duplicate-address',
    `%(?<mnemonic>ARP-\\d-DUP_(?:VADDR_)?SRC_IP): {1,2}arp \\[\\d{1,10}\\] {1,2}Source address of packet received from ${mac} on (?<routed>[A-Za-z][A-Za-z0-9/.-]{0,63})(?:\\(${port}\\))? is duplicate of local(?: virtual ip)?, ${ip}`,
  ),
  text(
    nxos,
    'duplicate-address',
    `%(?<mnemonic>ARP-\\d-DUP_(?:VADDR_)?SRCIP_PROBE): {1,2}(?:arp \\[\\d{1,10}\\] {1,2})?Duplicate address Detected\\. Probe packet received from ${mac} on (?<routed>[A-Za-z][A-Za-z0-9/.-]{0,63})(?:\\(${port}\\))? with destination set to our local (?:Virtual )?ip, ${ip}`,
  ),
  // Junos (Mist API, test data; Junos System Log Messages Reference)
  text(
    'Juniper Junos',
    'duplicate-address',
    `(?<mnemonic>KERN_ARP_DUPLICATE_ADDR): duplicate IP address ${ip}! sent from address: ${mac}`,
  ),
  // Made after Juniper's documentation; no real sample at hand.
  text(
    'Juniper Junos',
    'neighbour-overwritten',
    `(?<mnemonic>KERN_ARP_ADDR_CHANGE): arp info overwritten for ${ip} from (?<formerMac>${anyMac}) to ${mac}`,
  ),
];

const between = `[Hh]ost ${mac} in (?:vlan|VLAN) ${vlan} is (?:flapping|moving) (?:between|from) (?:port|interface) (?<one>${name}) (?:and|to) (?:port|interface) (?<other>${name})`;

/** A MAC at two ports in turn. Where the text does not say which is the newer, none is taken for the place of the MAC. */
const moves = [
  text(
    ios,
    'mac-move',
    `%(?<mnemonic>SW_MATM-4-MACFLAP_NOTIF|MAC_MOVE-(?:SP-)?4-NOTIF|C4K_EBM-4-HOSTFLAPPING): ${between}`,
  ),
  text('Arista EOS', 'mac-move', `%(?<mnemonic>ETH-4-HOST_FLAPPING): ${between}`),
  text(nxos, 'mac-move', `(?<mnemonic>FWM-\\d-MAC_MOVE_NOTIFICATION): ${between}`),
  // Cisco Nexus 3000 release notes, Splunk Connect for Syslog: the newer place comes last
  text(
    nxos,
    'mac-move',
    `%(?<mnemonic>L2FM-\\d-L2FM_MAC_MOVE2?): Mac ${mac} in vlan ${vlan} has moved (?:from|between) {1,2}(?<formerPort>${name}) {1,2}(?:to|and) {1,2}${port}`,
  ),
  // Junos 10.3 System Log Messages Reference: the text names neither MAC nor port.
  text('Juniper Junos', 'mac-move', '(?<mnemonic>L2ALD_MAC_MOVE_NOTIFICATION): MAC Moves detected in the system'),
  // napalm-logs; the forms for a bridge domain and the whole switch are of the Junos System Log Messages Reference
  text(
    'Juniper Junos',
    'mac-limit',
    `(?<mnemonic>L2ALD_MAC_LIMIT_(?:REACHED|EXCEEDED)_[A-Z]{2,8}): Limit on learned MAC addresses (?:reached|exceeded) for ${port}; current count is ${count}`,
  ),
];

/** Every text that is understood, but for those of SISF, whose fields come in any order. */
export const messagePatterns: readonly MessagePattern[] = [...arpInspection, ...duplicates, ...moves];
