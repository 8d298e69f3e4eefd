import { neighbourEntry, ageOf, macEntry, vlanOf } from '../table-fields.js';
import { heading, known, lineFormat, type Reading, row } from '../table-lines.js';
import type { TableEntry } from '../table-entry.js';

const seconds = 1000;
const minutes = 60_000;

const vrf = heading(/^VRF: ?(\S{1,64})$/, ([, name], reading) => {
  reading.vrf = name;
});
const header = heading(
  /^(?:IPv6 )?Address +Age(?: \((sec|min)\))? +(?:Hardware Addr|MAC Address) +(?:State +)?Interface$/i,
  ([, unit], reading) => {
    reading.section = unit ?? 'sec';
  },
);

/** "Vlan101, Port-Channel2" is a row of Vlan101 whose frames go to Port-Channel2; "not learned": the MAC table has no port. */
function places(text: string | undefined): { readonly interface: string | undefined; readonly port?: string } {
  const [routed, port] = (text ?? '').split(', ');
  if (port !== undefined && port !== 'not learned') return { interface: routed, port };
  return { interface: routed, ...(routed !== undefined && /^(?:Et|Po)/.test(routed) && { port: routed }) };
}

function neighbour(
  [, address, age, mac, state, where]: RegExpExecArray,
  { line, vrf: inVrf, section }: Reading,
): TableEntry | undefined {
  const isStatic = age === 'N/A' || age === '-';
  const ageMs = ageOf(age, section === 'min' ? minutes : seconds);
  return neighbourEntry(line, {
    address,
    mac,
    ...places(where),
    vrf: inVrf,
    ageMs,
    type: state ?? (isStatic ? 'static' : 'dynamic'),
    isStatic,
  });
}

/**
 * `show ip arp`, `show arp vrf all` of EOS. A static entry has the age `N/A` (ntc-templates, arista_eos show_ip_arp); the
 * unit of a bare age stands in the header, seconds there and minutes on older boxes.
 */
export const eosArp = lineFormat({
  name: 'eos-arp',
  vendor: 'Arista EOS',
  tables: ['arp'],
  command: 'show ip arp vrf all',
  sign: /^Address +Age(?: \((?:sec|min)\))? +Hardware Addr +Interface$/,
  readers: [
    vrf,
    header,
    row(/^([\d.]{7,15}) +(\S{1,20}) +([0-9a-f.]{14})()? +(\S{1,64}(?:, (?:\S{1,64}|not learned))?)$/i, neighbour),
  ],
});

/** `show ipv6 neighbors vrf all` of EOS; no real sample at hand beyond one in a lab report: addresses, age, MAC, short interface. */
export const eosNd = lineFormat({
  name: 'eos-nd',
  vendor: 'Arista EOS',
  tables: ['nd'],
  command: 'show ipv6 neighbors vrf all',
  sign: /^IPv6 Address +Age +Hardware Addr +(?:State +)?Interface$/,
  readers: [
    vrf,
    header,
    row(
      /^([0-9a-f:]{2,39}) +(\S{1,20}) +([0-9a-f.]{14}) +(?:([A-Z]{4,10}) +)?(\S{1,64}(?:, (?:\S{1,64}|not learned))?)$/i,
      neighbour,
    ),
  ],
});

/** `show mac address-table` of EOS, with moves and the time of the last. */
export const eosMac = lineFormat({
  name: 'eos-mac',
  vendor: 'Arista EOS',
  tables: ['mac'],
  command: 'show mac address-table',
  sign: /^Vlan +Mac Address +Type +Ports +Moves +Last Move$/i,
  readers: [
    known(
      /^(?:Multicast )?Mac Address Table$/i,
      /^Vlan +Mac Address +Type +Ports(?: +Moves +Last Move)?$/i,
      /^Total Mac Addresses for this criterion: \d{1,10}$/i,
    ),
    row(
      /^(\d{1,4}) +([0-9a-f.]{14}) +([A-Z]{4,12}) +([A-Za-z][\w/.-]{0,63}(?: [A-Za-z][\w/.-]{0,63}){0,127})(?: +(\d{1,10}) +((?:\d{1,6} days?, )?\d{1,6}:\d\d:\d\d) ago)?$/i,
      ([, vlan, mac, type = '', ports = '', , moved], { line }) => {
        const rows = ports.split(' ').map((port) =>
          macEntry(line, {
            mac,
            vlan: vlanOf(vlan),
            port,
            type,
            ageMs: lastMove(moved),
            isStatic: type.toUpperCase() === 'STATIC',
          }),
        );
        return rows.filter((entry) => entry !== undefined).length === rows.length ? (rows as TableEntry[]) : undefined;
      },
    ),
  ],
});

function lastMove(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [days, clock] = text.includes(' day') ? [Number.parseInt(text, 10), text.split(', ')[1]] : [0, text];
  const rest = ageOf(clock, seconds);
  return rest === undefined ? undefined : days * 86_400_000 + rest;
}
