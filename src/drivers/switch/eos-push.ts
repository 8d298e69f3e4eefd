import type { EosLook } from './eos-look.js';
import { type AskEos, EosSession } from './eos-session.js';
import { type EosStep, unexplainedBy } from './eos-steps.js';
import { pushInRounds } from './push-rounds.js';
import { type LostChange, missingFrom, NotTaken } from './read-back.js';

export interface EosPushOptions {
  readonly ask: AskEos;
  readonly look: () => Promise<EosLook>;
  readonly sessionName: string;
  /** After so many seconds the switch takes back what was not confirmed. */
  readonly commitSeconds: number;
  /** How often, and how long apart in ms, the switch is read before a push counts as not taken. */
  readonly readBackTries: number;
  readonly readBackPauseMs: number;
}

/**
 * Commits the steps on a timer, reads back what the switch works by, and only then confirms. Whatever goes wrong before
 * the confirmation leaves the switch as it was: at once where it can still be told, else when the timer ends.
 * A change that the switch refuses, or does not work by, is left out whole and the others are sent again without it.
 * Returns those changes, and what the switch shows at last.
 */
export async function pushEos(
  steps: readonly EosStep[],
  options: EosPushOptions,
): Promise<{ readonly lost: readonly LostChange[]; readonly after: EosLook }> {
  const session = new EosSession(options.ask, options.sessionName);
  return pushInRounds(steps, {
    attempt: async (left) => (await refusedOf(session, left)) ?? (await notShownOf(session, left, options)),
    takeBack: () => session.abort(),
    look: options.look,
  });
}

/** Fills the session. The changes whose lines were refused; undefined where there are none. */
async function refusedOf(session: EosSession, steps: readonly EosStep[]): Promise<LostChange[] | undefined> {
  const refused = await session.fill(steps.flatMap(({ lines }) => lines));
  const said = new Map(refused.map((one) => [one.line, one.said]));
  const lost = steps.flatMap(({ change, lines }): LostChange[] => {
    const line = lines.find((one) => said.has(one));
    return line === undefined ? [] : [{ change, why: `"${line}": ${said.get(line)}` }];
  });
  return lost.length === 0 ? undefined : lost;
}

/** Commits and reads back. The changes that the switch does not work by; undefined where it does, and then confirmed. */
async function notShownOf(
  session: EosSession,
  steps: readonly EosStep[],
  options: EosPushOptions,
): Promise<LostChange[] | undefined> {
  const diff = await session.diff();
  const stranger = unexplainedBy(steps, diff);
  if (stranger !== undefined || diff.length === 0) await session.abort();
  if (stranger !== undefined)
    throw new NotTaken(
      `somebody else changed the configuration while our session was open: its commit would also mean "${stranger}"; the session was given up`,
    );
  if (diff.length === 0) return undefined; // somebody did the same meanwhile, or the switch lies: the last look tells
  await session.commit(options.commitSeconds);
  if ((await session.state()) !== 'on-timer')
    throw new NotTaken('the switch does not show our commit as waiting for its confirmation');
  const changes = steps.map(({ change }) => change);
  let missing: LostChange[] = [];
  for (let tries = 0; tries < options.readBackTries; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, options.readBackPauseMs));
    missing = missingFrom(await options.look(), changes);
    if (missing.length === 0) break;
  }
  if (missing.length === steps.length) throw new NotTaken(`${missing[0]?.why}; the commit is taken back`);
  if (missing.length > 0) return missing;
  await session.confirm();
  if ((await session.state()) === 'finished') return undefined;
  throw new NotTaken('the switch still shows our commit as unconfirmed after it was confirmed');
}
