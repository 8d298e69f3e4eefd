/** The static entries of a configuration, each under what it is about: the order of lines means nothing. */
export type EosConfig = ReadonlyMap<string, string>;

export interface EosConfigLine {
  readonly vrf: string;
  readonly address: string;
  /** As configured: `0200.0000.0001`. */
  readonly mac: string;
  /** Only IPv6 entries name one. */
  readonly interface: string | undefined;
}

const macText = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/;
const ipv4Text = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Reads `arp [vrf V] A M arpa` and `ipv6 neighbor [vrf V] A I M`, or says at which word it is no command. */
export function parseConfigLine(line: string): EosConfigLine | { readonly badToken: number } {
  const words = line.split(' ');
  const isArp = words[0] === 'arp';
  if (!isArp && !(words[0] === 'ipv6' && words[1] === 'neighbor')) return { badToken: 0 };
  let at = isArp ? 1 : 2;
  let vrf = 'default';
  if (words[at] === 'vrf') {
    vrf = words[at + 1] ?? '';
    at += 2;
  }
  const address = words[at] ?? '';
  if (ipv4Text.test(address) !== isArp || (!isArp && !address.includes(':'))) return { badToken: at };
  const name = isArp ? undefined : words[++at];
  if (!isArp && !/^[A-Z][A-Za-z-]+[\d./]+$/.test(name ?? '')) return { badToken: at };
  const mac = words[++at] ?? '';
  if (!macText.test(mac)) return { badToken: at };
  if (isArp && words[++at] !== 'arpa') return { badToken: at };
  return words.length > at + 1 ? { badToken: at + 1 } : { vrf, address, mac, interface: name };
}

export function keyOf({ vrf, address, interface: name }: Omit<EosConfigLine, 'mac'>): string {
  return `${vrf} ${address} ${name ?? ''}`;
}

/** The configuration after one more line, or the word where it is no command. `no` takes the MAC or leaves it out. */
export function edited(config: EosConfig, line: string): EosConfig | { readonly badToken: number } {
  const isRemoval = line.startsWith('no ');
  const text = isRemoval ? line.slice(3) : line;
  // A removal may stop after what the entry is about.
  const whole = isRemoval && !/[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}/.test(text) ? `${text} 0000.0000.0001` : text;
  const parsed = parseConfigLine(
    isRemoval && whole.startsWith('arp ') && !whole.endsWith(' arpa') ? `${whole} arpa` : whole,
  );
  if ('badToken' in parsed) return { badToken: parsed.badToken + (isRemoval ? 1 : 0) };
  const next = new Map(config);
  if (isRemoval) next.delete(keyOf(parsed));
  else next.set(keyOf(parsed), text);
  return next;
}

/** A unified difference as `show session-config diffs` prints it; empty where there is none. */
export function diffText(running: EosConfig, session: EosConfig, name: string): string {
  const before = new Set(running.values());
  const after = new Set(session.values());
  const removed = [...before].filter((line) => !after.has(line));
  const added = [...after].filter((line) => !before.has(line));
  if (removed.length + added.length === 0) return '';
  const changes = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)];
  return [
    '--- system:/running-config',
    `+++ session:/${name}-session-config`,
    '@@ -12,7 +12,7 @@',
    ' !',
    ...changes,
    ' !',
    '',
  ].join('\n');
}
