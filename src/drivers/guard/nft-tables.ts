import {
  formatIpv6,
  type Ipv6Prefix,
  type Ipv6Words,
  parseIpv4,
  parseIpv6,
  parseIpv6Prefix,
  parseMac,
} from '../../../events/index.js';
import { type Counted, guardKinds, type HeldPort, type PortCounts } from './guard.port.js';
import { elementsOf, isInterfaceName } from './nft-elements.js';
import { ruleText } from './nft-rule-text.js';
import { type GrantSet, grantSets, hitSet, interfaceOfChain, ownSets, portRules } from './nft-rules.js';

/** Our table as the kernel holds it. */
export interface NftTable {
  readonly ports: ReadonlyMap<string, HeldPort>;
  readonly counts: ReadonlyMap<string, PortCounts>;
  /** Whether all that is no element is exactly what the rules say: nothing lacks, nothing is there besides. */
  readonly intact: boolean;
}

/** The interface of each base chain of our table, from `nft list chains netdev`: its JSON does not tell before nft 1.0.7. */
export function hooksOf(text: string): Map<string, string> {
  const hooks = new Map<string, string>();
  let [inOurs, chain] = [false, ''];
  for (const line of text.split('\n')) {
    const table = /^table netdev (\S+) \{/.exec(line)?.[1];
    if (table !== undefined) inOurs = table === 'portledger_guard';
    chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
    const hook = /^\t\ttype filter hook ingress device "([^"]+)" priority (?:filter )?-\s?500; policy accept;/.exec(
      line,
    );
    if (inOurs && hook?.[1] !== undefined) hooks.set(chain, hook[1]);
  }
  return hooks;
}

/**
 * Reads `nft -j -p list table netdev portledger_guard`.
 * @param shared the rules that all ports share, as they should be
 * @throws TypeError where the text is no such list
 */
export function tableOf(
  text: string,
  hooks: ReadonlyMap<string, string>,
  shared: ReadonlyMap<string, string[]>,
): NftTable {
  const found = sorted(text);
  const ports = new Map<string, Draft>();
  const draftOf = (name: string): Draft => {
    const known = ports.get(name) ?? newDraft(name);
    ports.set(name, known);
    return known;
  };
  let intact = found.strange === 0 && sharedAreIntact(found, shared);
  for (const [name, set] of Object.entries(grantSets)) {
    const elements = found.sets.get(name);
    if (elements === undefined || found.types.get(name) !== jsonType(set.type)) intact = false;
    for (const element of elements ?? []) if (!take(name as GrantSet, element, draftOf)) intact = false;
  }
  const seen = new Map<string, Counted>();
  for (const [chain, rules] of found.chains) {
    const name = interfaceOfChain(chain);
    if (name === undefined) continue;
    const whole = rules.length === portRules.length && rules.every((rule, index) => rule.text === portRules[index]);
    const attached = whole && hooks.get(chain) === name;
    if (!attached) intact = false; // a chain cannot be given another hook: the table is made anew
    draftOf(name).attached = attached;
    const counter = rules[0]?.counter;
    if (counter !== undefined) seen.set(name, counter);
  }
  const held = new Map<string, HeldPort>();
  for (const [name, draft] of ports) {
    if (!isInterfaceName(name)) {
      intact = false;
      continue;
    }
    const port = portOf(draft);
    held.set(name, port);
    // What the sets hold of a port must be what rendering it would make: the target set says the same as the address set.
    if (elementsOf(port).length !== draft.elements) intact = false;
  }
  return { ports: held, counts: countsOf(found, seen), intact };
}

interface FoundRule {
  readonly text: string | undefined;
  readonly counter: Counted | undefined;
}

interface Found {
  readonly chains: Map<string, FoundRule[]>;
  readonly sets: Map<string, readonly unknown[]>;
  readonly types: Map<string, string>;
  /** Objects that no table of ours has. */
  strange: number;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function sorted(text: string): Found {
  const json = JSON.parse(text) as unknown;
  const list = isObject(json) ? json['nftables'] : undefined;
  if (!Array.isArray(list)) throw new TypeError('expected a list under "nftables"');
  const found: Found = { chains: new Map(), sets: new Map(), types: new Map(), strange: 0 };
  for (const entry of list as unknown[]) {
    if (!isObject(entry)) continue;
    const { table, chain, rule, set, metainfo } = entry;
    if (isObject(chain) && typeof chain['name'] === 'string') found.chains.set(chain['name'], []);
    else if (isObject(rule) && typeof rule['chain'] === 'string') {
      found.chains.get(rule['chain'])?.push({ text: ruleText(rule['expr']), counter: counterOf(rule['expr']) });
    } else if (isObject(set) && typeof set['name'] === 'string') {
      found.sets.set(set['name'], Array.isArray(set['elem']) ? (set['elem'] as unknown[]) : []);
      found.types.set(set['name'], JSON.stringify(set['type']));
    } else if (table === undefined && metainfo === undefined) found.strange++;
  }
  return found;
}

function sharedAreIntact({ chains, sets }: Found, shared: ReadonlyMap<string, string[]>): boolean {
  for (const [name, rules] of shared) {
    const held = chains.get(name);
    if (held === undefined || held.length !== rules.length) return false;
    if (!held.every(({ text }, index) => text === rules[index])) return false;
  }
  const knownChain = (name: string): boolean => shared.has(name) || interfaceOfChain(name) !== undefined;
  const knownSet = (name: string): boolean => Object.hasOwn(grantSets, name) || Object.hasOwn(ownSets, name);
  return (
    Object.keys(ownSets).every((name) => sets.has(name)) &&
    [...chains.keys()].every(knownChain) &&
    [...sets.keys()].every(knownSet)
  );
}

/** The JSON of a type as it is declared: nft shows the target of an advertisement as an integer. */
function jsonType(declared: string): string {
  const parts = declared
    .replace(/^type(of)? /, '')
    .split(' . ')
    .map((part) => (part === 'iifname' ? 'ifname' : part.startsWith('@') ? 'integer' : part));
  return JSON.stringify(parts.length === 1 ? parts[0] : parts);
}

interface Draft {
  readonly name: string;
  attached: boolean;
  closed: boolean;
  dropping: boolean;
  /** How many elements of our sets name the port. */
  elements: number;
  readonly macs: HeldPort['macs'][number][];
  readonly ipv4: HeldPort['ipv4'][number][];
  readonly prefixes: HeldPort['prefixes'][number][];
  readonly gatewayMacs: HeldPort['gatewayMacs'][number][];
  readonly gatewayIpv4: HeldPort['gatewayIpv4'][number][];
  readonly gatewayIpv6: HeldPort['gatewayIpv6'][number][];
  readonly targets: string[];
}

function newDraft(name: string): Draft {
  const lists = { macs: [], ipv4: [], prefixes: [], gatewayMacs: [], gatewayIpv4: [], gatewayIpv6: [], targets: [] };
  return { name, attached: false, closed: false, dropping: false, elements: 0, ...lists };
}

function portOf(draft: Draft): HeldPort {
  const { name, attached, closed, dropping, macs, ipv4, prefixes, gatewayMacs, gatewayIpv4, gatewayIpv6 } = draft;
  const targets = new Set(draft.targets);
  return {
    interface: name,
    mode: dropping ? 'drop' : 'count',
    closed,
    attached,
    macs: macs.sort(),
    ipv4: ipv4.sort(),
    prefixes: prefixes.sort(),
    gatewayMacs: gatewayMacs.sort(),
    gatewayIpv4: gatewayIpv4.sort(),
    // An address that only one of the two sets knows is not guarded: it is not held.
    gatewayIpv6: gatewayIpv6.filter((address) => targets.has(address)).sort(),
  };
}

/** Notes what an element grants; false where it is none of ours. */
function take(set: GrantSet, element: unknown, draftOf: (name: string) => Draft): boolean {
  const parts = isObject(element) && Array.isArray(element['concat']) ? (element['concat'] as unknown[]) : [element];
  const [name, value] = parts;
  if (typeof name !== 'string') return false;
  const draft = draftOf(name);
  draft.elements++;
  const keep = <Value>(list: Value[], parsed: Value | undefined): boolean => {
    if (parsed === undefined) return false;
    list.push(parsed);
    return true;
  };
  switch (set) {
    case 'closed':
      return (draft.closed = true);
    case 'dropping':
      return (draft.dropping = true);
    case 'bound_mac':
      return keep(draft.macs, parseMac(value));
    case 'sold_ip4':
      return keep(draft.ipv4, parseIpv4(value));
    case 'sold_ip6':
      return keep(draft.prefixes, prefixOf(value));
    case 'gateway_mac':
      return keep(draft.gatewayMacs, parseMac(value));
    case 'gateway_ip4':
      return keep(draft.gatewayIpv4, parseIpv4(value));
    case 'gateway_ip6':
      return keep(draft.gatewayIpv6, parseIpv6(value));
    case 'gateway_target':
      return keep(draft.targets, addressOfBits(value));
  }
}

function prefixOf(value: unknown): Ipv6Prefix | undefined {
  if (typeof value === 'string') return parseIpv6Prefix(`${value}/128`);
  const prefix = isObject(value) ? value['prefix'] : undefined;
  return isObject(prefix) ? parseIpv6Prefix(`${String(prefix['addr'])}/${String(prefix['len'])}`) : undefined;
}

function addressOfBits(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,32}$/.test(value)) return undefined;
  const digits = value.slice(2).padStart(32, '0');
  const word = (index: number): number => Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16);
  const words: Ipv6Words = [word(0), word(1), word(2), word(3)];
  return formatIpv6(words);
}

function countsOf({ sets }: Found, seen: ReadonlyMap<string, Counted>): Map<string, PortCounts> {
  const counts = new Map<string, { seen: Counted; hits: Record<string, Counted> }>();
  for (const [name, counter] of seen) counts.set(name, { seen: counter, hits: {} });
  for (const kind of guardKinds) {
    for (const element of sets.get(hitSet(kind)) ?? []) {
      const inner = isObject(element) && isObject(element['elem']) ? element['elem'] : undefined;
      const [name, counter] = [inner?.['val'], countedOf(inner?.['counter'])];
      if (typeof name !== 'string' || counter === undefined) continue;
      const known = counts.get(name) ?? { seen: { frames: 0, bytes: 0 }, hits: {} };
      counts.set(name, known);
      known.hits[kind] = counter;
    }
  }
  return counts;
}

function counterOf(expressions: unknown): Counted | undefined {
  const first: unknown = Array.isArray(expressions) ? expressions[0] : undefined;
  return isObject(first) ? countedOf(first['counter']) : undefined;
}

function countedOf(value: unknown): Counted | undefined {
  if (!isObject(value)) return undefined;
  const { packets, bytes } = value;
  return typeof packets === 'number' && typeof bytes === 'number' ? { frames: packets, bytes } : undefined;
}
