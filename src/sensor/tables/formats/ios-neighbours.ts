import { ageOf, neighbourEntry } from '../table-fields.js';
import { known, lineFormat, row } from '../table-lines.js';

const vendor = 'Cisco IOS, IOS-XE';
const minutes = 60_000;

/**
 * `show ip arp`, `show arp` of IOS and IOS-XE. An age of `-` is a configured entry or an address of the box itself; a row
 * may have no interface (ntc-templates, genieparser, napalm).
 */
export const iosArp = lineFormat({
  name: 'ios-arp',
  vendor,
  tables: ['arp'],
  command: 'show ip arp',
  sign: /^Protocol +Address +Age ?\(min\) +Hardware Addr +Type +Interface$/,
  readers: [
    known(/^Protocol +Address +Age ?\(min\) +Hardware Addr +Type +Interface$/),
    row(
      /^Internet +(\S{7,15}) +(\d{1,10}|-) +(\S{10,14}) +(ARPA|SNAP|SRP-[AB]|SAP)(?: +(\S{1,64}))?$/,
      ([, address, age, hardware = '', , name], { line }) => {
        const mac = hardware === 'Incomplete' ? undefined : hardware;
        const isStatic = age === '-';
        const type = mac === undefined ? 'incomplete' : isStatic ? 'static' : 'dynamic';
        return neighbourEntry(line, { address, mac, interface: name, ageMs: ageOf(age, minutes), type, isStatic });
      },
    ),
  ],
});

const states = 'INCMP|REACH|STALE|DELAY|PROBE|PERM|GLEAN|DELETE';

/**
 * `show ipv6 neighbors` of IOS and IOS-XE. An age of `-` is a static entry; no link-layer address is shown as `-` while
 * the state is INCMP (genieparser, napalm).
 */
export const iosNd = lineFormat({
  name: 'ios-nd',
  vendor,
  tables: ['nd'],
  command: 'show ipv6 neighbors',
  sign: /^IPv6 Address +Age +Link-layer Addr +State +Interface$/,
  readers: [
    known(/^IPv6 Address +Age +Link-layer Addr +State +Interface$/),
    row(
      new RegExp(`^([0-9a-f:]{2,39}) +(\\d{1,10}|-) +([0-9a-f.]{14}|-) +(${states}) +(\\S{1,64})$`, 'i'),
      ([, address, age, hardware, state, name], { line }) => {
        const mac = hardware === '-' ? undefined : hardware;
        const ageMs = ageOf(age, minutes);
        return neighbourEntry(line, { address, mac, interface: name, ageMs, type: state, isStatic: age === '-' });
      },
    ),
  ],
});
