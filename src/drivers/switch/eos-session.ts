import { EapiError } from '../../transports/eapi-error.js';
import { eosDiffOf, eosSessionsOf } from './eos-sessions.js';

/** Asks the switch; one request each. Rejects with an EapiError. */
export type AskEos = (commands: readonly string[], format: 'json' | 'text') => Promise<unknown[]>;

export interface RefusedLine {
  readonly line: string;
  readonly said: string;
}

const linesAtOnce = 500;
/** A switch that refuses so many lines refuses them all for the same reason. */
const mostRefused = 20;

/** One configuration session of EOS: nothing of it counts before `commit`, and nothing of that lasts before `confirm`. */
export class EosSession {
  constructor(
    private readonly ask: AskEos,
    readonly name: string,
  ) {}

  /** Puts the lines into the session, which begins with the first; the lines that the switch refuses do not stop the others. */
  async fill(lines: readonly string[]): Promise<RefusedLine[]> {
    const refused: RefusedLine[] = [];
    for (let next = 0; next < lines.length && refused.length < mostRefused;) {
      const some = lines.slice(next, next + linesAtOnce);
      const failure = await this.inside(some).catch((error: unknown) => refusedLine(error, some.length));
      if (Array.isArray(failure)) next += some.length;
      else {
        refused.push({ line: some[failure.index] ?? '', said: failure.said });
        next += failure.index + 1;
      }
    }
    return refused;
  }

  /** What a commit would change just now, as lines with + and -: also what others changed since the session began. */
  async diff(): Promise<string[]> {
    const [, shown] = await this.ask(['enable', `show session-config named ${this.name} diffs`], 'text');
    return eosDiffOf(outputOf(shown));
  }

  /** Makes the session the running configuration, until it is confirmed or the seconds are over. */
  async commit(seconds: number): Promise<void> {
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
    const timer = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
    await this.ask(['enable', `configure session ${this.name} commit timer ${timer}`], 'text');
  }

  async confirm(): Promise<void> {
    await this.ask(['enable', `configure session ${this.name} commit`], 'text');
  }

  /** Forgets the session; one on the timer is taken back. */
  async abort(): Promise<void> {
    await this.ask(['enable', `configure session ${this.name} abort`], 'text');
  }

  /** What the switch says of the session: `finished` also where it does not know it. */
  async state(): Promise<'open' | 'on-timer' | 'finished'> {
    const [, shown] = await this.ask(['enable', 'show configuration sessions detail'], 'json');
    return eosSessionsOf(shown).find(({ name }) => name === this.name)?.state ?? 'finished';
  }

  private inside(lines: readonly string[]): Promise<unknown[]> {
    return this.ask(['enable', `configure session ${this.name}`, ...lines], 'text');
  }
}

/** The text of an answer in format text. */
export function outputOf(answer: unknown): string {
  const { output } = (answer ?? {}) as { readonly output?: unknown };
  if (typeof output === 'string') return output;
  throw new EapiError('unreadable', 'eAPI answered a command without its output');
}

/** Which of the lines was refused; any other failure, also that no session could be opened, is thrown on. */
function refusedLine(error: unknown, lines: number): { readonly index: number; readonly said: string } {
  if (!(error instanceof EapiError) || error.command === undefined) throw error;
  const index = error.command.index - 2;
  if (index < 0 || index >= lines) throw error;
  return { index, said: error.command.said.join('; ') };
}
