import type { StoredEvent } from '../../events/index.js';
import { type EventStore, Frontier, type StoreError, type TreeHead } from '../event-store/event-store.port.js';
import { leafOrNone, LogReading } from './log-reading.js';
import { coverage, type Finding, type GivenCheckpoint, sortOut, type Verification } from './verification.js';

/** What of a store a verification reads. */
export type VerifiableLog = Pick<EventStore, 'logId' | 'readAll' | 'tree'>;

const pageSize = 1000;

const checked = [
  'the leaf hash of every event, computed anew from what is stored',
  'ordinals without a gap, revisions without a gap in each stream, recordedAt never decreasing',
  "the root over these leaves against the store's own tree",
];
const withoutCheckpoint = 'any checkpoint: none was named, and a log that was rewritten as a whole agrees with itself';
const ofCheckpoints = 'of each checkpoint: signature, log id, a log not shorter, the root at its size';

/**
 * Reads a whole log and holds it against its own tree and against checkpoints. The end is that of the log when it begins.
 * Rejects with the StoreError of a log that cannot be read for another reason than what is in it.
 * @param onProgress events read, and their share of all
 */
export async function verifyLog(
  log: VerifiableLog,
  given: readonly GivenCheckpoint[],
  onProgress: (count: number, share: number) => void = () => {},
): Promise<Verification> {
  const findings: Finding[] = [];
  const head = await guarded(() => log.tree.head(), findings, 'store-tree');
  const reading = new LogReading();
  // The sizes at which a root is wanted are known before the log is read, so that one pass is enough.
  const wanted = new Set(given.flatMap((one) => ('checkpoint' in one ? one.checkpoint.size : [])));
  const roots = new Map([[0, reading.root()]]);
  const readThrough = async (): Promise<void> => {
    for await (const page of pagesOf(log, head?.size)) {
      for (const event of page) {
        reading.take(event);
        if (wanted.has(reading.size)) roots.set(reading.size, reading.root());
      }
      if (head !== undefined) onProgress(reading.size, reading.size / head.size);
    }
  };
  await guarded(readThrough, findings, 'log-unreadable');
  findings.push(...reading.findings);
  if (head !== undefined) findings.push(...(await againstTree(log, head, reading)));
  const { size } = reading;
  const sorted = sortOut(given, log.logId, size);
  const holds = ({ size: at, root }: TreeHead): boolean => roots.get(at)?.equals(root) === true;
  const good = sorted.open.filter(holds);
  findings.push(...sorted.findings);
  for (const bad of sorted.open) if (!holds(bad)) findings.push(otherRoot(bad, good, roots.get(bad.size)));
  return {
    logId: log.logId,
    size,
    root: reading.root().toString('base64'),
    checked: given.length === 0 ? checked : [...checked, ofCheckpoints],
    notChecked: given.length === 0 ? [withoutCheckpoint] : [],
    findings,
    ...coverage(given, good, size),
  };
}

/** The log page by page, but no more than its first `size` events. */
async function* pagesOf(
  log: Pick<VerifiableLog, 'readAll'>,
  size = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<readonly StoredEvent[]> {
  let left = size;
  let after: string | undefined;
  do {
    const page = await log.readAll({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    yield page.events.slice(0, left);
    left -= page.events.length;
    after = page.next;
  } while (after !== undefined && left > 0);
}

/** The store's tree must stand over as many events as there are, and over the same ones. */
async function againstTree(log: VerifiableLog, head: TreeHead, reading: LogReading): Promise<Finding[]> {
  if (reading.size !== head.size) {
    const [found, expected] = [
      `${reading.size} events can be read`,
      `${head.size}, as many as the store's tree has leaves`,
    ];
    return [{ kind: 'store-tree', ordinal: reading.size, found, expected }];
  }
  if (reading.root().equals(head.root)) return [];
  const findings: Finding[] = [];
  const ordinal = await guarded(() => firstDifference(log, head.size), findings, 'store-tree');
  const found = `a root of ${reading.root().toString('base64')} over the events`;
  const expected = `${head.root.toString('base64')}, as the store's own tree has it`;
  return [{ kind: 'store-tree', ...(ordinal === undefined ? {} : { ordinal }), found, expected }, ...findings];
}

/** The ordinal of the first event that is not the one the store's tree has, found by a second reading. */
async function firstDifference(log: VerifiableLog, size: number): Promise<number | undefined> {
  let before = Frontier.empty();
  const isAsKept = async (tree: Frontier): Promise<boolean> => tree.root().equals(await log.tree.rootAt(tree.size));
  for await (const page of pagesOf(log, size)) {
    const after = before.copy();
    for (const event of page) after.push(leafOrNone(event));
    if (!(await isAsKept(after))) {
      for (const event of page) {
        before.push(leafOrNone(event));
        if (!(await isAsKept(before))) return before.size - 1;
      }
    }
    before = after;
  }
  return undefined;
}

/** Between the last checkpoint that holds and the first that does not lies the first change. */
function otherRoot(
  { where, size, root }: TreeHead & { readonly where: string },
  good: readonly TreeHead[],
  actual: Buffer | undefined,
): Finding {
  const from = good.filter((one) => one.size < size).at(-1)?.size ?? 0;
  const found = `the root ${actual?.toString('base64') ?? '(none)'} over the first ${size} events; what was changed lies at #${from} or later`;
  return { kind: 'checkpoint-root', ordinal: from, checkpoint: where, found, expected: root.toString('base64') };
}

/** Runs a reading; a log or tree that turns out damaged is a finding, and the answer is undefined. */
async function guarded<Answer>(
  reading: () => Promise<Answer>,
  findings: Finding[],
  kind: Finding['kind'],
): Promise<Answer | undefined> {
  try {
    return await reading();
  } catch (error) {
    if (!isDamage(error)) throw error;
    findings.push({
      kind,
      found: (error as Error).message,
      expected: 'a log that can be read from its first event to its last',
    });
    return undefined;
  }
}

/** Whether an error tells of what is in the log; a RangeError: the tree has not the leaves that its size promises. */
export function isDamage(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  // By name: a test runner may load the class twice.
  return error instanceof Error && error.name === 'StoreError' && (error as StoreError).code === 'store-corrupt';
}
