import { Worker } from 'node:worker_threads';
import type { ServerRecord } from '../import/server-record.js';
import { type FileFacts, TruthError } from './truth-file.js';
import type { TruthEnd, TruthOrder, TruthTold } from './truth-told.js';

export interface TruthReading extends TruthOrder {
  readonly maxSeconds: number;
  /** Told of some servers of the file; the next come when it has resolved. */
  readonly onRecords: (records: readonly ServerRecord[]) => void;
  /** Told of a file that was opened and is not believed. */
  readonly onFile: (file: FileFacts) => void;
}

/** Heap of the thread: a file that needs more is given up. */
const mostMegabytes = 1024;

/** Reads a file in a thread of its own. Rejects with a TruthError, and ends the thread at the time limit or when `signal` says so. */
export async function readTruth(reading: TruthReading, signal: AbortSignal): Promise<TruthEnd> {
  const { onRecords, onFile, maxSeconds, ...order } = reading;
  const worker = new Worker(new URL('./read-truth.worker.js', import.meta.url), {
    workerData: order satisfies TruthOrder,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  worker.unref();
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise<TruthEnd>((resolve, reject) => {
      const fail = (code: TruthError['code'], detail: string): void => reject(new TruthError(code, detail));
      const slow = `${order.file} was not compared within ${maxSeconds} s. Raise comparison.maxSeconds if that is right.`;
      timer = setTimeout(() => fail('out-of-time', slow), maxSeconds * 1000).unref();
      stop = () => fail('out-of-time', 'The engine stops.');
      signal.addEventListener('abort', stop);
      worker.on('message', (told: TruthTold) => {
        if ('end' in told) return resolve(told.end);
        if ('records' in told) {
          onRecords(told.records);
          return worker.postMessage('more');
        }
        if (told.file !== undefined) onFile(told.file);
        fail(told.problem, told.detail);
      });
      worker.on('error', (error) => fail('file-malformed', `${order.file} cannot be read: ${error.message}.`));
      worker.on('exit', () => fail('file-malformed', `${order.file} cannot be read: its thread ended.`));
    });
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
