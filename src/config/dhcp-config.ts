import { isPrivateIpv4, parseIpv4, parseIpv4Prefix } from '../../events/index.js';
import { Expect, NestedList, Optional } from './shape.js';

const text = (value: unknown): boolean => typeof value === 'string' && value.length > 0;
/** The same that the driver takes: Kea reads option data as a list with commas and backslashes of its own. */
const bootUrl = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:https?|tftp):\/\/[A-Za-z0-9:/?&=%._~[\]@+-]{1,200}$/.test(value);
const architecture = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;

function isNetboot(value: unknown): boolean {
  const prefix = parseIpv4Prefix(value);
  return prefix !== undefined && Number(prefix.split('/')[1]) <= 30 && isPrivateIpv4(prefix);
}

/** What machines of some processor architecture are started with. */
export class BootConfig {
  /** Processor architecture types of the client (RFC 4578, the IANA registry): 0 BIOS, 7 and 9 x86-64 UEFI, 16 x86-64 UEFI HTTP, 11 ARM 64 UEFI. Empty is for clients that name none. */
  @Expect('a list of whole numbers from 0 to 65535', (value) => Array.isArray(value) && value.every(architecture))
  architectures: number[] = [];
  /** True: for iPXE. False: for everything but iPXE. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  ipxe = false;
  /** DHCPv4: the TFTP server; goes with `tftpFile`. */
  @Optional()
  @Expect('an IPv4 address', (value) => parseIpv4(value) !== undefined)
  tftpServer?: string;
  /** DHCPv4: the file on that server. */
  @Optional()
  @Expect(
    'a file name of 1 to 127 letters, digits, / . _ + -',
    (value) => typeof value === 'string' && /^[A-Za-z0-9/._+-]{1,127}$/.test(value),
  )
  tftpFile?: string;
  /** DHCPv4: the URL for UEFI HTTP boot, or of what iPXE is to run. */
  @Optional()
  @Expect(
    'a URL (http, https or tftp) of at most 127 characters, without quotes, commas and spaces',
    (value) => bootUrl(value) && String(value).length <= 127,
  )
  url4?: string;
  /** DHCPv6: the boot file URL (RFC 5970). */
  @Optional()
  @Expect('a URL (http, https or tftp) without quotes, commas and spaces', bootUrl)
  url6?: string;
}

/** Kea's daemons on the box of a device, which hand out what billing sold. */
export class DhcpConfig {
  /** The control socket of kea-dhcp4 (`control-socket` in its configuration). */
  @Optional()
  @Expect('the path of a control socket of Kea', text)
  socket4?: string;
  /** The control socket of kea-dhcp6. */
  @Optional()
  @Expect('the path of a control socket of Kea', text)
  socket6?: string;
  /**
   * What machines without a sold IPv4 address are started from, for firmware that knows no other way: the /30 at 4 times the
   * VLAN from its start. The gateway has the first host of it on the VLAN interface, the machine gets the second.
   */
  @Optional()
  @Expect('a private IPv4 prefix of /8 to /30 (RFC 1918, RFC 6598), such as 10.64.0.0/18', isNetboot)
  netboot?: string;
  @NestedList(BootConfig)
  boot: BootConfig[] = [];
}
