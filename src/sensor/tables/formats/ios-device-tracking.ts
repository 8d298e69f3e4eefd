import type { TableEntry } from '../table-entry.js';
import { ageOf, macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import { known, lineFormat, type Reading, row } from '../table-lines.js';

const vendor = 'Cisco IOS-XE';
/** L local, S static: nobody claimed those on the wire. */
const isConfigured = (code: string): boolean => code === 'L' || code === 'S';
const resolved = /^(?:REACHABLE|STALE|VERIFY|DOWN)$/;

const surroundings = known(
  /^(?:Binding table (?:configuration|current counters|counters by state):|Binding Table has \d{1,10} entries, .{1,100})$/i,
  /^max\/(?:box|vlan|port|mac) +: [\x20-\x7e]{1,40}$/,
  /^(?:dynamic|local|total|VERIFY|REACHABLE|STALE|DOWN|INCOMPLETE|CREATING|TENTATIVE) *: \d{1,10}$/,
  /^Codes: L - Local, /,
  /^Preflevel flags \(prlvl\):$/,
  /^[0-9a-f]{4}:[A-Z][\x20-\x7e]{1,120}$/i,
  /^(?:macDB|portDB|vlanDB) has \d{1,10} entries for /,
  /^Number of lines which match regexp = \d{1,10}$/,
  /^Network Layer Address +Link Layer Address +Interface +(?:mode +)?vlan(?:\(prim\))? +prlvl +age +state +Time left[\x20-\x7e]{0,200}$/,
);

const codes = 'L|S|ND|ARP|DH4|DH6|PKT|API';

/** MACs are followed by (R), (S) or (D) where details are shown; "39 (  39)" is the VLAN and its primary. */
function binding(
  [, code = '', address, mac, port, vlan, age, state = '']: RegExpExecArray,
  { line }: Reading,
): TableEntry | undefined {
  const isResolved = resolved.test(state);
  return neighbourEntry(line, {
    address,
    mac,
    port,
    vlan: vlanOf(vlan),
    ageMs: ageOf(age, 1000),
    type: `${code} ${state}`,
    isStatic: isConfigured(code),
    isResolved,
  });
}

/**
 * `show device-tracking database` and its details: address, MAC, port and VLAN in one row (genieparser). The switch heard the
 * address in ND, ARP or DHCP.
 */
export const iosDeviceTracking = lineFormat({
  name: 'ios-device-tracking',
  vendor,
  tables: ['arp', 'nd'],
  command: 'show device-tracking database',
  sign: /^Network Layer Address +Link Layer Address +Interface /,
  readers: [
    surroundings,
    row(
      new RegExp(
        `^(${codes}) +([0-9A-Fa-f.:]{2,39}) +([0-9a-fA-F.]{14})(?:\\([A-Z]\\))? +(\\S{1,64}) +(?:[a-z]{3,10} +)?(\\d{1,4})(?: +\\( *\\d{1,4}\\))? +[0-9a-f]{4} +(\\d{1,10}(?:s|mn|h)) +([A-Z]{4,12})(?: +[\\x20-\\x7e]{1,400})?$`,
      ),
      binding,
    ),
  ],
});

/** `show device-tracking database mac`: MAC, port and VLAN, with the addresses below a MAC where details are shown (genieparser). */
export const iosDeviceTrackingMac = lineFormat({
  name: 'ios-device-tracking-mac',
  vendor,
  tables: ['mac', 'arp', 'nd'],
  command: 'show device-tracking database mac',
  sign: /^MAC +Interface +vlan(?:\(prim\))? +prlvl +state +Time left +Policy +Input_index$/,
  readers: [
    known(/^MAC +Interface +vlan(?:\(prim\))? +prlvl +state +Time left +Policy +Input_index$/),
    row(
      /^(?:(L2F|L3F|[A-Z]{1,4}) +)?([0-9a-f.]{14}) +(\S{1,64}) +(\d{1,4})(?: +\( *\d{1,4}\))? +(TRUSTED|NO TRUST) +(MAC-[A-Z]{4,20})(?: +[\x20-\x7e]{1,300})?$/i,
      ([, code = '', mac, port, vlan, , state], { line }) =>
        macEntry(line, { mac, port, vlan: vlanOf(vlan), type: state, isStatic: isConfigured(code) }),
    ),
    (text, reading) => {
      const address = /^Attached IP: +(\S{2,39})$/.exec(text)?.[1];
      const above = reading.last[0];
      if (address === undefined || above === undefined) return undefined;
      const { mac, port, vlan, type, isStatic } = above;
      const entry = neighbourEntry(reading.line, { address, mac, port, vlan, type, isStatic });
      return entry === undefined ? undefined : [entry];
    },
  ],
});
