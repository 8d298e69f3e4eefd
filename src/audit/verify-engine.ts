import { leafOrNone } from './log-reading.js';
import { verifyConsistency, verifyInclusion } from './merkle-proof.js';
import { hashesOf, type RemoteTree } from './remote-tree.js';
import { coverage, type Finding, type GivenCheckpoint, sortOut, type Verification } from './verification.js';

const checked = [
  'of each checkpoint: signature, log id, a log not shorter, and by a consistency proof that the log of now continues it',
  'the last event under the latest checkpoint and the last event of all: leaf hash, and by an audit path its place',
];
const notChecked = [
  'every other event: the engine was asked for its tree, not for the whole log; --data DIR reads that',
  'ordinals, revisions and recordedAt, for the same reason',
];
const withoutCheckpoint = 'any checkpoint: none was named, and an engine that was lied to agrees with itself';

/** Holds what a running engine says of its log against checkpoints, by proofs (RFC 9162), without reading the log. */
export async function verifyEngine(tree: RemoteTree, given: readonly GivenCheckpoint[]): Promise<Verification> {
  const head = await tree.head();
  const { findings, open } = sortOut(given, head.logId, head.size);
  const good: typeof open = [];
  for (const one of open) {
    const isProper = one.size > 0 && one.size < head.size;
    const path = isProper ? await tree.consistencyProof(one.size, head.size) : [];
    if (verifyConsistency(one, head, path)) good.push(one);
    else {
      const found = `no proof that the log of ${head.size} events begins with the ${one.size} that were signed`;
      const expected = `a log that continues the root ${one.root.toString('base64')}`;
      findings.push({ kind: 'checkpoint-root', checkpoint: one.where, found, expected });
    }
  }
  const latest = good.at(-1);
  if (latest !== undefined && latest.size > 0) findings.push(...(await lastEvent(tree, latest)));
  if (head.size > 0) findings.push(...(await lastEvent(tree, head)));
  return {
    logId: head.logId,
    size: head.size,
    root: head.root.toString('base64'),
    checked: given.length === 0 ? checked.slice(1) : checked,
    notChecked: given.length === 0 ? [withoutCheckpoint, ...notChecked] : notChecked,
    findings,
    ...coverage(given, good, head.size),
  };
}

async function lastEvent(tree: RemoteTree, head: { readonly size: number; readonly root: Buffer }): Promise<Finding[]> {
  const ordinal = head.size - 1;
  const { event, path } = await tree.proof({ ordinal }, head.size);
  if (verifyInclusion(leafOrNone(event), ordinal, head, hashesOf(path))) return [];
  const found = `no proof that the event served as #${ordinal} stands there`;
  return [{ kind: 'engine-event', ordinal, found, expected: `a path to the root ${head.root.toString('base64')}` }];
}
