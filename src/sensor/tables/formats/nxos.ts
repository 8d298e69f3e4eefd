import { ageOf, macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import type { TableEntry } from '../table-entry.js';
import { heading, known, lineFormat, type LineReader, row } from '../table-lines.js';

const vendor = 'Cisco NX-OS';
const seconds = 1000;

const flags = known(
  /^(?:Flags: )?(?:[*+#DGR]|CP|PS|RO|CC) +- [A-Z][\x20-\x7e]{3,100}$/,
  /^Total number of entries: \d{1,10}$/,
);
const context = heading(
  /^(?:IP ARP|IPv6 Adjacency) Table for (?:context|VRF) (\S{1,64})$/,
  ([, name], reading) => (reading.vrf = name),
);
const contexts = heading(
  /^(?:IP ARP|IPv6 Adjacency) Table for all (?:contexts|VRFs)$/,
  (_, reading) => (reading.vrf = undefined),
);

/** The columns that may follow the interface: where frames go, marks, and with "vrf all" the VRF. */
function restOf(
  words: readonly string[],
  hasPhysical: boolean,
  hasVrf: boolean,
): { port?: string; vrf?: string } | undefined {
  const rest = [...words];
  const port = hasPhysical ? rest.shift() : undefined;
  const vrf = hasVrf ? rest.pop() : undefined;
  if (rest.length > 3 || !rest.every((word) => /^(?:[*+#D]|CP|PS|RO)$/.test(word))) return undefined;
  if ((hasPhysical && port === undefined) || (hasVrf && vrf === undefined)) return undefined;
  return { ...(port !== undefined && port !== '-' && { port }), ...(vrf !== undefined && { vrf }) };
}

/**
 * `show ip arp [detail] [vrf all]` of NX-OS; with `detail` the physical interface stands beside the routed one, and newer
 * releases add the VRF (genieparser, ntc-templates, napalm). An age of `-` is a static entry or an address of the box.
 */
export const nxosArp = lineFormat({
  name: 'nxos-arp',
  vendor,
  tables: ['arp'],
  command: 'show ip arp detail vrf all',
  sign: /^Address +Age +MAC Address +Interface(?: +Physical Interface)?(?: +Flags)?(?: +VRF Name)?$/,
  readers: [
    flags,
    context,
    contexts,
    heading(
      /^Address +Age +MAC Address +Interface( +Physical Interface)?(?: +Flags)?( +VRF Name)?$/,
      ([, physical, vrf], reading) => {
        reading.section = `${physical === undefined ? '' : 'physical '}${vrf === undefined ? '' : 'vrf'}`;
      },
    ),
    row(
      /^([\d.]{7,15}) +(\S{1,20}) +([0-9a-f.]{14}|INCOMPLETE) +(\S{1,64})((?: +\S{1,64}){0,6})$/i,
      ([, address, age, hardware, name, more = ''], { line, section = '', vrf: inVrf }) => {
        const rest = restOf(
          more.split(/\s+/).filter((word) => word !== ''),
          section.includes('physical'),
          section.includes('vrf'),
        );
        if (rest === undefined) return undefined;
        const mac = hardware === 'INCOMPLETE' ? undefined : hardware;
        const isStatic = age === '-';
        const type = mac === undefined ? 'incomplete' : isStatic ? 'static' : 'dynamic';
        const where = name === '-' ? undefined : name;
        return neighbourEntry(line, {
          address,
          mac,
          interface: where,
          vrf: inVrf,
          ...rest,
          ageMs: ageOf(age, seconds),
          type,
          isStatic,
        });
      },
    ),
  ],
});

const ndRow =
  /^(?:([0-9a-f:]{2,39}) +)?(-|\d\S{0,19}) +([0-9a-f.]{14}|INCOMPLETE) +\d{1,5} +([a-z0-9]{2,20}) +(\S{1,64})(?: +(?!CP\b|PS\b|RO\b|CC\b)([A-Za-z]\S{3,63}))?(?: +(?:[#GRD]|CP|PS|RO|CC))*$/i;
const alone: LineReader = (text, reading) => {
  if (!/^[0-9a-f]{1,4}:[0-9a-f:]{2,38}$/i.test(text)) return undefined;
  reading.waiting = text;
  return [];
};

/**
 * `show ipv6 neighbor [vrf all]` of NX-OS: a long address stands on a line of its own before its row. Made after output
 * that others show (Netdisco, genieparser); no whole sample is at hand.
 */
export const nxosNd = lineFormat({
  name: 'nxos-nd',
  vendor,
  tables: ['nd'],
  command: 'show ipv6 neighbor vrf all',
  sign: /^Address +Age +MAC Address +Pref +Source +Interface(?: +[\x20-\x7e]{1,60})?$/,
  readers: [
    flags,
    context,
    contexts,
    known(/^Address +Age +MAC Address +Pref +Source +Interface(?: +[\x20-\x7e]{1,60})?$/),
    row(ndRow, ([, own, age, hardware, source = '', name, port], reading) => {
      const address = own ?? reading.waiting;
      reading.waiting = undefined;
      const mac = hardware === 'INCOMPLETE' ? undefined : hardware;
      const isStatic = age === '-' || source.toLowerCase() === 'static';
      return neighbourEntry(reading.line, {
        address,
        mac,
        interface: name,
        port,
        vrf: reading.vrf,
        ageMs: ageOf(age, seconds),
        type: source,
        isStatic,
      });
    }),
    alone,
  ],
});

const ports =
  /^(?:vPC Peer-Link|vPC Peer-Link\(R\)|[A-Za-z][\w/.:()-]{0,63})(?: {1,4}(?:vPC Peer-Link|[A-Za-z][\w/.:()-]{0,63})){0,63}$/;

function onPorts(line: number, list: string, fields: Parameters<typeof macEntry>[1]): TableEntry[] | undefined {
  const names = list.startsWith('vPC Peer-Link') ? [list] : list.split(/ +/);
  const entries = names.map((port) => macEntry(line, { ...fields, port })).filter((one) => one !== undefined);
  return entries.length === names.length ? entries : undefined;
}

/** `show mac address-table` of NX-OS: marks before the VLAN, age in seconds, lists of ports over several lines (genieparser, ntc-templates, napalm). */
export const nxosMac = lineFormat({
  name: 'nxos-mac',
  vendor,
  tables: ['mac'],
  command: 'show mac address-table',
  sign: /^VLAN +MAC Address +Type +age +Secure +NTFY +Ports(?:\/SWID\.SSID\.LID)?$/,
  readers: [
    known(
      /^Legend:$/,
      /^\* - primary entry, G - Gateway MAC, /,
      /^age - seconds since last seen,\+ - primary entry using vPC Peer-Link,?(?: \(T\) - True, \(F\) - False.{0,80})?$/,
      /^\(T\) - True, \(F\) - False(?:, *C - ControlPlane MAC.{0,60})?$/,
      /^VLAN +MAC Address +Type +age +Secure +NTFY +Ports(?:\/SWID\.SSID\.LID)?$/,
    ),
    row(
      /^(?:[*+GOC~(R)]{1,3} +)?(\d{1,4}|-) +([0-9a-f.]{14}) +([a-z]{4,12}) +(\d{1,10}|-|~~~|NA) +([TF~]) +([TF~]) +(\S[\x20-\x7e]{0,1500})$/i,
      ([, vlan, mac, type = '', age, , , list = ''], { line }) =>
        ports.test(list)
          ? onPorts(line, list, {
              mac,
              vlan: vlanOf(vlan),
              type,
              ageMs: ageOf(age, seconds),
              isStatic: /^(?:static|igmp)$/i.test(type),
            })
          : undefined,
    ),
    (text, reading) => {
      const above = reading.last[0];
      if (above === undefined || !ports.test(text)) return undefined;
      const { mac, vlan, type, ageMs, isStatic } = above;
      return onPorts(above.line, text, { mac, vlan, type, ageMs, isStatic });
    },
  ],
});
