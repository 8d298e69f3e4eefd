import { getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { JudgeDesk } from './judge-desk.js';
import type { JudgeNews, JudgeOrder, JudgeStart } from './judge-messages.js';
import { ReportBatch } from './report-batch.js';
import { WaitingOrders } from './waiting-orders.js';

// The judge in a thread of its own. News of the map come by their own port and are looked for before each order, so that
// they never wait behind a flood.

/** So long it works before it tells the engine's thread what came of it, ms. */
const tellAfterMs = 5;
/** Behind whoever answers billing, and not so far that a busy machine leaves it nothing. */
const niceness = 3;

if (parentPort === null) throw new Error('judge.worker runs as a worker thread of the sensor room only');
const port: MessagePort = parentPort;
const { start, news } = workerData as { readonly start: JudgeStart; readonly news: MessagePort };
const reports = new ReportBatch();
const desk = new JudgeDesk(start, (report) => reports.add(report), Date.now);
const waiting = new WaitingOrders();
let isWorking = false;

// On Linux 0 is this thread alone.
if (process.platform === 'linux') setPriority(0, Math.max(getPriority(0), niceness));
news.on('message', (message: JudgeNews) => {
  desk.learn(message);
  // What was held for these news may go now; while orders are carried out it goes with what comes of them.
  if (!isWorking) tell();
});
port.on('message', (order: JudgeOrder) => {
  waiting.add(order);
  if (!isWorking) work();
});

/** Carries out what waits; the loop turns in between, for timers and messages. */
function work(): void {
  isWorking = false;
  const until = performance.now() + tellAfterMs;
  do {
    const order = nextOrder();
    if (order === undefined) return tell();
    carryOut(order);
    if (order.kind === 'close') return close();
  } while (performance.now() < until);
  isWorking = true;
  tell();
  setImmediate(work);
}

/** An order that ends this thread takes nothing along of what was found before it. */
function carryOut(order: JudgeOrder): void {
  try {
    desk.take(order);
  } catch (error) {
    tell();
    throw error;
  }
}

function nextOrder(): JudgeOrder | undefined {
  for (let one = receiveMessageOnPort(news); one !== undefined; one = receiveMessageOnPort(news))
    desk.learn(one.message as JudgeNews);
  for (let one = receiveMessageOnPort(port); one !== undefined; one = receiveMessageOnPort(port))
    waiting.add(one.message as JudgeOrder);
  return waiting.next();
}

function tell(): void {
  const all = reports.takeAll();
  if (all.length > 0) port.postMessage(all);
}

function close(): void {
  tell();
  news.close();
  port.close();
}
