import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { FlatReader, packOutcome, unpackCall } from './flat-messages.js';
import { LogWriter, type WriteCall } from './log-writer.js';
import { asStoreError } from './store-error.js';
import { foldWriteAheadLog, openWritableLog, type WritableLog } from './writable-log.js';
import type { Flat, WriterAnswer, WriterOrder, WriterStart } from './writer-messages.js';

// The only writer of a log. Whatever has arrived when it comes to look is stored in one transaction and answered after
// that is durable; what arrives meanwhile makes the next group. It stops for good at the first error that leaves open
// what the disk holds: after a failed fsync the kernel may have dropped the very pages it could not write.

/** A group takes no further message once it holds this much. */
const mostEvents = 2048;
const mostCharacters = 8 * 2 ** 20;
/** How often a full disk is tried again when nobody appends. */
const probeMs = 2000;

if (parentPort === null) throw new Error('embedded-writer.worker runs as a worker thread of the embedded store only');
const port: MessagePort = parentPort;
const answer = (message: WriterAnswer): void => port.postMessage(message);
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

  /** Runs one step of the writer; false when it has stopped for good. */
  const attempt = (step: () => void, doing: string, calls: number): boolean => {
    try {
      step();
      if (probing !== undefined) answer({ kind: 'writable' });
      clearInterval(probing);
      probing = undefined;
      return true;
    } catch (error) {
      const { code, message } = asStoreError(error, doing, log.path);
      if (code !== 'store-full') return stop({ kind: 'broken', failure: { code, message } });
      answer({ kind: 'refused', calls, failure: { code, message } });
      probing ??= setInterval(() => attempt(() => writer.probe(), 'Writing to', 0), probeMs);
      return true;
    }
  };

  const stop = (last: WriterAnswer | undefined): false => {
    if (last !== undefined) answer(last);
    clearInterval(probing);
    port.close();
    log.close();
    return false;
  };

  const store = (calls: readonly WriteCall[]): void => {
    const outcomes = writer.append(calls);
    const stored = outcomes.some(({ outcome }) => outcome === 'stored');
    if (stored || headIsBehind) headIsBehind = !log.recordHead(writer.head());
    const flat: Flat = [];
    for (const outcome of outcomes) packOutcome(flat, outcome);
    answer(flat);
  };

  port.on('message', (first: WriterOrder) => {
    for (let order: WriterOrder | undefined = first; order !== undefined;) {
      const group = groupFrom(order);
      if (group.calls.length > 0 && !attempt(() => store(group.calls), 'Appending to', group.calls.length)) return;
      if (group.then === 'close') {
        if (attempt(() => foldWriteAheadLog(log.db), 'Closing', 0)) stop(undefined);
        return;
      }
      order = group.then ?? nextOrder();
    }
  });
  answer({ kind: 'ready', logId: log.logId, remark: log.remark });
}

/** What has arrived, up to the bounds of a group, and the order that was taken out but is no part of it. */
function groupFrom(first: WriterOrder): {
  readonly calls: readonly WriteCall[];
  readonly then: WriterOrder | undefined;
} {
  const calls: WriteCall[] = [];
  let events = 0;
  let characters = 0;
  const now = Date.now();
  for (let order: WriterOrder | undefined = first; order !== undefined; order = nextOrder()) {
    if (order === 'close') return { calls, then: order };
    for (const from = new FlatReader(order); !from.ended;) {
      const { requests, at } = unpackCall(from);
      calls.push({ requests, at: at ?? now });
      for (const request of requests) {
        events += request.events.length;
        for (const { data, metadata } of request.events) characters += data.length + metadata.length;
      }
    }
    if (events >= mostEvents || characters >= mostCharacters) break;
  }
  return { calls, then: undefined };
}

function nextOrder(): WriterOrder | undefined {
  return receiveMessageOnPort(port)?.message as WriterOrder | undefined;
}
