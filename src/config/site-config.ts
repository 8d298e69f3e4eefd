import { ipv4Number, parseIpv4, parseIpv6Prefix } from '../../events/index.js';
import { Expect, Optional } from './shape.js';

const wholeNumber =
  (least: number, most: number) =>
  (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const listOf =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(check);

/** Site names stand in reasons and alerts: letters, digits, `. _ -`, at most 63. */
export const siteName = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value);

export const communityList = 'a list of communities, such as ["64512:100", "64512:1:2"]';
export const isCommunityList = listOf(isCommunity);

/** A place whose gateways announce to the same neighbours. */
export class SiteConfig {
  @Expect('a site name: letters, digits, . _ -, at most 63', siteName)
  name!: string;
  /** False: what moves here is stored and withheld, with the reason; nothing is pushed for it. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  enabled = true;
  /** True: the site begins in survey; findings are kept and not alerted until an operator ends it. */
  @Expect('true or false', (value) => typeof value === 'boolean')
  survey = false;
  /** Pools that servers of the site are sold from: each gateway needs an unreachable or blackhole route for each. */
  @Expect(
    'a list of prefixes without host bits, such as ["2001:db8::/32", "198.51.100.0/24"]',
    listOf((value) => parseAggregate(value) !== undefined),
  )
  aggregates: string[] = [];
  /**
   * How two IPv4 servers of one subnet reach each other: `host-route`, each has a /32 and asks for the gateway only;
   * `proxy-arp`, the gateway answers for the others.
   */
  @Expect('host-route or proxy-arp', (value) => value === 'host-route' || value === 'proxy-arp')
  sameSubnet: 'host-route' | 'proxy-arp' = 'host-route';
  /** The AS that this site announces to. MEDs of two sites are compared only where it is the same (RFC 4271 section 5.1.4). */
  @Optional()
  @Expect('an AS number from 1 to 4294967294', wholeNumber(1, 4_294_967_294))
  neighbourAs?: number;
  /** BGP hold time agreed with those neighbours: so long they keep the routes of a gateway that died (RFC 4271 section 4.2). */
  @Expect('a whole number of seconds from 3 to 65535', wholeNumber(3, 65_535))
  holdTimeSeconds = 90;
  /** MED of what is announced here, where a device names none of its own. */
  @Optional()
  @Expect('a whole number from 0 to 4294967295', wholeNumber(0, 4_294_967_295))
  med?: number;
  /** Communities put on every route announced here: `64512:100` (RFC 1997), `64512:1:2` (RFC 8092). */
  @Expect(communityList, isCommunityList)
  communities: string[] = [];
}

/** A pair of sites between which a server moves by being announced at the new one first. */
export class OverlapConfig {
  @Expect('a site name', siteName)
  from!: string;
  @Expect('a site name', siteName)
  to!: string;
}

/** One block of addresses in canonical spelling. */
export interface Aggregate {
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: string;
}

/** Reads `198.51.100.0/24` or a prefix that can be sold; undefined for anything else, and for IPv4 blocks larger than /8. */
export function parseAggregate(text: unknown): Aggregate | undefined {
  const v6 = parseIpv6Prefix(text);
  if (v6 !== undefined) return { family: 'ipv6', prefix: v6 };
  const [, network, bits] = typeof text === 'string' ? (/^([0-9.]+)\/([1-9][0-9]?)$/.exec(text) ?? []) : [];
  const address = parseIpv4(network);
  const length = Number(bits);
  if (address === undefined || length < 8 || length > 32) return undefined;
  const size = 2 ** (32 - length);
  if (ipv4Number(address) % size !== 0) return undefined;
  return { family: 'ipv4', prefix: `${address}/${length}` };
}

function isCommunity(value: unknown): boolean {
  if (typeof value !== 'string' || !/^(0|[1-9][0-9]*)(:(0|[1-9][0-9]*)){1,2}$/.test(value)) return false;
  const parts = value.split(':').map(Number);
  return parts.every((part) => part <= (parts.length === 2 ? 65_535 : 4_294_967_295));
}
