import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/event-store/canonical-json.js';
import { leafHash } from '../../src/event-store/leaf-hash.js';
import type { Row } from './sealed-log.js';

/** A whole number from 0 up to, not including, `below`. */
export type Choose = (below: number) => number;

/** The same choices for the same seed (mulberry32). */
export function choices(seed: number): Choose {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** What somebody who owns the machine may do to the events below `covered`; the rest of the log may move along. */
type Mutation = (rows: readonly Row[], covered: number, pick: Choose) => Row[];

const editMember: Mutation = (rows, covered, pick) =>
  edited(rows, pick(covered), (row) => {
    const data = JSON.parse(row.data) as Record<string, unknown>;
    const names = Object.keys(data);
    const name = names[pick(names.length)] ?? '';
    const value = data[name];
    const turn = pick(3);
    if (turn === 0) data[`${name}2`] = value;
    else if (turn === 1) data[name] = typeof value === 'number' ? value + 1 : `${String(value)}x`;
    else delete data[name];
    return { data: canonicalJson(data) };
  });

const editMetadata =
  (name: 'time' | 'recordedAt' | 'source' | 'sourceId' | 'schemaVersion'): Mutation =>
  (rows, covered, pick) =>
    edited(rows, pick(covered), (row) => {
      const metadata = JSON.parse(row.metadata) as Record<string, unknown>;
      const value = metadata[name];
      const shift = (1 + pick(100_000)) * (pick(2) === 0 ? 1 : -1);
      if (typeof value === 'number') metadata[name] = value + 1;
      else if (name === 'time' || name === 'recordedAt')
        metadata[name] = new Date(Date.parse(String(value)) + shift).toISOString();
      else metadata[name] = `${String(value)}x`;
      return { metadata: canonicalJson(metadata) };
    });

const editName =
  (name: 'id' | 'type'): Mutation =>
  (rows, covered, pick) =>
    edited(rows, pick(covered), () => ({ [name]: name === 'id' ? randomUUID() : 'ServerRemoved' }));

const changeStream: Mutation = (rows, covered, pick) =>
  renumbered(
    edited(rows, pick(covered), (row) => ({ stream: pick(2) === 0 ? `${row.stream}9` : otherStream(rows, row) })),
  );

const changeRevision: Mutation = (rows, covered, pick) => {
  const at = pick(covered);
  const row = rows[at];
  const twins = rows.flatMap((one, index) => (one.stream === row?.stream && index !== at ? [index] : []));
  const twin = twins[pick(twins.length)];
  if (row === undefined || twin === undefined || pick(2) === 0)
    return edited(rows, at, ({ revision }) => ({ revision: revision + rows.length }));
  const other = rows[twin]?.revision ?? 0;
  return edited(
    edited(rows, at, () => ({ revision: other })),
    twin,
    () => ({ revision: row.revision }),
  );
};

const remove: Mutation = (rows, covered, pick) => {
  const left = rows.toSpliced(pick(covered), 1);
  return pick(3) === 0 ? left : renumbered(left);
};

const insert: Mutation = (rows, covered, pick) => {
  const at = pick(covered);
  const model = rows[at];
  if (model === undefined) return [...rows];
  const metadata = canonicalJson({ ...(JSON.parse(model.metadata) as object), sourceId: `new-${pick(1000)}` });
  return renumbered(rows.toSpliced(at, 0, withLeaf({ ...model, id: randomUUID(), metadata })));
};

const swap: Mutation = (rows, covered, pick) => {
  const first = pick(covered);
  const second = (first + 1 + pick(rows.length - 1)) % rows.length;
  const [one, other] = [rows[first], rows[second]];
  if (one === undefined || other === undefined) return [...rows];
  return renumbered(rows.with(first, other).with(second, one));
};

const truncate: Mutation = (rows, covered, pick) => rows.slice(0, pick(covered));

/** By name. Each leaves a log that the file takes; ordinals and revisions are put in order where a careful insider would. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'edit a member of the data': editMember,
  'edit the id': editName('id'),
  'edit the type': editName('type'),
  'edit the time': editMetadata('time'),
  'edit recordedAt': editMetadata('recordedAt'),
  'edit the source': editMetadata('source'),
  'edit the id at the source': editMetadata('sourceId'),
  'edit the schema version': editMetadata('schemaVersion'),
  'move to another stream': changeStream,
  'change a revision': changeRevision,
  'delete one': remove,
  'insert one': insert,
  'swap two': swap,
  'truncate the tail': truncate,
};

/** Whether two logs differ below `covered`, in anything a reader sees. */
export function differs(rows: readonly Row[], others: readonly Row[], covered: number): boolean {
  const seen = (list: readonly Row[]): string =>
    JSON.stringify(list.slice(0, covered).map((row) => ({ ...row, leafHash: '' })));
  return seen(rows) !== seen(others);
}

/** Leaf hashes that fit the events again. */
export const withFreshLeaves = (rows: readonly Row[]): Row[] => rows.map(withLeaf);

const withLeaf = (row: Row): Row => ({ ...row, leafHash: leafHash(row) });

function edited(rows: readonly Row[], at: number, change: (row: Row) => Partial<Row>): Row[] {
  return rows.map((row, index) => (index === at ? { ...row, ...change(row) } : row));
}

function renumbered(rows: readonly Row[]): Row[] {
  const revisions = new Map<string, number>();
  return rows.map((row, ordinal) => {
    const revision = revisions.get(row.stream) ?? 0;
    revisions.set(row.stream, revision + 1);
    return { ...row, ordinal, revision };
  });
}

function otherStream(rows: readonly Row[], row: Row): string {
  return rows.find(({ stream }) => stream !== row.stream)?.stream ?? `${row.stream}0`;
}
