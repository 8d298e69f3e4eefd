import type { StoredEvent } from '../../events/index.js';
import { RunningEngine } from '../e2e/running-engine.js';
import { namesOf, requestOf, soldServers } from './generated-log.js';
import { type BenchRow, rowOf } from './row.js';
import { median, percentile } from './statistics.js';

const wantedMs = 100;
/** Does nothing and asks nobody who is there. */
const emptyRoute = '/livez';
const pageSize = 1_000;

/** What people type, about the so-manieth server: whole names, beginnings of few and of many, words inside, and what nobody has. */
const questions: readonly (readonly [name: string, text: (server: number) => string])[] = [
  ['a MAC', (server) => namesOf(server).mac],
  ['a MAC as Cisco writes it', (server) => digitsOf(server).replace(/(....)(?=.)/g, '$1.')],
  ['the beginning of a MAC', (server) => digitsOf(server).slice(0, 9)],
  ['the beginning of all MACs', () => '52:00'],
  ['an IPv4 address', (server) => namesOf(server).address],
  ['the beginning of addresses', (server) => namesOf(server).address.replace(/\d+\.\d+$/, '')],
  ['an IPv4 network', (server) => `${namesOf(server).address}/20`],
  ['an IPv6 address in a /48', (server) => namesOf(server).prefix.replace('::/48', ':0:0:0:0:1')],
  ['a prefix', (server) => namesOf(server).prefix],
  ['a prefix of many', (server) => namesOf(server).prefix.replace(/:[^:]*::\/48$/, '::/32')],
  ['a server', (server) => `srv-${server}`],
  ['the beginning of many servers', () => 'srv-1'],
  ['a customer', (server) => `cust-${server >>> 2}`],
  ['a port', (server) => namesOf(server).port],
  ['a word in every port', () => 'ethernet3'],
  ['a word in every name', () => 'srv'],
  ['a name that nobody has', () => 'no-such-thing'],
];

const digitsOf = (server: number): string => namesOf(server).mac.replaceAll(':', '');

/** How long `GET /v1/search` takes over HTTP, beside an empty route of the same server, in turns. */
export async function searchFigure(
  { servers, asked }: { readonly servers: number; readonly asked: number },
  say: (text: string) => void,
): Promise<BenchRow> {
  const engine = await RunningEngine.start();
  try {
    fill(engine, servers, say);
    say('the names are put in order');
    const begun = performance.now();
    while ((await search(engine, 'srv-0'))['indexed'] !== 1);
    say(`in order after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    const took = new Map(questions.map(([name]) => [name, [] as number[]]));
    const empty: number[] = [];
    for (let round = 0; round < asked; round++) {
      for (const [name, textOf] of questions) {
        const server = (round * 7_919 + 13) % servers;
        empty.push(await timed(() => engine.call(emptyRoute)));
        took.get(name)?.push(await timed(() => search(engine, textOf(server))));
      }
    }
    const slowest = [...took].reduce((one, other) => (median(other[1]) > median(one[1]) ? other : one));
    const all = [...took.values()].flat();
    const name = `GET /v1/search, ${servers.toLocaleString('en-US')} servers`;
    const of = (values: readonly number[]): string => `${median(values).toFixed(2)} ms`;
    return rowOf({
      room: 'console',
      name: `${name}, p99 of ${all.length} (median ${of(all)}, slowest ${slowest[0]} ${of(slowest[1])}; peer: an empty route)`,
      value: percentile(all, 0.99),
      unit: 'ms',
      limit: wantedMs,
      peer: percentile(empty, 0.99),
      goal: 1,
    });
  } finally {
    await engine.stop();
  }
}

/** Sells servers in the live map of the engine, as its projector would from a log that says so. */
function fill(engine: RunningEngine, servers: number, say: (text: string) => void): void {
  say(`${servers} servers are sold`);
  const { liveMap } = engine.parts.projector;
  let page: StoredEvent[] = [];
  const fold = (): void => {
    liveMap.foldPage(page);
    page = [];
  };
  let ordinal = 0;
  for (const fact of soldServers(servers)) {
    page.push(storedOf(fact, ordinal++));
    if (page.length === pageSize) fold();
  }
  fold();
  if (liveMap.map.assignments.size !== servers)
    throw new Error(`the map has ${liveMap.map.assignments.size} servers, expected ${servers}`);
}

function storedOf(fact: Parameters<typeof requestOf>[0], ordinal: number): StoredEvent {
  const { stream, events } = requestOf(fact, ordinal);
  const [event] = events;
  if (event === undefined) throw new Error(`${fact.type} is no event`);
  const metadata = { ...event.metadata, recordedAt: event.metadata.time };
  return { ...event, metadata, stream, ordinal, revision: 0, position: String(ordinal) };
}

async function search(engine: RunningEngine, text: string): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await engine.call(`/v1/search?q=${encodeURIComponent(text)}`, {
    headers: { authorization: `Bearer ${engine.tokens.viewer}` },
  });
  if (status !== 200) throw new Error(`the search for ${text} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
