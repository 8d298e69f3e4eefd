/**
 * Short names of interfaces and what they stand for, as the vendors' own manuals abbreviate them. The same letters mean
 * different spellings on different systems: `Po1` is Port-channel1 on IOS, port-channel1 on NX-OS, Port-Channel1 on EOS.
 */
const ios: readonly (readonly [string, string])[] = [
  ['fa', 'FastEthernet'],
  ['gi', 'GigabitEthernet'],
  ['tw', 'TwoGigabitEthernet'],
  ['fi', 'FiveGigabitEthernet'],
  ['te', 'TenGigabitEthernet'],
  ['twe', 'TwentyFiveGigE'],
  ['fo', 'FortyGigabitEthernet'],
  ['fif', 'FiftyGigE'],
  ['hu', 'HundredGigE'],
  ['twoh', 'TwoHundredGigE'],
  ['fou', 'FourHundredGigE'],
  ['et', 'Ethernet'],
  ['ap', 'AppGigabitEthernet'],
  ['po', 'Port-channel'],
  ['vl', 'Vlan'],
];
const nxos: readonly (readonly [string, string])[] = [
  ['eth', 'Ethernet'],
  ['po', 'port-channel'],
  ['vl', 'Vlan'],
];
const eos: readonly (readonly [string, string])[] = [
  ['et', 'Ethernet'],
  ['po', 'Port-Channel'],
  ['pet', 'PeerEthernet'],
  ['ppo', 'PeerPort-Channel'],
  ['ma', 'Management'],
  ['vl', 'Vlan'],
  ['vx', 'Vxlan'],
];
const tables = new Map([
  ['Cisco IOS, IOS-XE', new Map(ios)],
  ['Cisco IOS-XE', new Map(ios)],
  ['Cisco NX-OS', new Map(nxos)],
  ['Arista EOS', new Map(eos)],
]);

/** The long form of an interface's name on a box of this vendor: `Gi1/0/3` -> `GigabitEthernet1/0/3`. What has none stays. */
export function longName(name: string, vendor: string): string {
  const [, letters = '', rest = ''] = /^([A-Za-z]{2,4})(\d[\w/.:-]{0,60})$/.exec(name) ?? [];
  const long = tables.get(vendor)?.get(letters.toLowerCase());
  return long === undefined ? name : `${long}${rest}`;
}

const cabled =
  /^(?:(?:Fast|(?:Two|Five|Ten|Forty)?Gigabit)?Ethernet|(?:TwentyFive|Fifty|Hundred|TwoHundred|FourHundred)GigE|port-channel)\d[\d/:]{0,40}$/i;
const junos = /^((?:ge|xe|et|fe|mge)-\d{1,3}\/\d{1,3}\/\d{1,3}(?::\d{1,2})?|ae\d{1,4})(?:\.\d{1,5})?$/;

/**
 * The port behind an interface that a server can hang on, in its long form; undefined for a VLAN interface, the box itself
 * (`CPU`, `Router`), a tunnel or a management port. A logical unit of Junos is on its physical port: `ge-0/0/3.0` -> `ge-0/0/3`.
 */
export function physicalPort(name: string, vendor: string): string | undefined {
  const unit = junos.exec(name)?.[1];
  if (unit !== undefined) return unit;
  const long = longName(name, vendor);
  return cabled.test(long) ? long : undefined;
}
