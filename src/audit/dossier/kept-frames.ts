import { createHash } from 'node:crypto';
import { decodeEvent, type StoredEvent } from '../../../events/index.js';
import type { ZipEntry } from './canonical-zip.js';
import { DossierTooLarge, mostBytes } from './dossier-limits.js';

/** Where the kept frames of violations are: who wires the engine says it. */
export interface KeptFrames {
  /** The file as it is on disk, or why there is none. */
  framesOf(
    violationId: string,
  ): Promise<{ readonly state: 'kept'; readonly file: Buffer } | { readonly state: 'none' | 'removed' | 'altered' }>;
}

export const KEPT_FRAMES = Symbol('KEPT_FRAMES');

/** The frames of one violation, as far as the log says that some were kept. */
export interface FramesState {
  readonly violationId: string;
  /**
   * `enclosed`: as an enclosed EvidenceKept says. `removed`: no longer on disk. `replaced`: others are there, which the log
   * tells of after the end of the answer. `altered`: the file is not what the log says.
   */
  readonly state: 'enclosed' | 'removed' | 'replaced' | 'altered';
}

/** The frames that these events tell of, as files of a dossier. Rejects with a DossierTooLarge before they would fill memory. */
export async function framesFor(
  events: readonly StoredEvent[],
  kept: KeptFrames,
): Promise<{ readonly states: readonly FramesState[]; readonly files: readonly ZipEntry[] }> {
  const told = digestsOf(events);
  const files: ZipEntry[] = [];
  const states: FramesState[] = [];
  let bytes = 0;
  for (const [violationId, digests] of [...told].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = await kept.framesOf(violationId);
    if (found.state !== 'kept') {
      states.push({ violationId, state: found.state === 'altered' ? 'altered' : 'removed' });
    } else if (digests.has(sha256(found.file))) {
      bytes += found.file.length;
      if (bytes > mostBytes) throw new DossierTooLarge(`The kept frames alone have more than ${mostBytes} bytes`);
      files.push({ name: framesName(violationId), content: found.file });
      states.push({ violationId, state: 'enclosed' });
    } else states.push({ violationId, state: 'replaced' });
  }
  return { states, files };
}

/** Why a file of frames is not what the events say was kept; undefined where it is. */
export function framesProblem({ name, content }: ZipEntry, events: readonly StoredEvent[]): string | undefined {
  const [violationId] = [...digestsOf(events)].find(
    ([id, digests]) => framesName(id) === name && digests.has(sha256(content)),
  ) ?? [undefined];
  return violationId === undefined ? `${name}: no enclosed EvidenceKept tells of these frames` : undefined;
}

const framesName = (violationId: string): string => `frames/${violationId}.pcap`;
const fileable = /^[A-Za-z0-9-]{1,100}$/;
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** By violation, the digests of its files. */
function digestsOf(events: readonly StoredEvent[]): Map<string, Set<string>> {
  const told = new Map<string, Set<string>>();
  for (const stored of events) {
    const decoded = stored.type === 'EvidenceKept' ? decodeEvent(stored) : undefined;
    if (decoded?.readable !== true || decoded.event.type !== 'EvidenceKept') continue;
    const { violationId, sha256: digest } = decoded.event.data;
    if (fileable.test(violationId)) told.set(violationId, (told.get(violationId) ?? new Set()).add(digest));
  }
  return told;
}
