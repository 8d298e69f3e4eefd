import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readViolationQuestion, violationPage } from '../../src/feed/violation-page.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import type { QueryFields } from '../../src/feed/violation-filter.js';
import { startMs, ViolationLog } from '../feed/violation-log.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';
import { groupFigures } from './violation-groups.figures.js';

const room = 'feed';
const wantedMs = 30;
const rules = ['address-spoof', 'mac-mismatch', 'unknown-mac', 'rogue-router-advertisement'];
/** Every filter that the list has: with few that fit and with many, and with none. */
const questions: readonly (readonly [name: string, fields: QueryFields])[] = [
  ['newest 100', {}],
  ['state and severity', { state: 'new', severity: 'high' }],
  ['state of 100', { state: 'acknowledged' }],
  ['rule', { rule: 'unknown-mac' }],
  ['site of nobody', { site: 'fra' }],
  ['one switch of 100', { switch: 'leaf7' }],
  ['one port of 4,800', { port: 'leaf7:Ethernet41' }],
  ['one port, one state, one severity', { port: 'leaf7:Ethernet41', state: 'acknowledged', severity: 'high' }],
  ['one customer of 20,000', { customer: 'cust-777' }],
  ['a victim', { victim: 'srv-4242' }],
  ['an offender', { offender: 'cust-777' }],
  ['an assignee', { assignee: 'token:lisa' }],
  ['muted', { muted: 'true' }],
  ['not muted', { muted: 'false' }],
  ['quiet', { quiet: 'true' }],
  ['acknowledged before', { 'acked-before': '2026-11-02T00:00:01Z' }],
  ['since an hour', { since: '2026-11-13T12:00:00Z', severity: 'low' }],
  ['new since', { newSince: '10' }],
  ['a MAC', { q: '52:54:00:00:12:34' }],
  ['a MAC that nobody has', { q: '5254.00ff.ffff' }],
  ['an address', { q: '10.1.2.3' }],
  ['a text in few names', { q: 'srv-4242' }],
  ['a text in many names', { q: 'ethernet4' }],
  ['a text in no name', { q: 'nowhere' }],
];

/** How long a page of the list takes, serialised, beside the serialising of the same rows alone. */
export async function listFigures(size: number, rounds: number, say: (text: string) => void): Promise<BenchRow[]> {
  say(`${size} violations are folded`);
  const log = new ViolationLog();
  for (let at = 0; at < size; at += 1_000) {
    const many = Math.min(1_000, size - at);
    log.fold(...Array.from({ length: many }, (_, offset) => detected(log, at + offset)));
  }
  work(log, size);
  const before = await memory();
  const index = new ViolationIndex(log.liveMap);
  while (!index.live) await new Promise(setImmediate);
  const bytes = ((await memory()) - before) / size;
  const rows = questions.map(([name, fields]) => {
    say(`list: ${name}`);
    const read = readViolationQuestion(fields);
    if ('problem' in read) throw new Error(`the bench asks what the list refuses: ${read.problem}`);
    const [asked, alone]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const begun = performance.now();
      const page = violationPage(index, read.value, index.viewing([]));
      JSON.stringify(page);
      const answered = performance.now();
      JSON.stringify(page.violations);
      asked.push(answered - begun);
      alone.push(performance.now() - answered);
    }
    const p99 = percentile(asked, 0.99);
    const what = `list of ${size.toLocaleString('en-US')}, p99: ${name}`;
    const median = percentile(asked, 0.5).toFixed(2);
    const serialised = percentile(alone, 0.99).toFixed(2);
    return rowOf({
      room,
      name: `${what} (median ${median}, its JSON alone ${serialised})`,
      value: p99,
      unit: 'ms',
      limit: wantedMs,
      goal: 1,
    });
  });
  // As if the last of them was just heard: its last day is one of many.
  const groups = groupFigures(index, { size, rounds: Math.ceil(rounds / 10), now: startMs + size * 1_000 }, say);
  index.close();
  const perRow = rowOf({ room, name: `index of ${size.toLocaleString('en-US')}`, value: bytes, unit: 'B a violation' });
  return [...rows, groups, perRow];
}

/** Something of each kind that people do, to every so-manieth violation. */
function work(log: ViolationLog, size: number): void {
  const by = 'token:lisa';
  for (let n = 0; n < 100; n++) {
    const id = `v${Math.floor((n * size) / 100)}`;
    log.fold(log.told('ViolationAcknowledged', id, { by, assignee: by }));
    const scope = n % 2 === 0 ? { violationId: id } : { rule: rules[n % 4], port: `leaf${n}:Ethernet${(n * 7) % 48}` };
    log.fold(log.muted(`m${n}`, scope, new Date(Date.now() + 3_600_000).toISOString()));
  }
}

const collect = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

/** Bytes in use once what nobody holds is gone. */
async function memory(): Promise<number> {
  collect();
  await new Promise(setImmediate);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function detected(log: ViolationLog, at: number): ReturnType<ViolationLog['detected']> {
  const rule = rules[at % rules.length];
  return log.detected(`v${at}`, {
    rule,
    severity: at % 3 === 0 ? 'high' : 'low',
    switch: `leaf${at % 100}`,
    port: `leaf${at % 100}:Ethernet${(at * 7) % 48}`,
    victimServerId: `srv-${at % 10_000}`,
    offenderCustomerId: `cust-${at % 20_000}`,
    etherSource: `52:54:00:${hex(at >> 16)}:${hex(at >> 8)}:${hex(at)}`,
    claimedMac: `52:54:00:${hex(at >> 16)}:${hex(at >> 8)}:${hex(at)}`,
    claimedAddress: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
  });
}

const hex = (value: number): string => (value & 255).toString(16).padStart(2, '0');
