import type { TableEntry } from '../table-entry.js';
import { ageOf, macEntry, type RowFields, vlanOf } from '../table-fields.js';
import { heading, known, lineFormat, type LineReader, row } from '../table-lines.js';

const vendor = 'Cisco IOS, IOS-XE';
const tables = ['mac'] as const;
const command = 'show mac address-table';

const total = known(/^Total Mac Addresses(?: for this criterion| displayed)?: \d{1,10}$/i);
/** A port as any Cisco box prints it, or a place that is none: `CPU`, `Router`, `Drop`. */
const port = '[A-Za-z][\\w/.:()-]{0,63}';
const portWords = new RegExp(`^(?:vPC Peer-Link|${port})(?:[, ](?:vPC Peer-Link|${port})){0,255}$`);

/** An entry for each port of a list: `Gi1/2,Gi1/4 Router`. */
function portsOf(line: number, list: string, fields: RowFields): TableEntry[] | undefined {
  const ports = list === '' ? [undefined] : list.includes('vPC Peer-Link') ? [list] : list.split(/[, ]/);
  const entries = ports.map((one) => macEntry(line, { ...fields, port: one })).filter((one) => one !== undefined);
  return entries.length === ports.length ? entries : undefined;
}

/** A line that holds nothing but ports goes on with the list of the row above it. */
const continuation: LineReader = (text, reading) => {
  const above = reading.last[0];
  if (above?.table !== 'mac' || !portWords.test(text)) return undefined;
  const { mac, vlan, type, ageMs, isStatic } = above;
  return portsOf(above.line, text, { mac, vlan, type, ageMs, isStatic });
};

const isStaticType = (type: string): boolean => /^(?:static|system|self)$/i.test(type);

/** `show mac address-table` of most Catalysts: VLAN, MAC, type, ports (ntc-templates, genieparser, napalm 2960). */
export const iosMac = lineFormat({
  name: 'ios-mac',
  vendor,
  tables,
  command,
  sign: /^Vlan +Mac Address +Type +Ports$/i,
  readers: [
    known(/^Mac Address Table$/i, /^Vlan +Mac Address +Type +Ports$/i),
    total,
    row(
      new RegExp(`^(\\d{1,4}|All) +([0-9a-f.]{14}) +(STATIC|DYNAMIC|SECURE|CP_LEARN) +(${port})$`, 'i'),
      ([, vlan, mac, type = '', name], { line }) =>
        macEntry(line, { mac, vlan: vlanOf(vlan), type, port: name, isStatic: isStaticType(type) }),
    ),
  ],
});

/** The same of 6500, 6800 and their virtual pairs: marks before the VLAN, age in seconds, lists of ports over several lines (genieparser, ntc-templates). */
export const iosMacAged = lineFormat({
  name: 'ios-mac-aged',
  vendor,
  tables,
  command,
  sign: /^vlan +mac address +type +learn +age +ports$/,
  readers: [
    known(
      /^Legend: /,
      /^(?:age|n\/a|S|R|D|#) - [\x20-\x7e]{1,100}$/,
      /^vlan +mac address +type +learn +age +ports$/,
      /^Displaying entries from [a-z]{1,20} supervisor:{1,2}$/,
      /^(?:Active|Standby) Supervisor:$/i,
    ),
    total,
    row(
      /^(?:[*RSD#] {1,10}){0,3}(\d{1,4}|---) +([0-9a-f.]{14}) +(static|dynamic|secure) +(?:Yes|No) +(\d{1,10}|-|n\/a)(?: +(\S[\x20-\x7e]{0,1500}))?$/i,
      ([, vlan, mac, type = '', age, list = ''], { line }) => {
        const isSpaced = list === '' || portWords.test(list);
        const fields = { mac, vlan: vlanOf(vlan), type, ageMs: ageOf(age, 1000), isStatic: isStaticType(type) };
        return isSpaced ? portsOf(line, list, fields) : undefined;
      },
    ),
    continuation,
  ],
});

/** The same of 4500 and 4948: unicast rows with protocols, multicast rows with a list of ports (ntc-templates, napalm). */
export const iosMacProtocols = lineFormat({
  name: 'ios-mac-protocols',
  vendor,
  tables,
  command,
  sign: /^vlan +mac address +type +protocols +port$/,
  readers: [
    heading(/^(Unicast|Multicast) Entries$/, ([, section], reading) => (reading.section = section)),
    known(/^vlan +mac address +type +(?:protocols +port|ports)$/),
    total,
    row(
      new RegExp(
        `^(\\d{1,4}|${port}) +([0-9a-f.]{14}) +(dynamic|static|secure) +([a-z0-9]{1,12}(?:,[a-z0-9]{1,12}){0,15}) +(${port})$`,
        'i',
      ),
      ([, vlan, mac, type = '', , name], { line }) =>
        macEntry(line, { mac, vlan: vlanOf(vlan), type, port: name, isStatic: isStaticType(type) }),
    ),
    row(
      /^(\S{1,20}) +([0-9a-f.]{14}) +(system|static|igmp)(?: +(\S{1,1500}))?$/i,
      ([, vlan, mac, type = '', list = ''], { line }) =>
        list === '' || portWords.test(list)
          ? portsOf(line, list, { mac, vlan: vlanOf(vlan), type, isStatic: true })
          : undefined,
    ),
    continuation,
  ],
});

/** The same of routers with switch modules: MAC first, one part for each module (napalm, ISR with EHWIC). */
export const iosMacDestination = lineFormat({
  name: 'ios-mac-destination',
  vendor,
  tables,
  command: 'show mac-address-table',
  sign: /^Destination Address\s+Address Type\s+VLAN\s+Destination Port$/,
  readers: [
    known(/^Destination Address\s+Address Type\s+VLAN\s+Destination Port$/, /^[-\t ]{1,200}$/),
    heading(/^(EHWIC|Slot|Interface): ?(\d{1,3})$/i, ([, , unit], reading) => (reading.section = unit)),
    row(
      new RegExp(`^([0-9a-f.]{14})\\s+(Dynamic|Static|Self|Secure)\\s+(\\d{1,4})\\s+(${port})$`, 'i'),
      ([, mac, type = '', vlan, name], { line }) =>
        macEntry(line, { mac, vlan: vlanOf(vlan), type, port: name, isStatic: isStaticType(type) }),
    ),
  ],
});
