import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventStore } from '../../event-store/event-store.port.js';
import type { ImagesOrder, ImagesTold } from './images-keeper.js';
import { ImagesWriter } from './images-writer.js';

// Brings the images of the map up to the log with a reader of its own, beside the engine and after everybody else, and ends.

if (parentPort === null) throw new Error('images.worker runs as a worker thread of the images of the map only');
const port = parentPort;
const { door, directory, sizes } = workerData as ImagesOrder;
let stopped = false;
port.once('message', () => (stopped = true));
// On Linux a priority is that of the calling thread alone.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
port.postMessage(await broughtUp());
port.close();

async function broughtUp(): Promise<ImagesTold> {
  try {
    const { openStoreReader } = (await import(door.module)) as {
      openStoreReader: (choice: unknown) => Promise<EventStore>;
    };
    const store = await openStoreReader(door.choice);
    try {
      const writer = await ImagesWriter.open(directory, store, sizes);
      await writer.catchUp(() => stopped).finally(() => writer.close());
      return { reaches: writer.reaches };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
