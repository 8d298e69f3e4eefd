/** What every position looks like, whatever the store: a decimal number without leading zeros. */
export const isPosition = (text: string): boolean => /^(?:0|[1-9]\d{0,39})$/.test(text);

/** Negative when `a` stands before `b` in the log. */
export function comparePositions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Stands for the place before the first event of a log. */
export const fromTheStart = 'start';
