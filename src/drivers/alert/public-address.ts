import { BlockList, isIP } from 'node:net';

/**
 * Addresses that no stranger's URL may lead to: the special-purpose registries of IANA (RFC 6890 and after), and every form of
 * IPv6 that carries an IPv4 address which somebody else unwraps (mapped, compatible, NAT64, 6to4, Teredo).
 */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** Within 2000::/3; everything outside it is special anyway. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = listOf(special4);
const global6 = listOf(['2000::/3']);
const notGlobal6 = listOf(special6);

/** Which internal networks an operator lets a destination be in: prefixes as configured, such as `10.1.0.0/16`. */
export function listOf(prefixes: readonly string[]): BlockList {
  const list = new BlockList();
  for (const prefix of prefixes) {
    const [network = '', bits] = prefix.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

/** Whether an address is in a list of its own family: an IPv4 network does not let its mapped form in. */
export function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4') && !(family === 6 && isMapped(address));
}

/** Whether anybody on the internet may be found at this address. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && global6.check(address, 'ipv6') && !notGlobal6.check(address, 'ipv6');
}

const mapped = listOf(['::ffff:0:0/96']);

/** A BlockList takes a mapped address for the IPv4 one in it. */
function isMapped(address: string): boolean {
  return mapped.check(address, 'ipv6');
}
