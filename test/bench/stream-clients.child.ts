// Opens clients of a stream of events in a process of its own, and takes down how late each event came.
// Arguments: URL, number of clients, token ('-' for none), events that each is to get. Says `ready`, and after any line
// on stdin what it got: as soon as that is all, or after a minute.
import { Agent, get } from 'node:http';

const [url = '', clientsText = '1', token = '-', eachText = '1'] = process.argv.slice(2);
const clients = Number(clientsText);
const lateness: number[] = [];
let bytes = 0;
let open = 0;

/** Nothing else is read of an event: a client that reads much is what would be measured. */
const mark = Buffer.from('"detail":"sent ');
const digits = 13;

/** Takes down the events that came as a whole; returns what may be the beginning of the next. */
function takeDown(bytesSoFar: Buffer): Buffer {
  const now = Date.now();
  let from = 0;
  for (let at = bytesSoFar.indexOf(mark); at >= 0; at = bytesSoFar.indexOf(mark, from)) {
    const end = at + mark.length + digits;
    if (end > bytesSoFar.length) return bytesSoFar.subarray(at);
    lateness.push(now - Number(bytesSoFar.toString('latin1', at + mark.length, end)));
    from = end;
  }
  return bytesSoFar.subarray(Math.max(from, bytesSoFar.length - mark.length + 1));
}

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
const headers = token === '-' ? {} : { authorization: `Bearer ${token}` };
for (let n = 0; n < clients; n++) {
  get(url, { agent, headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    if (++open === clients) process.stdout.write('ready\n');
    let rest = Buffer.alloc(0);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      rest = Buffer.from(takeDown(Buffer.concat([rest, chunk])));
    });
  });
}

process.stdin.once('data', () => {
  const deadline = Date.now() + 60_000;
  const isAll = (): boolean => lateness.length >= clients * Number(eachText) || Date.now() > deadline;
  const timer = setInterval(() => {
    if (!isAll()) return;
    clearInterval(timer);
    tell();
  }, 50);
});

function tell(): void {
  lateness.sort((a, b) => a - b);
  const p99 = lateness[Math.ceil(lateness.length * 0.99) - 1] ?? -1;
  process.stdout.write(`${JSON.stringify({ events: lateness.length, bytes, p99 })}\n`, () => process.exit(0));
}
