import { parentPort, workerData } from 'node:worker_threads';
import { LogWriter } from './log-writer.js';
import { asStoreError } from './store-error.js';
import { foldWriteAheadLog, openWritableLog, type WritableLog } from './writable-log.js';
import type { WriterAnswer, WriterOrder, WriterStart } from './writer-messages.js';

// The only writer of a log. It answers its orders one by one, and stops for good at the first error that leaves open
// what the disk holds: after a failed fsync the kernel may have dropped the very pages it could not write.

const port = parentPort;
if (port === null) throw new Error('embedded-writer.worker runs as a worker thread of the embedded event store only');
const answer = (message: WriterAnswer): void => port.postMessage(message);
const { directory, create } = workerData as WriterStart;

try {
  serve(openWritableLog(directory, create));
} catch (error) {
  const { code, message } = asStoreError(error, 'Opening the log in', directory);
  answer({ kind: 'broken', failure: { code, message } });
}

function serve(log: WritableLog): void {
  const writer = new LogWriter(log.db);
  port?.on('message', (order: WriterOrder) => {
    try {
      if (order.kind === 'close') {
        foldWriteAheadLog(log.db);
        return stop(log);
      }
      answer({ kind: 'appended', outcomes: writer.append(order.requests, order.at ?? Date.now()) });
    } catch (error) {
      const { code, message } = asStoreError(error, order.kind === 'close' ? 'Closing' : 'Appending to', log.path);
      if (code === 'store-full') return answer({ kind: 'refused', failure: { code, message } });
      answer({ kind: 'broken', failure: { code, message } });
      stop(log);
    }
  });
  answer({ kind: 'ready', logId: log.logId });
}

function stop(log: WritableLog): void {
  port?.close();
  log.close();
}
