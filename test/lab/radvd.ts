import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './lab.js';
import { end, run, startInside } from './lab-process.js';

/** A router advertisement as a machine heard it. */
export interface HeardRa {
  readonly from: string;
  /** Seconds; 0 would be no default route. */
  readonly lifetime: number;
  readonly managed: boolean;
  readonly other: boolean;
  /** Prefixes in it. */
  readonly prefixes: readonly string[];
}

/** radvd in a namespace, in hands that are not the driver's. */
export interface RadvdInLab {
  /** Its configuration file, which is not there at first, and its pid file. */
  readonly file: string;
  readonly pidFile: string;
  start(): Promise<void>;
  /** Ends it; by SIGKILL it says goodbye to nobody. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Makes it read its file again, as an operator does (SIGHUP), or holds it. */
  signal(signal: NodeJS.Signals): void;
  /** Whether the process still runs. */
  readonly runs: boolean;
  log(): string;
}

/** A radvd that is started once its file is there. */
export function radvdIn(netns: string, directory: string): RadvdInLab {
  const folder = join(directory, 'radvd');
  mkdirSync(folder, { recursive: true });
  const [file, pidFile, log] = ['radvd.conf', 'radvd.pid', 'radvd.log'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let child: ChildProcessWithoutNullStreams | undefined;
  const pid = (): number => Number(readFileSync(pidFile, 'utf8'));
  return {
    file,
    pidFile,
    async start() {
      rmSync(pidFile, { force: true });
      const started = startInside(netns, 'radvd', ['-n', '-C', file, '-p', pidFile, '-m', 'logfile', '-l', log]);
      let said = '';
      started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      started.stdout.resume();
      child = started;
      await until('radvd has its pid file', () => {
        if (started.exitCode !== null) throw new Error(`radvd ended: ${said}`);
        return existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim() !== '';
      });
    },
    async stop(signal = 'SIGTERM') {
      if (child !== undefined) await end(child, signal);
      child = undefined;
    },
    signal: (signal) => void process.kill(pid(), signal),
    get runs() {
      return child !== undefined && child.exitCode === null && child.signalCode === null;
    },
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}

/** Solicits routers in the namespace of a machine; undefined where none answers. @param source a link-local address that it has */
export async function solicit(netns: string, source?: string): Promise<HeardRa | undefined> {
  const from = source === undefined ? [] : ['-s', source];
  const args = ['netns', 'exec', netns, 'rdisc6', '-1', '-n', '-r', '3', '-w', '1500', ...from, 'eth0'];
  const text = await run('ip', args).catch(() => '');
  const sender = /^ from (\S+)$/m.exec(text)?.[1];
  if (sender === undefined) return undefined;
  return {
    from: sender,
    lifetime: Number(/^Router lifetime\s+:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN),
    managed: /^Stateful address conf\.\s+:\s+Yes/m.test(text),
    other: /^Stateful other conf\.\s+:\s+Yes/m.test(text),
    prefixes: [...text.matchAll(/^\s*Prefix\s+:\s+(\S+)/gm)].map(([, prefix = '']) => prefix),
  };
}
