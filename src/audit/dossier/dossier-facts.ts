import type { StoredEvent } from '../../../events/index.js';
import type { Answered, QuestionWords } from './dossier-question.js';
import type { FramesState } from './kept-frames.js';

/** What a dossier says of itself: its `question.json`. */
export interface DossierFacts extends QuestionWords {
  readonly portledger: 'dossier';
  readonly version: 1;
  readonly logId: string;
  /** The last event that was known when the question was answered. */
  readonly known: { readonly ordinal: number; readonly recordedAt: string };
  /** Events under the enclosed checkpoint. */
  readonly checkpointSize: number;
  /** Name and id of the key; the key itself must come by a way of its own. */
  readonly signedBy: string;
  /** Whether the enclosed events alone, folded anew, gave the same answer. */
  readonly suffices: boolean;
  readonly frames: readonly FramesState[];
  /** Servers that the enclosed events name, and the answer does not. */
  readonly otherServers: readonly string[];
}

/** The servers that these events name, and the answer does not; sorted. */
export function otherServers(events: readonly StoredEvent[], { answer }: Answered): string[] {
  const named = new Set<string>();
  for (const { data } of events) collectServers(data, named);
  const told = new Set<string>();
  collectServers(answer, told);
  return [...named].filter((id) => !told.has(id)).sort();
}

function collectServers(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'string') collectServers(member, found);
    else if (/^(?:offenderS|victimS|s)erverId$/.test(name)) found.add(member);
  }
}
