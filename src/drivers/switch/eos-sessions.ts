/** A configuration session that may still change the switch. */
export interface EosOpenSession {
  readonly name: string;
  /** `open`: lines that nobody committed. `on-timer`: committed, and taken back when its timer ends unless confirmed. */
  readonly state: 'open' | 'on-timer';
}

/**
 * The unfinished sessions of `show configuration sessions detail`. Up to EOS 4.31 a session on the timer has the state
 * `pendingCommitTimer`; from 4.32 on it says `committed` at once and only `commitTimerSessionName` tells.
 */
export function eosSessionsOf(answer: unknown): EosOpenSession[] {
  if (typeof answer !== 'object' || answer === null) return [];
  const { sessions, commitTimerSessionName: onTimer } = answer as Readonly<Record<string, unknown>>;
  const found = new Map<string, EosOpenSession>();
  for (const [name, session] of Object.entries(typeof sessions === 'object' && sessions !== null ? sessions : {})) {
    const { state } = (session ?? {}) as { readonly state?: unknown };
    if (state === 'pending') found.set(name, { name, state: 'open' });
    else if (state === 'pendingCommitTimer') found.set(name, { name, state: 'on-timer' });
  }
  if (typeof onTimer === 'string' && onTimer !== '') found.set(onTimer, { name: onTimer, state: 'on-timer' });
  return [...found.values()];
}

/** The lines that `show session-config named X diffs` would add (+) and remove (-), without its headings and context. */
export function eosDiffOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^[+-]/.test(line) && !/^(?:\+\+\+|---) /.test(line))
    .map((line) => line.trimEnd())
    .filter((line) => line.slice(1).trim() !== '' && line.slice(1).trim() !== '!');
}
