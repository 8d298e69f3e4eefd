import { parseIp, parsePort, parseSwitchName } from '../../events/index.js';
import { DhcpConfig } from './dhcp-config.js';
import { RaConfig } from './ra-config.js';
import { Expect, Nested, NestedList, Optional } from './shape.js';
import { communityList, isCommunityList } from './site-config.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
const absent = (value: unknown): boolean => value === undefined;
const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
/** Linux: at most 15 bytes, no slash, no space (`dev_valid_name`). */
const linuxInterface = /^[^\s/:%]{1,15}$/;
const namespaceName = /^[A-Za-z0-9_][A-Za-z0-9._:@+-]{0,254}$/;
/** The spelling of an interface on any device we speak to: it comes to stand in commands. */
const deviceInterface = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;
const protocolName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

const sensorKinds = ['capture', 'directory', 'tables'] as const;
const attributions = ['interface', 'vlan', 'mac-table', 'unknown'] as const;
const driverKinds = ['linux', 'eos', 'ios', 'file', 'simulated'] as const;
const isDriverKind = (value: unknown): boolean => driverKinds.some((kind) => kind === value);

const isHostKey = (value: string): boolean =>
  /^SHA256:[A-Za-z0-9+/]{43}$/.test(value) || /^(ssh|ecdsa)-[a-z0-9-]+ [A-Za-z0-9+/]+={0,2}(\s.*)?$/.test(value);

/** How a switch is spoken to. `netns`, `protocol` belong to `linux`, what stands below them to kinds reached over a network. */
export class DriverConfig {
  @Expect('linux, eos, ios, file or simulated', isDriverKind)
  kind!: (typeof driverKinds)[number];
  /** Network namespace the interfaces live in; the engine's own when absent. */
  @Optional()
  @Expect('the name of a network namespace', (value) => typeof value === 'string' && namespaceName.test(value))
  netns?: string;
  /** Neighbour protocol number that marks our entries (NDA_PROTOCOL). */
  @Expect('a whole number from 4 to 255', wholeNumber(4, 255))
  protocol = 155;
  /** `file`: the folder that the file of the device is written to. */
  @Optional()
  @Expect('the path of a folder', text)
  directory?: string;
  @Optional()
  @Expect(
    'a host name or an IP address',
    (value) => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9.:-]*$/.test(value),
  )
  host?: string;
  /** TCP port; the usual one of the kind when absent. */
  @Optional()
  @Expect('a TCP port from 1 to 65535', wholeNumber(1, 65_535))
  port?: number;
  @Optional()
  @Expect(
    'a user name without a colon',
    (value) => typeof value === 'string' && /^[\x21-\x39\x3b-\x7e]{1,64}$/.test(value),
  )
  username?: string;
  /** File whose first line is the password. */
  @Optional()
  @Expect('the path of a file', text)
  passwordFile?: string;
  /** Over SSH: file with the private key, OpenSSH or PEM; before a password. */
  @Optional()
  @Expect('the path of a file', text)
  privateKeyFile?: string;
  /** Over SSH: file whose first line is the passphrase of the private key. */
  @Optional()
  @Expect('the path of a file', text)
  passphraseFile?: string;
  /** Over SSH: keys one of which the host must show; a fingerprint `SHA256:...` or a public key line each. */
  @Optional()
  @Expect(
    'a list of SHA256:... fingerprints as "ssh-keygen -lf" prints them, or of public key lines',
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && isHostKey(one)),
  )
  hostKeys?: string[];
  /** Over SSH to a `linux` box: run ip by "sudo -n". */
  @Optional()
  @Expect('true or false', (value) => typeof value === 'boolean')
  sudo?: boolean;
  /** Over SSH: also offer SHA-1 key exchanges and CBC ciphers, which old boxes need. */
  @Optional()
  @Expect('true or false', (value) => typeof value === 'boolean')
  legacyAlgorithms?: boolean;
  /** `eos`: certificates that may sign that of the switch, PEM. */
  @Optional()
  @Expect('the path of a file', text)
  caFile?: string;
  /** `eos`: SHA-256 of exactly the certificate of the switch. */
  @Optional()
  @Expect(
    'the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, colons allowed',
    (value) => typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value.replaceAll(':', '')),
  )
  certificateFingerprint?: string;
  /** After so many seconds the switch takes back a push that was not confirmed; 120 when absent. */
  @Optional()
  @Expect('a whole number of seconds from 30 to 3600', wholeNumber(30, 3600))
  commitSeconds?: number;
}

/** How a BGP daemon is spoken to. Everything but `kind` belongs to `bird` and is needed there. */
export class BgpConfig {
  @Expect('bird or simulated', (value) => value === 'bird' || value === 'simulated')
  kind!: 'bird' | 'simulated';
  @BirdOnly('the path of the control socket of BIRD', text)
  socket?: string;
  @BirdOnly('the path of our own include file for IPv4', text)
  include4?: string;
  @BirdOnly('the path of our own include file for IPv6', text)
  include6?: string;
  @BirdOnly('the name of the static protocol for IPv4', isProtocolName)
  protocol4?: string;
  @BirdOnly('the name of the static protocol for IPv6', isProtocolName)
  protocol6?: string;
  @BirdOnly("the path of BIRD's configuration file", text)
  confFile?: string;
}

function isProtocolName(value: unknown): boolean {
  return typeof value === 'string' && protocolName.test(value);
}

function BirdOnly(expected: string, check: (value: unknown) => boolean): PropertyDecorator {
  return (prototype, property) => {
    Expect(expected, (value) => absent(value) || check(value))(prototype, property);
  };
}

/** The source guard of one device: nftables at ingress of each port (linux only). */
export class GuardConfig {
  /** `count` counts what would be dropped and drops nothing; `drop` drops it. */
  @Expect('count or drop', isGuardMode)
  mode: 'count' | 'drop' = 'count';
  /** Ports that are guarded otherwise than the device. */
  @Expect('an object of port: count or drop, such as {"leaf1:Ethernet16": "drop"}', isGuardModes)
  ports: Record<string, 'count' | 'drop'> = {};
}

function isGuardMode(value: unknown): boolean {
  return value === 'count' || value === 'drop';
}

function isGuardModes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([port, mode]) => parsePort(port) !== undefined && isGuardMode(mode));
}

/** How much one device can hold, ours and everybody else's together. */
export class CapacityConfig {
  @Optional()
  @Expect('a whole number from 1 to 100000000', wholeNumber(1, 100_000_000))
  neighbours?: number;
  @Optional()
  @Expect('a whole number from 1 to 100000000', wholeNumber(1, 100_000_000))
  routes?: number;
}

/** One box behind a logical switch. */
export class DeviceConfig {
  @Expect('a device name: lower-case letters, digits, . _ -', (value) => parseSwitchName(value) !== undefined)
  name!: string;
  /** `observe` shows the plan and touches nothing; `propose` does a plan once an operator approved it; `enforce` by itself. */
  @Expect('observe, propose or enforce', (value) => value === 'observe' || value === 'propose' || value === 'enforce')
  mode: 'observe' | 'propose' | 'enforce' = 'observe';
  /** The device's own name of a VLAN interface; `{vlan}` stands for the VLAN id. */
  @Expect(
    'an interface name that contains {vlan}, such as vlan{vlan}',
    (value) =>
      typeof value === 'string' && value.includes('{vlan}') && deviceInterface.test(value.replace('{vlan}', '1')),
  )
  interfacePattern!: string;
  /** MED of the routes announced by the daemon on this box (RFC 4271 section 5.1.4); the site's, else 0, where absent. */
  @Optional()
  @Expect('a whole number from 0 to 4294967295', wholeNumber(0, 4_294_967_295))
  med?: number;
  /** Communities of the routes announced by the daemon on this box, besides those of its site. */
  @Expect(communityList, isCommunityList)
  communities: string[] = [];
  /** Port -> the device's interface whose link state is the port's. */
  @Expect('an object of port: interface, such as {"leaf1:Ethernet16": "vlan16"}', isPortMap)
  ports: Record<string, string> = {};
  /** The VRF its VLAN interfaces stand in; the device's default VRF when absent. Compared with what the device says. */
  @Optional()
  @Expect(
    'the name of a VRF: letters, digits, . _ : -',
    (value) => typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/.test(value),
  )
  vrf?: string;
  /** Addresses that this device sends syslog and traps from, one spelling each (RFC 5952). */
  @Expect('a list of IP addresses, each in its canonical spelling', isAddressList)
  senders: string[] = [];
  /** How often link state is read where the device does not tell of changes by itself, in seconds. */
  @Expect('a whole number of seconds from 1 to 3600', wholeNumber(1, 3600))
  linkPollSeconds = 30;
  /** Where the device stamp is kept when the device itself cannot carry it. */
  @Optional()
  @Expect('the path of a file', text)
  stateFile?: string;
  @Nested(DriverConfig)
  driver!: DriverConfig;
  @Optional()
  @Nested(BgpConfig)
  bgp?: BgpConfig;
  /** Lets in what billing sold and nothing else; no guard where absent. */
  @Optional()
  @Nested(GuardConfig)
  guard?: GuardConfig;
  /** Hands out by DHCP what billing sold; nothing where absent. */
  @Optional()
  @Nested(DhcpConfig)
  dhcp?: DhcpConfig;
  /** Tells machines their default route by router advertisements; nothing where absent. */
  @Optional()
  @Nested(RaConfig)
  ra?: RaConfig;
  /** What the device can hold. Without it nobody can say how much is left. */
  @Optional()
  @Nested(CapacityConfig)
  capacity?: CapacityConfig;
}

function isAddressList(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && parseIp(one) === one);
}

function isPortMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([port, name]) => parsePort(port) !== undefined && typeof name === 'string' && deviceInterface.test(name),
  );
}

/** A logical switch that is the gateway of its VLANs, and the boxes that are it. */
export class GatewayConfig {
  @Expect('a switch name: lower-case letters, digits, . _ -', (value) => parseSwitchName(value) !== undefined)
  switch!: string;
  @Expect('a site name', text)
  site = 'default';
  @NestedList(DeviceConfig)
  devices: DeviceConfig[] = [];
}

/** Where a self-test is sent from: an interface whose frames reach the sensor as a server's would. */
export class SelfTestConfig {
  @Optional()
  @Expect('the name of a network namespace', (value) => typeof value === 'string' && /^[^/\s]{1,255}$/.test(value))
  netns?: string;
  @Expect(
    'the name of a network interface, at most 15 characters',
    (value) => typeof value === 'string' && linuxInterface.test(value),
  )
  interface!: string;
}

/** Where frames are heard, or tables read. */
export class SensorConfig {
  /** True: the engine does not listen itself; `portledger sensor watch` does, on another box, and sends its verdicts. */
  @Optional()
  @Expect('true or false', (value) => typeof value === 'boolean')
  remote?: boolean;
  /** `capture` hears frames on `interface`; `directory` reads the rotating captures that another program writes there; `tables` reads ARP, ND and MAC tables of a `device`, a `file`, or the kernel in `netns`. */
  @Expect('capture, directory or tables', (value) => sensorKinds.some((known) => known === value))
  kind: (typeof sensorKinds)[number] = 'capture';
  @Expect('a sensor name', text)
  name!: string;
  @Expect('a switch name: lower-case letters, digits, . _ -', (value) => parseSwitchName(value) !== undefined)
  switch!: string;
  @Expect('a site name', text)
  site = 'default';
  @Optional()
  @Expect('the name of a network namespace', (value) => typeof value === 'string' && /^[^/\s]{1,255}$/.test(value))
  netns?: string;
  /** Needed for `capture`, and for nothing else. */
  @Optional()
  @Expect(
    'the name of a network interface, at most 15 characters',
    (value) => typeof value === 'string' && linuxInterface.test(value),
  )
  interface?: string;
  /** `tables`: a device named under gateways, read over the connection of its driver. */
  @Optional()
  @Expect('the name of a device', text)
  device?: string;
  /** `tables`: a file that somebody else keeps up to date. */
  @Optional()
  @Expect('the path of a file', text)
  file?: string;
  /** Of `file`: a name that "portledger sensor formats" shows, or auto. */
  @Expect('the name of a format, or auto', (value) => typeof value === 'string' && /^[a-z][a-z0-9-]{1,40}$/.test(value))
  format = 'auto';
  /** `tables`: how often they are read. */
  @Expect('a whole number of seconds from 1 to 86400', wholeNumber(1, 86_400))
  everySeconds = 60;
  @Optional()
  @Expect('the path of a directory', text)
  directory?: string;
  /** How a frame gets its port: `interface` where a port is named and nothing else is said. */
  @Optional()
  @Expect('interface, vlan, mac-table or unknown', (value) => attributions.some((known) => known === value))
  attribution?: (typeof attributions)[number];
  /** The one port behind this interface; absent where the capture serves many. */
  @Optional()
  @Expect('a port as switch:interface, such as leaf1:Ethernet16', (value) => parsePort(value) !== undefined)
  port?: string;
  /** The VLAN of untagged frames here. */
  @Optional()
  @Expect('a VLAN id from 1 to 4094', wholeNumber(1, 4094))
  vlan?: number;
  /** Without it no self-test can be sent. */
  @Optional()
  @Nested(SelfTestConfig)
  selftest?: SelfTestConfig;
}
