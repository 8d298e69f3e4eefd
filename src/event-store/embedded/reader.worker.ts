import { parentPort, workerData } from 'node:worker_threads';
import { LogReader } from './log-reader.js';
import type { PageAnswer, PageOrder, ReaderStart } from './reader-thread.js';
import { asStoreError } from '../store-error.js';

// Reads and checks long stretches of the log beside the main thread. After a page it reads the one that follows, because
// whoever reads page after page asks for that next.

const port = parentPort;
if (port === null) throw new Error('embedded-reader.worker runs as a worker thread of the embedded event store only');
const { directory } = workerData as ReaderStart;
const reader = LogReader.open(directory);
let ahead: { readonly first: number; readonly page: PageAnswer } | undefined;

port.on('message', (order: PageOrder) => {
  if (order === 'close') {
    port.close();
    reader.close();
    return;
  }
  const { first, limit } = order;
  const page = ahead?.first === first && ahead.page.limit === limit ? ahead.page : pageFrom(first, limit);
  ahead = undefined;
  port.postMessage(page);
  // A page that is not full may be longer when it is asked for.
  if ('count' in page && page.count === limit) setImmediate(() => readAhead(first + limit, limit));
});

function readAhead(first: number, limit: number): void {
  if (ahead !== undefined || !reader.isOpen) return;
  const page = pageFrom(first, limit);
  if ('count' in page && page.count === limit) ahead = { first, page };
}

function pageFrom(first: number, limit: number): PageAnswer {
  try {
    return { ...reader.textFrom(first, limit), limit };
  } catch (error) {
    const { code, message } = asStoreError(error, 'Reading', reader.path);
    return { failure: { code, message }, limit };
  }
}
