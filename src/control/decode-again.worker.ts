import { parentPort, workerData } from 'node:worker_threads';
import { decodeEvent, type StoredEvent } from '../../events/index.js';

// A thread has modules of its own: `events/` is loaded here as it is installed now, whatever the engine holds in memory.

parentPort?.postMessage(
  (workerData as readonly StoredEvent[]).map((event) => {
    const decoded = decodeEvent(event);
    return decoded.readable ? null : decoded.reason;
  }),
);
