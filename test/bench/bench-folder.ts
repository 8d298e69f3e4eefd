import { rmSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Works in a folder of its own, which is gone afterwards, also after a failure or a signal that ends the bench.
 * @param bytes that the work takes at most; where the disk has less to give, nothing is begun
 */
export async function inBenchFolder<Answer>(
  bytes: number,
  work: (directory: string) => Promise<Answer>,
): Promise<Answer> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < bytes) {
    const [needed, free] = [bytes, bavail * bsize].map((one) => `${(one / 1e9).toFixed(1)} GB`);
    throw new Error(`${tmpdir()} has ${free} left, and ${needed} are needed: name a larger disk by TMPDIR.`);
  }
  const directory = await mkdtemp(join(tmpdir(), 'portledger-bench-'));
  const end = (signal: NodeJS.Signals): void => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 1));
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await work(directory);
  } finally {
    for (const signal of signals) process.off(signal, end);
    await rm(directory, { recursive: true, force: true });
  }
}
