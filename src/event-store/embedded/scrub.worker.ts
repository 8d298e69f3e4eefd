import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readHead } from './head-file.js';
import { LogScrub } from './log-scrub.js';
import type { ScrubReport, ScrubStart } from './scrub-thread.js';
import { asStoreError } from '../store-error.js';

// Verifies a whole log once, at the lowest priority and with a small share of one core, then ends.

const port = parentPort;
if (port === null) throw new Error('embedded-scrub.worker runs as a worker thread of the embedded event store only');
const report = (message: ScrubReport): void => port.postMessage(message);
const { directory, share } = workerData as ScrubStart;
const reportEveryMs = 500;

let closing = false;
const stopped = new AbortController();
port.on('message', () => {
  closing = true;
  stopped.abort();
});

try {
  lowerOwnPriority();
  await scrub(LogScrub.open(directory));
} catch (error) {
  const { code, message } = asStoreError(error, 'Verifying the log in', directory);
  report({ kind: 'failed', failure: { code, message } });
} finally {
  port.close();
}

async function scrub(log: LogScrub): Promise<void> {
  try {
    let reported = performance.now();
    const pass = log.pass(readHead(directory));
    for (let begun = performance.now(); !closing; begun = performance.now()) {
      const step = pass.next();
      if (step.done === true) return report({ kind: 'passed', size: step.value.size });
      if (performance.now() - reported > reportEveryMs) {
        reported = performance.now();
        report({ kind: 'progress', ...step.value });
      }
      const busy = performance.now() - begun;
      await sleep(busy * (1 / share - 1), undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    log.close();
  }
}

/** Linux keeps a priority for each thread; elsewhere the share alone must do. */
function lowerOwnPriority(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').pop());
    if (thread !== process.pid) setPriority(thread, constants.priority.PRIORITY_LOW);
  } catch {
    // Not Linux, or not allowed.
  }
}
