import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, startInside } from './lab-process.js';

/** A program that others made to watch for forged ARP, and all that it prints. */
export class WatchingPeer {
  private readonly said: { readonly at: number; readonly text: string }[] = [];

  private constructor(
    readonly name: 'arpwatch' | 'arpalert',
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    const heard = (chunk: Buffer): void => void this.said.push({ at: Date.now(), text: chunk.toString() });
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
  }

  /** It hears IPv4 only, and ends without a word at an interface without IPv4 unless the network is named. */
  static arpwatch(netns: string, interfaceName: string, directory: string): WatchingPeer {
    const file = join(directory, 'arpwatch.dat');
    writeFileSync(file, '');
    const args = ['-d', '-u', 'root', '-i', interfaceName, '-n', '198.51.100.0/24', '-f', file];
    return new WatchingPeer('arpwatch', startInside(netns, 'stdbuf', ['-oL', '-eL', 'arpwatch', ...args]));
  }

  /** It hears IPv4 only. @param known what an operator lists by hand, as the nearest thing to billing: `mac ip device` */
  static arpalert(netns: string, interfaceName: string, directory: string, known: readonly string[]): WatchingPeer {
    const file = (name: string): string => join(directory, name);
    const empty = ['arpalert.deny', 'arpalert.leases', 'arpalert.oui'].map(file);
    for (const name of empty) writeFileSync(name, '');
    writeFileSync(file('arpalert.allow'), known.map((one) => `${one}\n`).join(''));
    const settings = [
      `maclist file = "${file('arpalert.allow')}"`,
      `maclist alert file = "${file('arpalert.deny')}"`,
      `maclist leases file = "${file('arpalert.leases')}"`,
      `lock file = "${file('arpalert.pid')}"`,
      ...['use syslog = false', 'user = root', 'daemon = false', 'log level = 6', 'catch only arp = true'],
      ...['log ip change = true', 'log mac change = true', 'log new address = true', 'log new mac address = true'],
      ...['log mac error = true', 'log flood = true', 'log request abus = true', 'log referenced address = true'],
    ];
    writeFileSync(file('arpalert.conf'), `${settings.join('\n')}\n`);
    const args = ['arpalert', '-f', file('arpalert.conf'), '-i', interfaceName];
    return new WatchingPeer('arpalert', startInside(netns, 'stdbuf', ['-oL', '-eL', ...args]));
  }

  /** The first thing that it said about an address from a moment (RFC 3339) on; undefined where it said nothing. */
  reported(address: string, from: string): { readonly ms: number; readonly as: string } | undefined {
    const since = Date.parse(from);
    const names = new RegExp(`(?<![\\d.])${address.replaceAll('.', '\\.')}(?![\\d.])`);
    for (const { at, text } of this.said) {
      if (at < since) continue;
      const line = text.split('\n').find((one) => names.test(one));
      if (line !== undefined) return { ms: at - since, as: kindOf(text, line) };
    }
    return undefined;
  }

  /** Whether it still runs, and its last words. */
  get state(): string {
    return this.child.exitCode === null ? 'running' : `ended with ${this.child.exitCode}: ${this.said.at(-1)?.text}`;
  }

  stop(): Promise<void> {
    return end(this.child);
  }
}

const kindOf = (text: string, line: string): string =>
  /type=(\w+)/.exec(line)?.[1] ?? /Subject: (.*?) \(/.exec(text)?.[1] ?? line.trim().slice(0, 40);
