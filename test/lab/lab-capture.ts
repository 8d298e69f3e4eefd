import { end, startInside } from './lab-process.js';

/** Frames as tcpdump describes them, a line each. */
export interface Capture {
  readonly lines: readonly string[];
  /** Ends the capture and gives all its lines. */
  stop(): Promise<readonly string[]>;
}

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
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('listening on')) resolve();
    });
    child.once('close', () => reject(new Error(`tcpdump ended: ${said}`)));
    child.once('error', reject);
  });
  return {
    lines,
    async stop() {
      await end(child, 'SIGINT');
      return lines;
    },
  };
}
