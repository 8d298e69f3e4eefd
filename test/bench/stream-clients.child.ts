// Opens clients of a stream of events in a process of its own, and takes down how late each event came.
// Arguments: URL, number of clients, token ('-' for none), events that each is to get. Says `ready`, and after any line
// on stdin what it got: as soon as that is all, or after a minute.
import { Agent, get } from 'node:http';

const [url = '', clientsText = '1', token = '-', eachText = '1'] = process.argv.slice(2);
const clients = Number(clientsText);
const lateness: number[] = [];
let bytes = 0;
let open = 0;

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
const headers = token === '-' ? {} : { authorization: `Bearer ${token}` };
for (let n = 0; n < clients; n++) {
  get(url, { agent, headers }, (response) => {
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    if (++open === clients) process.stdout.write('ready\n');
    response.setEncoding('latin1');
    let rest = '';
    response.on('data', (text: string) => {
      const now = Date.now();
      bytes += text.length;
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      for (const match of events.join().matchAll(/"detail":"sent (\d+)"/g)) lateness.push(now - Number(match[1]));
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
