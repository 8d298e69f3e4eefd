import type { PortGuard } from './guard.port.js';
import { elementsOf, quoted } from './nft-elements.js';
import { grantSets, ownSets, portChain, portRules, priority, table } from './nft-rules.js';
import type { NftTable } from './nft-tables.js';

/** The longest list of elements in one line. */
const elementsALine = 500;

/** A port as it is to be; where it is not to be attached its elements stay and no chain is made for it. */
export type PortToBe = PortGuard & { readonly attached: boolean };

/**
 * What `nft -f` takes to bring our table from what it is to what it is to be, all at one stroke.
 * Where only grants differ, only their elements change; otherwise the table is made anew in the same transaction.
 * Throws a TypeError where a value is not what its type says. Empty where nothing is to be done.
 */
export function transactionOf(
  before: NftTable | undefined,
  after: ReadonlyMap<string, PortToBe>,
  shared: ReadonlyMap<string, string[]>,
): string {
  if (before?.intact !== true) return wholeTable(before !== undefined, after, shared);
  const lines: string[] = [];
  const [gone, come] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const note = (lists: Map<string, string[]>, set: string, text: string): void => {
    const list = lists.get(set);
    if (list === undefined) lists.set(set, [text]);
    else list.push(text);
  };
  for (const name of new Set([...before.ports.keys(), ...after.keys()])) {
    const [held, wanted] = [before.ports.get(name), after.get(name)];
    const old = held === undefined ? [] : elementsOf(held);
    const fresh = wanted === undefined ? [] : elementsOf(wanted);
    const [oldKeys, freshKeys] = [new Set(old.map(keyOf)), new Set(fresh.map(keyOf))];
    for (const element of old) if (!freshKeys.has(keyOf(element))) note(gone, element.set, element.text);
    for (const element of fresh) if (!oldKeys.has(keyOf(element))) note(come, element.set, element.text);
    if (wanted?.attached === true && held?.attached !== true) lines.push(...chainOf(name));
    if (wanted === undefined && held?.attached === true) lines.push(`delete chain ${table} ${portChain(name)}`);
  }
  return script([...elementLines('delete', gone), ...elementLines('add', come), ...lines]);
}

function wholeTable(
  stands: boolean,
  after: ReadonlyMap<string, PortToBe>,
  shared: ReadonlyMap<string, string[]>,
): string {
  const elements = new Map<string, string[]>(Object.keys(grantSets).map((name) => [name, []]));
  for (const port of after.values()) for (const { set, text } of elementsOf(port)) elements.get(set)?.push(text);
  return script([
    ...(stands ? [`delete table ${table}`] : []),
    `add table ${table}`,
    ...Object.entries({ ...grantSets, ...ownSets }).map(([name, shape]) => setLine(name, shape)),
    ...[...shared.keys()].map((chain) => `add chain ${table} ${chain}`),
    ...[...shared].flatMap(([chain, rules]) => rules.map((rule) => `add rule ${table} ${chain} ${rule}`)),
    ...elementLines('add', elements),
    ...[...after.values()].filter((port) => port.attached).flatMap((port) => chainOf(port.interface)),
  ]);
}

function setLine(
  name: string,
  shape: { readonly type: string; readonly flags?: string; readonly size?: number },
): string {
  const { type, flags, size } = shape;
  const more = [size === undefined ? '' : ` size ${size};`, flags === undefined ? '' : ` flags ${flags};`].join('');
  return `add set ${table} ${name} { ${type};${more} }`;
}

/** A base chain is attached where its interface exists, and its interface is one of ours. */
function chainOf(name: string): string[] {
  const chain = `${table} ${portChain(name)}`;
  return [
    `add chain ${chain} { type filter hook ingress device ${quoted(name)} priority ${priority}; policy accept; }`,
    `flush chain ${chain}`,
    ...portRules.map((rule) => `add rule ${chain} ${rule}`),
  ];
}

function elementLines(verb: 'add' | 'delete', lists: ReadonlyMap<string, readonly string[]>): string[] {
  return [...lists].flatMap(([set, texts]) => {
    const lines: string[] = [];
    for (let at = 0; at < texts.length; at += elementsALine)
      lines.push(`${verb} element ${table} ${set} { ${texts.slice(at, at + elementsALine).join(', ')} }`);
    return lines;
  });
}

const keyOf = ({ set, text }: { readonly set: string; readonly text: string }): string => `${set} ${text}`;
const script = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);
