import { statSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A radvd that runs, told apart from a later process of the same number by when it started. */
export interface RadvdProcess {
  readonly pid: number;
  /** Clock ticks since the box started. */
  readonly started: string;
  /** The file it was told to read, as its command line says; absolute. */
  readonly configFile: string;
  /** Which network namespace it serves. */
  readonly namespace: string;
}

/** The file that a radvd reads, by the words of its command line. */
export function configFileOf(words: readonly string[]): string {
  const option = words.findIndex((word) => word === '-C' || word === '--config');
  const named = option < 0 ? words.find((word) => word.startsWith('--config='))?.slice(9) : words[option + 1];
  return named ?? '/etc/radvd.conf';
}

/** The radvd that a pid file names; undefined where there is no file, or nothing of that name runs by its number. */
export async function findRadvd(pidFile: string): Promise<RadvdProcess | undefined> {
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).trim() || Number.NaN);
  if (!Number.isSafeInteger(pid) || pid < 2) return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [name, rest] = [
      stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      stat.slice(stat.lastIndexOf(')') + 2),
    ];
    const words = rest.split(' ');
    if (name !== 'radvd' || words[0] === 'Z') return undefined;
    const [commandLine, folder, namespace] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readlink(`/proc/${pid}/cwd`),
      readlink(`/proc/${pid}/ns/net`),
    ]);
    const configFile = resolve(folder, configFileOf(commandLine.split('\0').filter((word) => word !== '')));
    return { pid, started: words[19] ?? '', configFile, namespace };
  } catch (cause) {
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined; // it has just ended
    throw cause;
  }
}

/**
 * Whether a signal makes it read its file: radvd writes its process id before it catches SIGHUP, which would end it.
 * @returns undefined where it has ended
 */
export async function takesHangup({ pid }: RadvdProcess): Promise<boolean | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // Hexadecimal; SIGHUP is signal 1, the lowest bit.
  return /[13579bdf]$/.test(/^SigCgt:\s*([0-9a-f]+)$/m.exec(text)?.[1] ?? '');
}

/** How a process of a network namespace shows it in /proc. @param netns its name; ours where there is none */
export function namespaceLink(netns: string | undefined): string {
  const { ino } = statSync(netns === undefined ? '/proc/self/ns/net' : `/run/netns/${netns}`);
  return `net:[${ino}]`;
}

/**
 * How many router advertisements (ICMPv6 type 134) the kernel has sent at these interfaces of the namespace of a process;
 * an interface that is not there is absent.
 */
export async function advertisementsSent(
  { pid }: RadvdProcess,
  interfaces: Iterable<string>,
): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  await Promise.all(
    [...interfaces].map(async (name) => {
      const text = await readFile(`/proc/${pid}/net/dev_snmp6/${name}`, 'utf8').catch(() => undefined);
      if (text !== undefined) sent.set(name, Number(/^Icmp6OutType134\s+(\d+)$/m.exec(text)?.[1] ?? 0));
    }),
  );
  return sent;
}
