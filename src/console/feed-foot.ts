import type { Groups } from './groups.js';
import { countOf } from './violation.js';

/** How many violations are read, for the line below the list. */
export function footOf(shown: number, isMore: boolean): string {
  const count = shown.toLocaleString('en');
  return isMore ? `${count} read so far; scroll for more` : `${count} ${shown === 1 ? 'violation' : 'violations'}`;
}

/** The same of groups. */
export function footOfGroups({ lines, left, violations }: Pick<Groups, 'lines' | 'left' | 'violations'>): string {
  const all = (lines.length + left).toLocaleString('en');
  const shown = left === 0 ? all : `the ${lines.length.toLocaleString('en')} heard last of ${all}`;
  return `${shown} ${all === '1' ? 'group' : 'groups'}, ${countOf(violations)}`;
}
