import { MessageChannel, Worker } from 'node:worker_threads';
import type { JudgeReport } from './judge-messages.js';
import type { OpenJudge } from './judge-link.js';

/** A flood leaves little behind in the judge, so it needs little room for what is young, MiB (V8 would take 48). */
const mostYoungMib = 12;

/** A judge in a thread of its own, so that a flood never holds up whoever else works in the engine's thread. */
export const judgeInThread: OpenJudge = (start, onReport, onEnded) => {
  const { port1: news, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./judge.worker.js', import.meta.url), {
    workerData: { start, news: port2 },
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: mostYoungMib },
  });
  let isOver = false;
  const ended = (why: string): void => {
    if (isOver) return;
    isOver = true;
    news.close();
    onEnded(why);
  };
  worker.on('message', (reports: readonly JudgeReport[]) => reports.forEach((report) => onReport(report)));
  worker.on('error', (error) => ended(error.message));
  worker.on('messageerror', (error) => ended(error.message));
  worker.on('exit', (code) => ended(`exit code ${code}`));
  worker.unref();
  news.unref();
  return {
    learn: (message) => {
      if (!isOver) news.postMessage(message);
    },
    send: (order) => {
      if (isOver) return;
      if (order.kind === 'close') worker.ref();
      if (order.kind === 'piece') {
        const piece = alone(order.piece);
        worker.postMessage({ ...order, piece }, [piece.buffer]);
      } else worker.postMessage(order);
    },
  };
};

/** The piece with a buffer of its own, which can be given away without taking others along. */
function alone(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = piece;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength)
    return new Uint8Array(buffer);
  return new Uint8Array(piece);
}
