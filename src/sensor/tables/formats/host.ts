import { neighbourEntry, type RowFields } from '../table-fields.js';
import { known, lineFormat, row } from '../table-lines.js';
import { notResolved } from './linux-states.js';

/** `ip neigh` of Linux; VyOS and EdgeOS print the same (ntc-templates). */
export const linuxNeigh = lineFormat({
  name: 'linux-neigh',
  vendor: 'Linux',
  tables: ['arp', 'nd'],
  command: 'ip neigh show',
  readers: [
    row(
      /^([0-9a-f:.]{2,39})(?: dev (\S{1,15}))?((?: {1,2}(?:lladdr [0-9a-f:]{17}|router|proxy|extern_learn|extern_valid|offload|managed|nud|proto \S{1,20}|used \S{1,40}|probes \d{1,6}|ref \d{1,6}))*) {1,2}([A-Z]{4,12})$/i,
      ([, address, name, middle = '', state = ''], { line }) =>
        neighbourEntry(line, ofKernel(address, name, / lladdr (\S+)/.exec(middle)?.[1], [state])),
    ),
  ],
});

function ofKernel(
  address: string | undefined,
  name: string | undefined,
  mac: string | undefined,
  states: readonly string[],
): RowFields {
  return {
    address,
    mac,
    interface: name,
    type: states.join(' '),
    isStatic: states.some((state) => state === 'PERMANENT' || state === 'NOARP'),
    isResolved: !states.some(notResolved),
  };
}

/** `/proc/net/arp` of Linux: flag 0x2 is complete, 0x4 permanent (include/uapi/linux/if_arp.h; jc). */
export const procNetArp = lineFormat({
  name: 'proc-net-arp',
  vendor: 'Linux',
  tables: ['arp'],
  command: 'cat /proc/net/arp',
  sign: /^IP address +HW type +Flags +HW address +Mask +Device$/,
  readers: [
    known(/^IP address +HW type +Flags +HW address +Mask +Device$/),
    row(
      /^([\d.]{7,15}) +(0x[0-9a-f]{1,4}) +(0x[0-9a-f]{1,4}) +([0-9a-f:]{17}) +(\S{1,20}) +(\S{1,15})$/i,
      ([, address, , flags, mac, , name], { line }) => {
        const bits = Number(flags);
        const isStatic = (bits & 4) !== 0;
        const type = isStatic ? 'permanent' : (bits & 2) === 0 ? 'incomplete' : 'complete';
        return neighbourEntry(line, { address, mac, interface: name, type, isStatic, isResolved: (bits & 2) !== 0 });
      },
    ),
  ],
});

/** `arp -an` of Linux, BSD, macOS and AIX; BSD and AIX leave zeros out of a MAC (jc). */
export const hostArp = lineFormat({
  name: 'host-arp',
  vendor: 'Linux, BSD, macOS, AIX',
  tables: ['arp'],
  command: 'arp -an',
  readers: [
    known(/^bucket: +\d{1,6} +contains: +\d{1,6} entries$/, /^There are \d{1,6} entries in the arp table\.$/),
    row(
      /^(?:\?|[\w.-]{1,253}) \(([\d.]{7,15})\) at (<incomplete>|\(incomplete\)|[0-9a-f:]{11,17})((?: (?:\[[a-z0-9-]{1,20}\]|PERM|PUP|COM|ifscope|permanent|published|stored in bucket \d{1,6}|expires in \d{1,8} seconds|expired))*)(?: on (\S{1,15})((?: (?:\[[a-z0-9-]{1,20}\]|ifscope|permanent|published|expires in \d{1,8} seconds|expired))*))?$/i,
      ([, address, hardware = '', before = '', name, after = ''], { line }) => {
        const mac = hardware.includes('incomplete') ? undefined : hardware;
        const isStatic = / perm(?:anent)?\b/i.test(`${before}${after}`);
        const type = mac === undefined ? 'incomplete' : isStatic ? 'permanent' : undefined;
        return neighbourEntry(line, { address, mac, interface: name, type, isStatic });
      },
    ),
  ],
});

/** `arp -n` of Linux's net-tools, VyOS and EdgeOS: flag C is complete, M permanent (arp(8); jc, ntc-templates). */
export const hostArpTable = lineFormat({
  name: 'host-arp-table',
  vendor: 'Linux',
  tables: ['arp'],
  command: 'arp -n',
  sign: /^Address +HWtype +HWaddress +Flags Mask +Iface$/,
  readers: [
    known(/^Address +HWtype +HWaddress +Flags Mask +Iface$/, /^Entries: \d{1,9}\s+Skipped: \d{1,9}\s+Found: \d{1,9}$/),
    row(/^([\d.]{7,15}) +\(incomplete\) +(\S{1,15})$/, ([, address, name], { line }) =>
      neighbourEntry(line, { address, interface: name, type: 'incomplete' }),
    ),
    row(
      /^([\d.]{7,15}) +ether +([0-9a-f:]{17}) +([CMP!]{1,4}) +(?:\S{1,20} +)?(\S{1,15})$/i,
      ([, address, mac, flags = '', name], { line }) => {
        const isStatic = flags.includes('M');
        return neighbourEntry(line, {
          address,
          mac,
          interface: name,
          type: isStatic ? 'permanent' : 'complete',
          isStatic,
          isResolved: flags.includes('C'),
        });
      },
    ),
  ],
});
