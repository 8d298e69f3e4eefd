import { isLinkLocal, parseIpv6 } from '../../../events/index.js';
import { readStampLine, stampLine } from '../stamp-line.js';
import type { DeviceStamp } from '../switch/switch.port.js';
import type { Advertised } from './ra.port.js';

/** An interface as radvd can be told it: letters first, for it reads digits as a number. */
export const isNamedInterface = (name: string): boolean => /^[A-Za-z][A-Za-z0-9._-]{0,14}$/.test(name);

/** What our file says. */
export interface RadvdFile {
  readonly advertised: ReadonlyMap<string, Advertised>;
  /** False where the text is not exactly what we write. */
  readonly intact: boolean;
  /** True while the daemon has not proved that it loaded it. */
  readonly pending: boolean;
  readonly stamp: DeviceStamp | undefined;
}

const explanation =
  '# Written by portledger and replaced whole: what is changed here by hand is put back.\n# Interfaces of your own belong into the file of a radvd of their own.\n';
/** radvd ends where its file names no interface at all. */
const nothing = 'interface lo\n{\n  AdvSendAdvert off;\n  IgnoreIfMissing on;\n};\n';
/** Seconds; three times the longest pause between two advertisements (RFC 4861 section 6.2.1). */
const routerLifetime = 1800;

/**
 * The whole configuration file of radvd. Throws a TypeError where a value is not what its type says.
 * `AdvRASolicitedUnicast off`: an answer to one machine alone would need its neighbour entry, and the gateway asks nobody;
 * machines solicit from link-local addresses that stand in no entry (RFC 7217).
 */
export function renderRadvd(advertised: readonly Advertised[], stamp: DeviceStamp, pending: boolean): string {
  const blocks = [...advertised].sort(byName).map(renderInterface);
  return `${stampLine(stamp, pending)}${explanation}${blocks.length === 0 ? nothing : blocks.join('')}`;
}

function renderInterface({ interface: name, router }: Advertised): string {
  if (!isNamedInterface(name)) throw new TypeError(`"${name}" is no interface that radvd can be told`);
  const parsed = parseIpv6(router);
  if (parsed === undefined || !isLinkLocal(parsed)) throw new TypeError(`"${router}" is not in fe80::/64`);
  const options = [
    'AdvSendAdvert on',
    'IgnoreIfMissing on',
    'AdvManagedFlag on',
    'AdvOtherConfigFlag on',
    `AdvDefaultLifetime ${routerLifetime}`,
    `MinRtrAdvInterval ${routerLifetime / 9}`,
    `MaxRtrAdvInterval ${routerLifetime / 3}`,
    'AdvRASolicitedUnicast off',
    `AdvRASrcAddress { ${parsed}; }`,
  ];
  return `interface ${name}\n{\n${options.map((option) => `  ${option};\n`).join('')}};\n`;
}

const block = /^interface (\S+)\n\{\n(?: {2}[^\n]*\n)*? {2}AdvRASrcAddress \{ (\S+); \};\n\};$/gm;

/** Reads such a file back. A text that carries no stamp of ours says nothing that counts. */
export function parseRadvd(text: string): RadvdFile {
  const first = readStampLine(text.slice(0, text.indexOf('\n')));
  if (first === undefined) return { advertised: new Map(), intact: false, pending: false, stamp: undefined };
  const advertised = new Map<string, Advertised>();
  for (const [, name = '', source] of text.matchAll(block)) {
    const router = parseIpv6(source);
    if (router !== undefined && isLinkLocal(router) && isNamedInterface(name))
      advertised.set(name, { interface: name, router });
  }
  const intact = renderRadvd([...advertised.values()], first.stamp, first.pending) === text;
  return { advertised, intact, ...first };
}

function byName(one: Advertised, other: Advertised): number {
  return one.interface < other.interface ? -1 : one.interface > other.interface ? 1 : 0;
}
