import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ArrivingCalls } from './arriving-calls.js';
import { packOutcome } from './flat-messages.js';
import { LogWriter } from './log-writer.js';
import { asStoreError } from '../store-error.js';
import { foldWriteAheadLog, openWritableLog, type WritableLog } from './writable-log.js';
import type { Flat, WriterAnswer, WriterOrder, WriterStart } from './writer-messages.js';

// The only writer of a log. What has arrived when it comes to look, and what arrives while it works on that, is stored
// in one transaction and answered after that is durable; what arrives during the commit makes the next group. It stops
// for good at the first error that leaves open what the disk holds: after a failed fsync the kernel may have dropped the
// very pages it could not write.

/** How often a full disk is tried again when nobody appends. */
const probeMs = 2000;

if (parentPort === null) throw new Error('embedded-writer.worker runs as a worker thread of the embedded store only');
const port: MessagePort = parentPort;
const answer = (message: WriterAnswer): void => port.postMessage(message);
const nextOrder = (): WriterOrder | undefined => receiveMessageOnPort(port)?.message as WriterOrder | undefined;
const { directory, create } = workerData as WriterStart;

try {
  serve(openWritableLog(directory, { create }));
} catch (error) {
  const { code, message } = asStoreError(error, 'Opening the log in', directory);
  answer({ kind: 'broken', failure: { code, message } });
}

function serve(log: WritableLog): void {
  const writer = new LogWriter(log.db, log.path);
  let probing: NodeJS.Timeout | undefined;
  let headIsBehind = false;

  const stop = (last?: WriterAnswer): void => {
    if (last !== undefined) answer(last);
    clearInterval(probing);
    port.close();
    log.close();
  };

  /** One step of the writer; false when it has stopped for good. `calls`: how many of them a full disk refuses. */
  const attempt = (step: () => void, doing: string, calls: () => number): boolean => {
    try {
      step();
      if (probing !== undefined) answer({ kind: 'writable' });
      clearInterval(probing);
      probing = undefined;
      return true;
    } catch (error) {
      const { code, message } = asStoreError(error, doing, log.path);
      const failure = { code, message };
      if (code !== 'store-full') {
        stop({ kind: 'broken', failure });
        return false;
      }
      answer({ kind: 'refused', calls: calls(), failure });
      probing ??= setInterval(
        () =>
          attempt(
            () => writer.probe(),
            'Writing to',
            () => 0,
          ),
        probeMs,
      );
      return true;
    }
  };

  const storeGroup = (arriving: ArrivingCalls): void => {
    const outcomes = writer.append(arriving);
    const stored = outcomes.some(({ outcome }) => outcome === 'stored');
    if (stored || headIsBehind) headIsBehind = !log.recordHead(writer.head());
    const flat: Flat = [];
    for (const outcome of outcomes) packOutcome(flat, outcome);
    answer(flat);
  };

  const work = (first: WriterOrder): void => {
    let order: WriterOrder | undefined = first;
    while (order !== undefined && order !== 'close') {
      const arriving: ArrivingCalls = new ArrivingCalls(order, nextOrder);
      if (
        !attempt(
          () => storeGroup(arriving),
          'Appending to',
          () => arriving.takeRest(),
        )
      )
        return;
      order = arriving.notTaken ?? nextOrder();
    }
    if (
      order === 'close' &&
      attempt(
        () => foldWriteAheadLog(log.db),
        'Closing',
        () => 0,
      )
    )
      stop();
  };

  port.on('message', work);
  answer({ kind: 'ready', logId: log.logId, remark: log.remark });
}
