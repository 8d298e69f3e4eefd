import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BirdControl } from '../../src/drivers/bgp/bird-control.js';
import { startInside } from './lab-process.js';

/** The daemons of one lab, to be ended with it. */
export class BirdDaemons {
  private readonly children = new Set<ChildProcessWithoutNullStreams>();

  get running(): readonly ChildProcessWithoutNullStreams[] {
    return [...this.children];
  }

  /** Starts BIRD in a namespace, and waits until it answers on its socket. */
  async start(netns: string, conf: string, socket: string): Promise<ChildProcessWithoutNullStreams> {
    const child = startInside(netns, 'bird', ['-f', '-c', conf, '-s', socket, '-P', `${socket}.pid`]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.resume();
    this.children.add(child);
    child.once('close', () => this.children.delete(child));
    const control = new BirdControl('lab', socket, 5_000);
    try {
      await until(`bird answers on ${socket}`, async () => {
        if (child.exitCode !== null) throw new Error(`bird ended: ${said}`);
        return (await control.command('show status').catch(() => undefined))?.code === '0013';
      });
    } finally {
      await control.close();
    }
    return child;
  }
}

/**
 * How long a state of the world is waited for where a test says nothing else, ms: as long as a busy machine with two
 * cores may need, and shorter than the 30 s after which an engine looks by itself at what nobody woke it for.
 */
export const patienceMs = 25_000;

/** Waits for a state of the world. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patience: number = patienceMs,
): Promise<void> {
  const give = performance.now() + patience;
  while (!(await holds())) {
    if (performance.now() > give) throw new Error(`waited ${patience} ms in vain until ${what}`);
    await sleep(5);
  }
}
