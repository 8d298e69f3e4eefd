import { readViolationQuestion, violationPage } from '../../src/feed/violation-page.js';
import { ViolationIndex } from '../../src/feed/violation-index.js';
import type { QueryFields } from '../../src/feed/violation-filter.js';
import { ViolationLog } from '../feed/violation-log.js';
import { type BenchRow, rowOf } from './row.js';
import { percentile } from './statistics.js';

const room = 'feed';
const wantedMs = 30;
const rules = ['address-spoof', 'mac-mismatch', 'unknown-mac', 'rogue-router-advertisement'];
const questions: readonly (readonly [name: string, fields: QueryFields])[] = [
  ['newest 100', {}],
  ['state and severity', { state: 'new', severity: 'high' }],
  ['one port of 4,800', { port: 'leaf7:Ethernet41' }],
  ['one customer of 20,000', { customer: 'cust-777' }],
  ['a MAC that nobody has', { q: '5254.00ff.ffff' }],
];

/** How long a page of the list takes, serialised, beside the serialising of the same rows alone. */
export async function listFigures(size: number, rounds: number, say: (text: string) => void): Promise<BenchRow[]> {
  say(`${size} violations are folded`);
  const log = new ViolationLog();
  const index = new ViolationIndex(log.liveMap);
  for (let at = 0; at < size; at += 1_000) {
    const many = Math.min(1_000, size - at);
    log.fold(...Array.from({ length: many }, (_, offset) => detected(log, at + offset)));
  }
  while (!index.live) await new Promise(setImmediate);
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
    const serialised = percentile(alone, 0.99).toFixed(2);
    return rowOf({
      room,
      name: `${what} (its JSON alone ${serialised})`,
      value: p99,
      unit: 'ms',
      limit: wantedMs,
      goal: 1,
    });
  });
  index.close();
  return rows;
}

function detected(log: ViolationLog, at: number): ReturnType<ViolationLog['detected']> {
  const rule = rules[at % rules.length];
  return log.detected(`v${at}`, {
    rule,
    severity: at % 3 === 0 ? 'high' : 'low',
    switch: `leaf${at % 100}`,
    port: `leaf${at % 100}:Ethernet${(at * 7) % 48}`,
    offenderCustomerId: `cust-${at % 20_000}`,
    etherSource: `52:54:00:${hex(at >> 16)}:${hex(at >> 8)}:${hex(at)}`,
    claimedMac: `52:54:00:${hex(at >> 16)}:${hex(at >> 8)}:${hex(at)}`,
    claimedAddress: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
  });
}

const hex = (value: number): string => (value & 255).toString(16).padStart(2, '0');
