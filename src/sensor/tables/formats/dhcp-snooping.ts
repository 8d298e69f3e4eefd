import type { TableEntry } from '../table-entry.js';
import { neighbourEntry, vlanOf } from '../table-fields.js';
import { known, lineFormat, type Reading, row } from '../table-lines.js';

/** What a switch let a port use, by DHCP or by configuration: address, MAC, VLAN and port in one row. */
function binding(
  [, mac, address, , type = '', vlan, where = '']: RegExpExecArray,
  { line }: Reading,
): TableEntry | undefined {
  return neighbourEntry(line, { address, mac, vlan: vlanOf(vlan), port: where, type, isStatic: type === 'static' });
}

/** `show ip dhcp snooping binding`, `show ip source binding` of IOS and IOS-XE (genieparser, ntc-templates). */
export const iosDhcpSnooping = lineFormat({
  name: 'ios-dhcp-snooping',
  vendor: 'Cisco IOS, IOS-XE',
  tables: ['arp'],
  command: 'show ip dhcp snooping binding',
  sign: /^MacAddress +IpAddress +Lease\(sec\) +Type +VLAN +Interface$/,
  readers: [
    known(/^MacAddress +IpAddress +Lease\(sec\) +Type +VLAN +Interface$/, /^Total number of bindings: \d{1,10}$/),
    row(
      /^([0-9a-f:]{17}) +([\d.]{7,15}) +(\d{1,10}|infinite) +(dhcp-snooping|static|dhcp) +(\d{1,4}) +(\S{1,64})$/i,
      binding,
    ),
  ],
});

/** `show ip dhcp snooping binding` of NX-OS, with or without EVPN: the bridge domain is the VLAN (genieparser). */
export const nxosDhcpSnooping = lineFormat({
  name: 'nxos-dhcp-snooping',
  vendor: 'Cisco NX-OS',
  tables: ['arp'],
  command: 'show ip dhcp snooping binding',
  sign: /^MacAddress +IpAddress +Lease\(Sec\) +Type +BD +Interface(?: +anchor +Freeze)?$/,
  readers: [
    known(
      /^MacAddress +IpAddress +Lease\(Sec\) +Type +BD +Interface(?: +anchor +Freeze)?$/,
      /^Total number of bindings: \d{1,10}$/,
    ),
    row(
      /^([0-9a-f:]{17}) +([\d.]{7,15}) +(\d{1,10}|infinite) +(dhcp-snoop|static) +(\d{1,4}) +([^\s(]{1,64}(?:\(peer-id: \d{1,6}\))?)(?: +(?:YES|NO) +\S{1,20})?$/i,
      binding,
    ),
  ],
});
