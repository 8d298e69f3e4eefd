import type { Read } from '../as-of.js';
import { type Fields, strayField } from '../question.js';
import { longestText } from './reading.js';

export interface FindQuestion {
  readonly text: string;
  /** Hits of each kind. */
  readonly limit: number;
  /** Also what only the log knows. */
  readonly past: boolean;
}

export const mostHits = 50;
export const usualHits = 8;

export function readFindQuestion(fields: Fields): Read<FindQuestion> {
  const stray = strayField(fields, ['q', 'limit', 'past']);
  if (stray !== undefined) return { problem: stray };
  const { q: text = '', limit: limitText = String(usualHits), past = 'false' } = fields;
  if (text.trim() === '') return { problem: 'q: found nothing to look for; write an address, a MAC or a name' };
  if (text.length > longestText)
    return { problem: `q: found ${text.length} characters, expected at most ${longestText}` };
  const limit = /^\d{1,3}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > mostHits) return { problem: `limit: expected 1 to ${mostHits}, found "${limitText}"` };
  if (past !== 'true' && past !== 'false') return { problem: `past: expected true or false, found "${past}"` };
  return { value: { text, limit, past: past === 'true' } };
}
