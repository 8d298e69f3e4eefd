import { macEntry, neighbourEntry, vlanOf } from '../table-fields.js';
import { heading, known, lineFormat, row } from '../table-lines.js';

const vendor = 'Juniper Junos';
const totals = known(/^Total entries: \d{1,10}$/);
/** An IRB's row may name the port below it: `irb.12 [ge-0/0/3.0]`. */
const places = /^(\S{1,64}?)(?: ?\[([^\s\]]{1,64})\])?$/;

function placesOf(text: string | undefined): { interface: string | undefined; port?: string } {
  const [, routed, below] = places.exec(text ?? '') ?? [];
  const port = below ?? (routed !== undefined && /^(?:[a-z]{2}-|ae)\d/.test(routed) ? routed : undefined);
  return { interface: routed, ...(port !== undefined && { port }) };
}

/** `show arp` of Junos, with or without names (genieparser). The flag `permanent` is a configured entry. */
export const junosArp = lineFormat({
  name: 'junos-arp',
  vendor,
  tables: ['arp'],
  command: 'show arp no-resolve',
  sign: /^MAC Address +Address +(?:Name +)?Interface +Flags(?: +TTE)?$/,
  readers: [
    known(/^MAC Address +Address +(?:Name +)?Interface +Flags(?: +TTE)?$/),
    totals,
    row(
      /^([0-9a-f:]{17}) +([\d.]{7,15}) +(?:([\w.:-]{1,253}) +)?([a-z][\w./:-]{0,62}(?: ?\[[^\s\]]{1,64}\])?) +(none|permanent|published|permanent published|permanent remote|remote|proxy)(?: +\d{1,8})?$/,
      ([, mac, address, , where, flags = ''], { line }) =>
        neighbourEntry(line, {
          address,
          mac,
          ...placesOf(where),
          type: flags === 'none' ? 'dynamic' : flags,
          isStatic: flags.includes('permanent'),
        }),
    ),
  ],
});

const waiting = /^(?:incomplete|unreachable|none)$/i;

/** `show ipv6 neighbors` of Junos (genieparser). `Exp` counts down to the next look, so it is no age. */
export const junosNd = lineFormat({
  name: 'junos-nd',
  vendor,
  tables: ['nd'],
  command: 'show ipv6 neighbors',
  sign: /^IPv6 Address +Linklayer Address +State +Exp +Rtr +Secure +Interface$/,
  readers: [
    known(/^IPv6 Address +Linklayer Address +State +Exp +Rtr +Secure +Interface$/),
    totals,
    heading(/^([0-9a-f:]{2,39})$/i, ([, address], reading) => (reading.waiting = address)),
    row(
      /^(?:([0-9a-f:]{2,39}) +)?([0-9a-f:]{17}|none) +([a-z]{4,12}) +(\d{1,10}|-) +(yes|no) +(yes|no) +(\S{1,64}(?: ?\[[^\s\]]{1,64}\])?)$/i,
      ([, own, hardware, state = '', exp, , , where], reading) => {
        const address = own ?? reading.waiting;
        reading.waiting = undefined;
        const mac = hardware === 'none' ? undefined : hardware;
        return neighbourEntry(reading.line, {
          address,
          mac,
          ...placesOf(where),
          type: state,
          isStatic: exp === '-' && state === 'reachable',
          isResolved: !waiting.test(state),
        });
      },
    ),
  ],
});

/** `Vlan100` and `vlan-100` have their id in their name; other names do not tell it. */
export function vlanOfName(name: string | undefined): ReturnType<typeof vlanOf> {
  return vlanOf(/^vlan[-_.]?(\d{1,4})$/i.exec(name ?? '')?.[1]);
}

/** `show ethernet-switching table` of Junos with ELS, newer and 14.1X53 (ntc-templates). Flag S is a static MAC, P a persistent one. */
export const junosMac = lineFormat({
  name: 'junos-mac',
  vendor,
  tables: ['mac'],
  command: 'show ethernet-switching table',
  sign: /^Ethernet switching table : \d{1,10} entries, \d{1,10} learned$/,
  readers: [
    known(
      /^MAC flags \(S -? ?static MAC, /,
      /^SE - statistics enabled, /,
      /^(?:MAC|GBP) +MAC +Age +Logical/,
      /^Ethernet switching table : \d{1,10} entries, \d{1,10} learned$/,
      /^Routing instance : \S{1,128}$/,
      /^Vlan +MAC +MAC +(?:GBP +)?Age +Logical(?: +NH +RTR)?$/,
      /^name +address +flags +(?:tag +)?interface(?: +Index +ID)?$/,
    ),
    row(
      /^(\S{1,128}) +([0-9a-f:]{17}) +([A-Z]{1,6}(?:,[A-Z]{1,6}){0,5}) +(-|\d{1,10}) +(\S{1,64})(?: +\d{1,10}(?: +\d{1,10})?)?$/,
      ([, vlan, mac, flags = '', , port], { line }) =>
        macEntry(line, { mac, vlan: vlanOfName(vlan), port, type: flags, isStatic: /^S(?!E)|,S(?!E)/.test(flags) }),
    ),
  ],
});
