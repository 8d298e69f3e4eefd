import { parseIpv4 } from '../../../events/index.js';
import type { BootLoader } from './dhcp.port.js';
import type { JsonObject } from './json.js';

/** Kea reads option data as a list with commas and backslashes of its own; none of these need one. */
const plainUrl = /^(?:https?|tftp):\/\/[A-Za-z0-9:/?&=%._~[\]@+-]{1,200}$/;
const plainFile = /^[A-Za-z0-9/._+-]{1,127}$/;

export const isBootUrl = (value: unknown): value is string => typeof value === 'string' && plainUrl.test(value);
/** RFC 2131: the field `file` has 128 octets, the last of them 0. */
export const isBootFile = (value: unknown): value is string => typeof value === 'string' && plainFile.test(value);

const prefix = 'portledger.boot.';

export const isBootClass = (name: unknown): boolean => typeof name === 'string' && name.startsWith(prefix);

/**
 * The classes of machines that are started over DHCPv4: by option 93 (RFC 4578) and, for iPXE, by the user class (RFC 3004).
 * UEFI HTTP boot calls itself HTTPClient, and takes an answer only from who says that too (UEFI 2.5 section 23.7).
 */
export function bootClasses4(loaders: readonly BootLoader[]): JsonObject[] {
  return loaders.flatMap((loader, index) => {
    const { architectures, ipxe, tftp, url4 } = loader;
    const who = [architectureTest(architectures, 'option[93]'), `${ipxe ? '' : 'not '}(option[77].hex == 'iPXE')`];
    const name = `${prefix}${index}`;
    const http = "substring(option[60].hex,0,10) == 'HTTPClient'";
    const classes: JsonObject[] = [];
    if (tftp !== undefined) {
      if (parseIpv4(tftp.server) !== tftp.server || !isBootFile(tftp.file))
        throw new TypeError('not a TFTP server and file');
      const test = all([...who, ...(url4 === undefined ? [] : [`not (${http})`])]);
      classes.push({
        name: `${name}.tftp`,
        test,
        'next-server': tftp.server,
        'boot-file-name': tftp.file,
        'option-data': [],
      });
    }
    if (url4 !== undefined) {
      if (!isBootUrl(url4) || url4.length > 127) throw new TypeError('not a URL that a boot file can be');
      const data = ipxe ? [] : [{ name: 'vendor-class-identifier', data: 'HTTPClient' }];
      const test = all([...who, ...(ipxe ? [] : [http])]);
      classes.push({ name: `${name}.http`, test, 'boot-file-name': url4, 'option-data': data });
    }
    return classes;
  });
}

/** The classes of machines that are started over DHCPv6: by options 61 and 59 (RFC 5970); iPXE by option 15 (RFC 8415). */
export function bootClasses6(loaders: readonly BootLoader[]): JsonObject[] {
  return loaders.flatMap(({ architectures, ipxe, url6 }, index) => {
    if (url6 === undefined) return [];
    if (!isBootUrl(url6)) throw new TypeError('not a boot file URL');
    // A user class begins with its length, two octets.
    const isIpxe = "substring(option[15].hex,2,4) == 'iPXE'";
    const test = all([architectureTest(architectures, 'option[61]'), `${ipxe ? '' : 'not '}(${isIpxe})`]);
    return [{ name: `${prefix}${index}`, test, 'option-data': [{ name: 'bootfile-url', data: url6 }] }];
  });
}

function architectureTest(architectures: readonly number[], option: string): string {
  if (architectures.length === 0) return `not (${option}.exists)`;
  const wrong = architectures.find((one) => !Number.isInteger(one) || one < 0 || one > 0xffff);
  if (wrong !== undefined) throw new TypeError(`${wrong} is not a processor architecture type`);
  return `(${architectures.map((one) => `${option}.hex == 0x${one.toString(16).padStart(4, '0')}`).join(' or ')})`;
}

const all = (tests: readonly string[]): string => tests.join(' and ');
