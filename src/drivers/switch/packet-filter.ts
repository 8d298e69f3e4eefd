import type { Solicit } from './preflight.port.js';

/** A rule that drops the questions of a family on their way out of an interface, in the answer to `nft -j list ruleset`. */
export interface DroppedQuestions {
  readonly family: Solicit['family'];
  /** `table ip6 lab, chain out`. */
  readonly by: string;
}

interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
}
type Statement = Readonly<Record<string, unknown>>;

const record = (value: unknown): Statement | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Statement) : undefined;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads only what it is sure of: a rule of an output chain that matches nothing but the interface and the question, and drops.
 * Rules before it that accept are not followed, so what it finds should be the first rule there.
 */
export function droppedQuestions(json: unknown, interfaceName: string): DroppedQuestions[] {
  const items = listOf(record(json)?.['nftables']).map(record);
  const outputs = items.flatMap((item) => {
    const chain = record(item?.['chain']);
    const { family, table, name, hook } = chain ?? {};
    return hook === 'output' ? [{ family: text(family), table: text(table), name: text(name) }] : [];
  });
  const found: DroppedQuestions[] = [];
  for (const chain of outputs) {
    for (const item of items) {
      const rule = record(item?.['rule']);
      if (rule === undefined || !isIn(rule, chain)) continue;
      const family = familyDropped(listOf(rule['expr']), chain.family, interfaceName);
      if (family !== undefined) found.push({ family, by: `table ${chain.family} ${chain.table}, chain ${chain.name}` });
    }
  }
  return found;
}

function isIn(rule: Statement, chain: Chain): boolean {
  return rule['family'] === chain.family && rule['table'] === chain.table && rule['chain'] === chain.name;
}

function familyDropped(
  statements: readonly unknown[],
  chainFamily: string,
  name: string,
): Solicit['family'] | undefined {
  let family: Solicit['family'] | undefined;
  for (const statement of statements.map(record)) {
    if (statement === undefined) return undefined;
    if ('drop' in statement) return family;
    if ('counter' in statement || 'comment' in statement) continue;
    const match = record(statement['match']);
    if (match === undefined || (match['op'] !== '==' && match['op'] !== 'in')) return undefined;
    const left = record(match['left']);
    const payload = record(left?.['payload']);
    const values = valuesOf(match['right']);
    if (record(left?.['meta'])?.['key'] === 'oifname') {
      if (!values.some((one) => covers(one, name))) return undefined;
    } else if (isPayload(payload, 'icmpv6', 'type') && values.includes('nd-neighbor-solicit')) family = 'ipv6';
    else if (isPayload(payload, 'arp', 'operation') && values.includes('request') && chainFamily === 'arp')
      family = 'ipv4';
    else return undefined;
  }
  return undefined;
}

function isPayload(payload: Statement | undefined, protocol: string, field: string): boolean {
  return payload?.['protocol'] === protocol && payload['field'] === field;
}

function valuesOf(right: unknown): string[] {
  const set = record(right)?.['set'];
  return (set === undefined ? [right] : listOf(set)).map(text);
}

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
