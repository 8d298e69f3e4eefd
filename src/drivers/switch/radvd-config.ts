/**
 * The prefixes that radvd would announce on-link on an interface, from its configuration (radvd.conf(5)):
 * `AdvSendAdvert` is off and `AdvOnLink` is on unless the file says otherwise.
 */
export function radvdOnLink(config: string, interfaceName: string): string[] {
  const words: readonly string[] = config.replace(/#[^\n]*/g, '').match(/[{};]|[^\s{};]+/g) ?? [];
  const prefixes: string[] = [];
  for (let at = 0; at < words.length; at++) {
    if (words[at] !== 'interface') continue;
    const open = words.indexOf('{', at);
    if (open < 0) break;
    const isNamed = words.slice(at + 1, open).includes(interfaceName);
    const { end, prefixes: found, sends } = readInterface(words, open);
    if (isNamed && sends) prefixes.push(...found);
    at = end;
  }
  return prefixes;
}

function readInterface(
  words: readonly string[],
  open: number,
): { end: number; sends: boolean; prefixes: readonly string[] } {
  const prefixes = new Map<string, boolean>();
  let sends = false;
  let depth = 1;
  let prefix: string | undefined;
  let at = open + 1;
  for (; at < words.length && depth > 0; at++) {
    const word = words[at];
    if (word === '{') depth++;
    else if (word === '}') depth--;
    if (depth === 1 && word === 'AdvSendAdvert') sends = words[at + 1] === 'on';
    else if (depth === 1 && word === 'prefix') prefixes.set((prefix = words[at + 1] ?? ''), true);
    else if (depth === 2 && word === 'AdvOnLink' && prefix !== undefined) prefixes.set(prefix, words[at + 1] === 'on');
  }
  return { end: at - 1, sends, prefixes: [...prefixes].flatMap(([name, onLink]) => (onLink ? [name] : [])) };
}
