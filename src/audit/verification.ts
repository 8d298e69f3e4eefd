import type { Checkpoint } from './checkpoints/checkpoint.js';

/** Something that is not as it must be in a log that nobody rewrote. */
export interface Finding {
  readonly kind:
    | 'ordinal'
    | 'revision'
    | 'recorded-at'
    | 'leaf'
    | 'log-unreadable'
    | 'store-tree'
    | 'engine-event'
    | 'checkpoint-untrusted'
    | 'checkpoint-other-log'
    | 'checkpoint-ahead'
    | 'checkpoint-root';
  /** The first event that is not as expected, or that may not be. */
  readonly ordinal?: number;
  /** Where the checkpoint stands: file and line. */
  readonly checkpoint?: string;
  readonly found: string;
  readonly expected: string;
}

/** A checkpoint of a file, or why it proves nothing. */
export type GivenCheckpoint = { readonly where: string } & (
  { readonly checkpoint: Checkpoint } | { readonly problem: string }
);

/** What was looked at, and what came of it. */
export interface Verification {
  readonly logId: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly checked: readonly string[];
  readonly notChecked: readonly string[];
  /** Empty when everything that was checked is as it must be. */
  readonly findings: readonly Finding[];
  readonly checkpoints: {
    readonly given: number;
    readonly good: number;
    /** The largest one that holds. */
    readonly latest?: { readonly where: string; readonly size: number };
  };
  /** How many events the latest checkpoint that holds covers, and how many came after it. */
  readonly covered: number;
  readonly uncovered: number;
}

/** What the checkpoints say by themselves, before any of them is held against a log: findings, and those that are left. */
export function sortOut(
  given: readonly GivenCheckpoint[],
  logId: string,
  size: number,
): { readonly findings: Finding[]; readonly open: (Checkpoint & { readonly where: string })[] } {
  const findings: Finding[] = [];
  const open: (Checkpoint & { where: string })[] = [];
  for (const one of given) {
    const { where } = one;
    if ('problem' in one) {
      const expected = 'a checkpoint signed with a key that was named';
      findings.push({ kind: 'checkpoint-untrusted', checkpoint: where, found: one.problem, expected });
    } else if (one.checkpoint.logId !== undefined && one.checkpoint.logId !== logId) {
      const [found, expected] = [`it is of the log ${one.checkpoint.logId}`, `the log ${logId}`];
      findings.push({ kind: 'checkpoint-other-log', checkpoint: where, found, expected });
    } else if (one.checkpoint.size > size) {
      const [found, expected] = [`a log of ${size} events`, `at least the ${one.checkpoint.size} that it covers`];
      findings.push({ kind: 'checkpoint-ahead', ordinal: size, checkpoint: where, found, expected });
    } else open.push({ ...one.checkpoint, where });
  }
  return { findings, open: open.sort((one, other) => one.size - other.size) };
}

/** The part of a verification that counts checkpoints and the events they cover. */
export function coverage(
  given: readonly GivenCheckpoint[],
  good: readonly { readonly where: string; readonly size: number }[],
  size: number,
): Pick<Verification, 'checkpoints' | 'covered' | 'uncovered'> {
  const latest = good.at(-1);
  const covered = latest?.size ?? 0;
  const last = latest === undefined ? {} : { latest: { where: latest.where, size: latest.size } };
  return {
    checkpoints: { given: given.length, good: good.length, ...last },
    covered,
    uncovered: Math.max(0, size - covered),
  };
}
