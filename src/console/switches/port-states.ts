/** What a port can be, the one that counts most first; the engine decides which. */
export const portStates = [
  'violation',
  'frozen',
  'drift',
  'push-pending',
  'up-unsold',
  'sold-down',
  'not-watched',
  'matched',
  'free',
] as const;
export type PortState = (typeof portStates)[number];
export type StateCounts = Readonly<Record<PortState, number>>;

/** What tells a state without colour. */
export const symbols: Readonly<Record<PortState, string>> = {
  violation: '!',
  frozen: '‖',
  drift: '≠',
  'push-pending': '↑',
  'up-unsold': '?',
  'sold-down': '↓',
  'not-watched': '○',
  matched: '✓',
  free: '·',
};

export const titles: Readonly<Record<PortState, string>> = {
  violation: 'violation',
  frozen: 'frozen',
  drift: 'drift',
  'push-pending': 'push pending',
  'up-unsold': 'up but unsold',
  'sold-down': 'sold but down',
  'not-watched': 'not watched',
  matched: 'matched',
  free: 'free',
};

/** The states that a filter names; what names none is left out. */
export function statesIn(text: string | undefined): readonly PortState[] {
  const named = new Set(text?.split(',') ?? []);
  return portStates.filter((state) => named.has(state));
}

/** The filter with one state more, or one less; undefined where none is left. */
export function toggled(text: string | undefined, state: PortState): string | undefined {
  const states = statesIn(text);
  const next = states.includes(state) ? states.filter((one) => one !== state) : [...states, state];
  return next.length === 0 ? undefined : portStates.filter((one) => next.includes(one)).join(',');
}
