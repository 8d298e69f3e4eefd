import type { EventMetadata, StoredEvent } from '../../../events/index.js';
import { canonicalJson } from '../canonical-json.js';
import type { TreeHead } from '../event-store.port.js';

// An exported log: NDJSON in UTF-8, a header line and one line an event, in the order of the ordinals.

/** The first line of an export. */
export interface ExportHeader {
  readonly logId: string;
  /** The head of the log that the export ends at, fixed when it was begun. */
  readonly head: TreeHead;
  /** Ordinal of the first event that is exported: 0 for a whole log. */
  readonly from: number;
}

/** An event as it is exported: all but its position, which means something to one store only. */
export type ExportedEvent = Omit<StoredEvent, 'position'>;

/** A file that is not what an export must be; says at which line, and the cure. */
export class ExportDamaged extends Error {
  constructor(where: string, found: string) {
    super(`${where}: ${found}. Nothing from there on was taken; export the log anew, or use another copy of the file.`);
    this.name = 'ExportDamaged';
  }
}

export function headerLine({ logId, head, from }: ExportHeader): string {
  const start = from === 0 ? {} : { from };
  const root = head.root.toString('hex');
  return `${JSON.stringify({ portledger: 'log', version: 1, logId, size: head.size, root, ...start })}\n`;
}

/** An event in RFC 8785 form, so that one log has one export. */
export function eventLine({ ordinal, id, stream, revision, type, data, metadata }: ExportedEvent): string {
  return `${canonicalJson({ ordinal, id, stream, revision, type, data, metadata })}\n`;
}

/** Reads the first line; undefined for a text that no export of this version begins with. */
export function readHeader(line: string): ExportHeader | undefined {
  const fields = parsed(line);
  if (fields?.['portledger'] !== 'log' || fields['version'] !== 1) return undefined;
  const { logId, size, root, from = 0 } = fields;
  if (typeof logId !== 'string' || typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return undefined;
  if (!isCount(size) || !isCount(from) || from > size) return undefined;
  return { logId, head: { size, root: Buffer.from(root, 'hex') }, from };
}

/** Reads the line of an event; undefined where it is none. What its data means is not looked at. */
export function readEventLine(line: string): ExportedEvent | undefined {
  const fields = parsed(line);
  if (fields === undefined) return undefined;
  const { ordinal, id, stream, revision, type, data, metadata } = fields;
  if (!isCount(ordinal) || !isCount(revision)) return undefined;
  if (typeof id !== 'string' || typeof stream !== 'string' || typeof type !== 'string') return undefined;
  if (data === undefined || typeof metadata !== 'object' || metadata === null) return undefined;
  return { ordinal, id, stream, revision, type, data, metadata: metadata as EventMetadata };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
