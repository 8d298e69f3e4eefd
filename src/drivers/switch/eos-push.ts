import { type EosLook, lookAtEos } from './eos-look.js';
import { type AskEos, EosSession, type RefusedLine } from './eos-session.js';
import { type EosStep, missingFrom, unexplainedBy } from './eos-steps.js';

export interface EosPushOptions {
  readonly ask: AskEos;
  readonly sessionName: string;
  /** After so many seconds the switch takes back what was not confirmed. */
  readonly commitSeconds: number;
  /** How often, and how long apart in ms, the switch is read before a push counts as not taken. */
  readonly readBackTries: number;
  readonly readBackPauseMs: number;
}

/** A push that was taken back because the switch does not show what it was told. */
export class NotTaken extends Error {}

/**
 * Commits the steps on a timer, reads back what the switch works by, and only then confirms. Whatever goes wrong before
 * the confirmation leaves the switch as it was: at once where it can still be told, else when the timer ends.
 * A step with a line that the switch refuses is left out whole. Returns those lines, and what the switch shows at last.
 */
export async function pushEos(
  steps: readonly EosStep[],
  options: EosPushOptions,
): Promise<{ readonly refused: readonly RefusedLine[]; readonly after: EosLook }> {
  const session = new EosSession(options.ask, options.sessionName);
  const { taken, refused } = await fill(session, steps);
  const diff = taken.length === 0 ? [] : await session.diff();
  const stranger = unexplainedBy(taken, diff);
  if (diff.length === 0 || stranger !== undefined) await session.abort();
  if (stranger !== undefined)
    throw new NotTaken(
      `somebody else changed the configuration while our session was open: its commit would also mean "${stranger}"; the session was given up`,
    );
  if (diff.length > 0) await commit(session, taken, options);
  const after = await lookAtEos(options.ask);
  const changes = taken.map(({ change }) => change);
  const missing = missingFrom(after, changes);
  if (missing !== undefined) throw new NotTaken(`reading back shows ${missing}`);
  return { refused, after };
}

/** Fills the session. Where a line is refused it begins again without the whole step, so that none is half there. */
async function fill(
  session: EosSession,
  steps: readonly EosStep[],
): Promise<{ readonly taken: readonly EosStep[]; readonly refused: readonly RefusedLine[] }> {
  const refused = await session.fill(steps.flatMap(({ lines }) => lines));
  if (refused.length === 0) return { taken: steps, refused };
  await session.abort();
  const lost = new Set(refused.map(({ line }) => line));
  const taken = steps.filter(({ lines }) => !lines.some((line) => lost.has(line)));
  const again = await session.fill(taken.flatMap(({ lines }) => lines));
  if (again.length === 0) return { taken, refused };
  await session.abort();
  return { taken: [], refused: [...refused, ...again] };
}

async function commit(session: EosSession, steps: readonly EosStep[], options: EosPushOptions): Promise<void> {
  await session.commit(options.commitSeconds);
  if ((await session.state()) !== 'on-timer')
    throw new NotTaken('the switch does not show our commit as waiting for its confirmation');
  const changes = steps.map(({ change }) => change);
  let missing: string | undefined;
  for (let tries = 0; tries < options.readBackTries; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, options.readBackPauseMs));
    missing = missingFrom(await lookAtEos(options.ask), changes);
    if (missing === undefined) break;
  }
  if (missing !== undefined) {
    await session.abort();
    throw new NotTaken(`reading back shows ${missing}; the commit was taken back`);
  }
  await session.confirm();
  if ((await session.state()) !== 'finished')
    throw new NotTaken('the switch still shows our commit as unconfirmed after it was confirmed');
}
