import { setTimeout as sleep } from 'node:timers/promises';
import { end, startInside } from './lab-process.js';

/** Frames as tcpdump describes them, a line each. */
export interface Capture {
  readonly lines: readonly string[];
  /** Ends the capture once tcpdump has read what the kernel caught for it, and gives all its lines. */
  stop(): Promise<readonly string[]>;
}

const caughtUpPatienceMs = 20_000;
const quietLooks = 5;
const countsOf = /(\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped/g;

/** Captures on an interface; resolves when tcpdump listens. `direction` is seen from the interface. */
export async function startCapture(
  netns: string,
  interfaceName: string,
  filter: string,
  direction: 'in' | 'out' | 'inout' = 'inout',
): Promise<Capture> {
  const child = startInside(netns, 'tcpdump', [
    '--immediate-mode',
    '-l',
    '-n',
    '-e',
    '-t',
    '-i',
    interfaceName,
    '-Q',
    direction,
    filter,
  ]);
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening on')) resolve();
    });
    child.once('close', () => reject(new Error(`tcpdump ended: ${said}`)));
    child.once('error', reject);
  });
  /** Ended at once, tcpdump leaves unread what still lies in the kernel's ring: on SIGUSR1 it says how much that is. */
  const caughtUp = async (): Promise<void> => {
    const give = performance.now() + caughtUpPatienceMs;
    for (let quiet = 0; quiet < quietLooks && performance.now() < give; quiet++) {
      const [before, answers] = [lines.length, [...said.matchAll(countsOf)].length];
      child.kill('SIGUSR1');
      await sleep(20);
      const now = [...said.matchAll(countsOf)];
      const [, captured, received, dropped] = now.at(-1) ?? [];
      if (now.length > answers && Number(captured) + Number(dropped) === Number(received)) return;
      // With a direction the kernel counts both ways and tcpdump one: then silence has to do.
      if (now.length === answers || lines.length > before) quiet = -1;
    }
  };
  return {
    lines,
    async stop() {
      await caughtUp();
      await end(child, 'SIGINT');
      return lines;
    },
  };
}
