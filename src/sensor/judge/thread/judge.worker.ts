import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { JudgeDesk } from './judge-desk.js';
import type { JudgeNews, JudgeOrder, JudgeStart } from './judge-messages.js';

// The judge in a thread of its own. News of the map come by their own port and are looked for before each piece of a
// capture, so that they never wait behind a flood.

if (parentPort === null) throw new Error('judge.worker runs as a worker thread of the sensor room only');
const port: MessagePort = parentPort;
const { start, news } = workerData as { readonly start: JudgeStart; readonly news: MessagePort };
const desk = new JudgeDesk(start, (report) => port.postMessage(report), Date.now);

news.on('message', (message: JudgeNews) => desk.learn(message));
port.on('message', (order: JudgeOrder) => {
  for (let waiting = receiveMessageOnPort(news); waiting !== undefined; waiting = receiveMessageOnPort(news))
    desk.learn(waiting.message as JudgeNews);
  desk.take(order);
  if (order.kind !== 'close') return;
  news.close();
  port.close();
});
