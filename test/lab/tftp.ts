import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './bird-daemon.js';
import { end, ipBatch, run, startInside } from './lab-process.js';

/** A TFTP server in a namespace, with files to fetch. */
export interface Tftp {
  stop(): Promise<void>;
}

/** Debian's tftpd-hpa at an address that the namespace has. @param files name and content of each */
export async function tftpIn(
  netns: string,
  parent: string,
  address: string,
  files: Readonly<Record<string, string>>,
): Promise<Tftp> {
  const folder = join(parent, `tftp-${netns}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = ['--foreground', '--listen', '--user', 'root', '--address', address, '--secure', folder];
  const child = startInside(netns, 'in.tftpd', args);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.resume();
  await until('the TFTP server has its socket', async () => {
    if (child.exitCode !== null) throw new Error(`in.tftpd ended: ${said}`);
    return (await run('ip', ['netns', 'exec', netns, 'ss', '-Hlun', 'sport = :69'])).includes(address);
  });
  return { stop: () => end(child) };
}

/**
 * What firmware does with its lease: takes the address with its mask, reaches the TFTP server by the gateway, fetches.
 * Gives the content; undefined where it could not be fetched.
 */
export async function fetchAsFirmware(
  netns: string,
  directory: string,
  lease: { readonly ipv4?: string; readonly router?: string; readonly boot?: string; readonly bootServer?: string },
): Promise<string | undefined> {
  const { ipv4, router, boot, bootServer } = lease;
  if (ipv4 === undefined || router === undefined || boot === undefined || bootServer === undefined) return undefined;
  const [own, copy] = [`${ipv4}/30`, join(directory, `${netns}.fetched`)];
  await ipBatch(netns, [`addr replace ${own} dev eth0`, `route replace ${bootServer} via ${router} dev eth0`]);
  try {
    await run('ip', ['netns', 'exec', netns, 'busybox', 'tftp', '-g', '-r', boot, '-l', copy, bootServer]);
    return readFileSync(copy, 'utf8');
  } catch {
    return undefined;
  } finally {
    rmSync(copy, { force: true });
    await ipBatch(netns, [`addr del ${own} dev eth0`]);
  }
}
