import type { ValidationOptions } from 'class-validator';
import { type FieldKind, longestList } from '../contract.js';
import { ArrayMaxSize, IsArray, ValidateBy, ValidateIf } from './decorators.js';
import { parseCurrency } from './currency.js';
import {
  parseAddOnId,
  parseCustomerId,
  parseOrderId,
  parsePoolId,
  parsePort,
  parseServerId,
  parseSwitchName,
  parseVlan,
} from './identity.js';
import { spellInstant } from './instant.js';
import { isHostIpv4, isHostIpv6, isLinkLocal, parseAnyIpv6, parseIpv4, parseIpv6 } from './ip-address.js';
import { parseAnyMac, parseMac } from './mac-address.js';
import { delegatedLength, parseAnyPrefix, parseDelegatedPrefix, parseIpv6Prefix } from './prefix.js';

/** How a captured frame got its port. */
export type Attribution = 'interface' | 'vlan' | 'mac-table' | 'unknown';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
/** What a server speaks for with a MAC beside its own. */
export type MacPurpose = 'bond' | 'management' | 'vrrp' | 'other';
/** For whom a pool is: IPv4 add-ons, prefixes of servers, prefixes of customers. */
export type PoolPurpose = 'ipv4-add-on' | 'server-prefix' | 'customer-prefix';
/** How a server sold without a MAC gets one. */
export type Enrolment = 'first-seen';
/** What only billing says of a prefix. */
export type PrefixFact = 'Ipv6PrefixAssigned' | 'Ipv6PrefixReleased';
/** How far a renumbering is. */
export type RenumberingState = (typeof renumberingStates)[number];

export const renumberingStates = [
  'planned',
  'waiting-for-grant',
  'waiting-for-route',
  'both-live',
  'safe-to-remove',
  'waiting-for-release',
  'waiting-for-withdrawal',
  'finished',
  'waiting-for-return',
  'rolled-back',
  'waiting-for-old',
  'void',
] as const;

const oneOf =
  <const Choice extends string>(...choices: Choice[]) =>
  (value: unknown): Choice | undefined =>
    choices.find((choice) => choice === value);

const kind = <Value>(parse: (value: unknown) => Value | undefined, expected: string): FieldKind<Value> => ({
  parse,
  expected,
});

/** Intake reads an event and then holds it against its contract: the same value is asked for twice in a row. */
const remembering = <Value>(parse: (value: unknown) => Value | undefined): typeof parse => {
  let last: unknown;
  let answer: Value | undefined;
  return (value) => {
    if (value === last) return answer;
    answer = parse(value);
    last = value;
    return answer;
  };
};

const matching = (form: RegExp) => (value: unknown) =>
  typeof value === 'string' && form.test(value) ? value : undefined;

const text = (most: number) => (value: unknown) =>
  typeof value === 'string' && value.length >= 1 && value.length <= most && isPrintable(value) ? value : undefined;

// Controls, line and paragraph separators, and the marks that turn the reading direction would forge lines on a screen;
// half of a surrogate pair has no UTF-8, so its stored form could not be hashed (RFC 8785 section 3.2.2.2).
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** Nearly every text is plain ASCII, which is told at one look. */
function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) return !unprintable.test(text);
  }
  return true;
}

/** What a person wrote in their own words: lines and marks are theirs, and whoever shows it escapes them. */
const writing = (most: number) => (value: unknown) =>
  typeof value === 'string' && value.length >= 1 && value.length <= most && !/\p{Cs}/u.test(value) ? value : undefined;

/** Every kind of field the published language knows. Reading and the decorators below share these. */
export const field = {
  serverId: kind(
    parseServerId,
    'an opaque server id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two',
  ),
  customerId: kind(
    parseCustomerId,
    'an opaque customer id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two',
  ),
  addOnId: kind(parseAddOnId, 'an add-on id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two'),
  orderId: kind(parseOrderId, 'an order id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two'),
  poolId: kind(parsePoolId, 'a pool id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two'),
  poolPurpose: kind(
    oneOf('ipv4-add-on', 'server-prefix', 'customer-prefix'),
    'one of ipv4-add-on, server-prefix, customer-prefix',
  ),
  switchName: kind(parseSwitchName, 'a switch name: 1 to 63 of lower-case letters, digits, . _ -'),
  port: kind(parsePort, 'a port as switch:interface, such as leaf1:Ethernet16'),
  vlan: kind(parseVlan, 'a VLAN id from 1 to 4094'),
  mac: kind(remembering(parseMac), 'a unicast MAC address, such as 52:54:00:00:00:16'),
  ipv4: kind(
    remembering((value) => {
      const address = parseIpv4(value);
      return address !== undefined && isHostIpv4(address) ? address : undefined;
    }),
    'an IPv4 host address in dotted decimal without leading zeros',
  ),
  gatewayAddress: kind((value) => {
    const v4 = parseIpv4(value);
    if (v4 !== undefined) return isHostIpv4(v4) ? v4 : undefined;
    const v6 = parseIpv6(value);
    return v6 !== undefined && isHostIpv6(v6) ? v6 : undefined;
  }, 'an IPv4 or IPv6 host address without a zone'),
  linkLocal: kind((value) => {
    const address = parseIpv6(value);
    return address !== undefined && isLinkLocal(address) && address !== 'fe80::' ? address : undefined;
  }, 'an address in fe80::/64'),
  prefix: kind(remembering(parseIpv6Prefix), 'a global IPv6 prefix without host bits, such as 2001:db8:16::/48'),
  delegatedPrefix: kind(
    parseDelegatedPrefix,
    'a global IPv6 prefix from /36 to /64 without host bits, such as 2001:db8:16::/48',
  ),
  delegatedLength: kind(delegatedLength, 'a prefix length, a whole number from 36 to 64'),
  anyPrefix: kind(parseAnyPrefix, 'an IPv4 or global IPv6 prefix without host bits, such as 198.51.100.0/24'),
  macPurpose: kind(oneOf('bond', 'management', 'vrrp', 'other'), 'one of bond, management, vrrp, other'),
  enrolment: kind(oneOf('first-seen'), 'first-seen'),
  ruleName: kind(
    matching(/^[a-z][a-z0-9-]{0,62}$/),
    'the name of a rule: 1 to 63 of lower-case letters, digits and hyphens, starting with a letter',
  ),
  exceptionId: kind(
    matching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
    'an exception id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two',
  ),
  muteId: kind(
    matching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
    'a mute id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two',
  ),
  renumberingId: kind(
    matching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/),
    'a renumbering id: 1 to 64 of letters, digits, . _ : -, starting with one of the first two',
  ),
  renumberingState: kind(oneOf(...renumberingStates), `one of ${renumberingStates.join(', ')}`),
  prefixFact: kind(oneOf('Ipv6PrefixAssigned', 'Ipv6PrefixReleased'), 'one of Ipv6PrefixAssigned, Ipv6PrefixReleased'),
  siteName: kind(matching(/^[A-Za-z0-9._-]{1,63}$/), 'a site name: 1 to 63 of letters, digits, . _ -'),
  sha256: kind(matching(/^[0-9a-f]{64}$/), 'a SHA-256 digest: 64 lower-case hexadecimal digits'),
  flag: kind((value) => (typeof value === 'boolean' ? value : undefined), 'true or false'),
  basis: kind(text(4_000), 'a text of 1 to 4000 characters without control characters'),
  reason: kind(text(500), 'a text of 1 to 500 characters without control characters'),
  comment: kind(writing(2_000), 'a text of 1 to 2000 characters'),
  url: kind(matching(/^https?:\/\/[!-~]{1,990}$/), 'an http or https URL of at most 990 characters after its scheme'),
  evidenceLink: kind(
    matching(/^(?:https?:\/\/|\/(?!\/))[!-~]{1,990}$/),
    'an http or https URL, or a path of this engine that starts with /',
  ),
  text: kind(text(256), 'a text of 1 to 256 characters without control characters'),
  journalText: kind(text(300), 'a text of 1 to 300 characters without control characters'),
  localDay: kind(matching(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/), 'a day, such as 2026-03-29'),
  instant: kind(spellInstant, 'an RFC 3339 instant'),
  minorUnits: kind(
    (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined),
    'a whole number of minor currency units, 0 or more',
  ),
  currency: kind(parseCurrency, 'an ISO 4217 currency code, such as EUR'),
  readOutcome: kind(oneOf('answered', 'not-found', 'refused', 'failed'), 'one of answered, not-found, refused, failed'),
  signInKind: kind(oneOf('local', 'oidc'), 'one of local, oidc'),
  entryChange: kind(oneOf('added', 'changed', 'removed'), 'one of added, changed, removed'),
  severity: kind(oneOf('low', 'medium', 'high', 'critical'), 'one of low, medium, high, critical'),
  attribution: kind(oneOf('interface', 'vlan', 'mac-table', 'unknown'), 'one of interface, vlan, mac-table, unknown'),
  frameMac: kind(parseAnyMac, 'a MAC address as a frame carried it'),
  frameAddress: kind((value) => parseIpv4(value) ?? parseAnyIpv6(value), 'an IP address as a frame carried it'),
  count: kind(
    (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined),
    'a whole number, 0 or more',
  ),
} as const;

/** Property decorator: the value must be of the kind. */
export function Is(expectedKind: FieldKind<unknown>, options: ValidationOptions = {}): PropertyDecorator {
  return ValidateBy(
    {
      name: 'is',
      validator: {
        validate: (value: unknown) => expectedKind.parse(value) !== undefined,
        defaultMessage: () => `${options.each ? 'each of ' : ''}$property must be ${expectedKind.expected}`,
      },
    },
    options,
  );
}

/** Property decorator: a list of at most `most` values, each of the kind. */
export function ListOf(expectedKind: FieldKind<unknown>, most: number = longestList): PropertyDecorator {
  return (owner, property) => {
    IsArray()(owner, property);
    ArrayMaxSize(most)(owner, property);
    Is(expectedKind, { each: true })(owner, property);
  };
}

/** Property decorator: the field may be absent; `null` is not absent. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_owner: unknown, value: unknown) => value !== undefined);
}
