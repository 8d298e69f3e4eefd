import { readdir, readFile, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { configFileOf } from '../ra/radvd-process.js';
import { radvdOnLink } from './radvd-config.js';
import type { Fact } from './preflight.port.js';

/** A program that holds a raw ICMPv6 socket: only such a one can send router advertisements. */
interface Announcer {
  readonly pid: string;
  readonly program: string;
  /** Text and path of its configuration where we know how to read that. */
  readonly radvd: { readonly path: string; readonly config: string } | undefined;
}

const icmpv6 = 58;
/** These hold the socket to ask or to listen, and never advertise. BIRD is left to the driver that reads its configuration. */
const silent: ReadonlySet<string> = new Set([
  ...['bird', 'ping', 'ping6', 'fping', 'fping6', 'traceroute', 'traceroute6', 'mtr-packet'],
  ...['ndisc6', 'rdisc6', 'NetworkManager', 'dhcpcd', 'rtsold'],
]);

/** Inodes of the raw ICMPv6 sockets in `/proc/net/raw6`; the protocol stands where other tables have the port. */
export function rawIcmpv6Inodes(table: string): string[] {
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const protocol = /:([0-9A-F]{4})$/.exec(columns[1] ?? '')?.[1];
    return protocol !== undefined && parseInt(protocol, 16) === icmpv6 ? (columns[9] ?? []) : [];
  });
}

/** What the programs behind these sockets announce on-link on an interface. Asks /proc of this machine. */
export async function readAnnouncers(inodes: readonly string[]): Promise<Fact<readonly Announcer[]>> {
  if (inodes.length === 0) return { known: [] };
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const announcers: Announcer[] = [];
  const found = new Set<string>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (!links.has(link) || found.has(link)) continue;
      found.add(link);
      announcers.push(await announcer(pid));
    }
  }
  if ([...links].some((link) => !found.has(link)))
    return { unknown: 'a program that we may not look at holds a raw ICMPv6 socket; run as root to see which' };
  return { known: announcers };
}

async function announcer(pid: string): Promise<Announcer> {
  const program = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program that has just ended')).trim();
  if (program !== 'radvd') return { pid, program, radvd: undefined };
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const path = configFileOf(words);
  const below = isAbsolute(path) ? `/proc/${pid}/root` : `/proc/${pid}/cwd`;
  const config = await readFile(join(below, path), 'utf8').catch(() => undefined);
  return { pid, program, radvd: config === undefined ? undefined : { path, config } };
}

/** The on-link announcements of these programs on one interface. */
export function announcedOnLink(
  announcers: Fact<readonly Announcer[]>,
  interfaceName: string,
): Fact<readonly string[]> {
  if ('unknown' in announcers) return announcers;
  const announced: string[] = [];
  for (const { program, pid, radvd } of announcers.known) {
    if (radvd !== undefined)
      announced.push(
        ...radvdOnLink(radvd.config, interfaceName).map((one) => `${one} by radvd (pid ${pid}, ${radvd.path})`),
      );
    else if (!silent.has(program)) {
      const why = `${program} (pid ${pid}) may send router advertisements, and its settings cannot be read`;
      return { unknown: why };
    }
  }
  return { known: announced };
}
