import { CliError, type CommandInput, exitCode, type ExitCode, type OptionValues } from '../../cli/command.js';
import type { EngineClient } from '../../cli/engine-client.js';
import { renderRenumbering } from './render-renumbering.js';
import type { RenumberingView } from './renumber-view.js';

export const renumberingsPath = '/v1/renumberings';

/** What was typed is no such command: ends with 2. */
export const usage = (message: string): CliError => new CliError(exitCode.usage, message);

/** Prints one renumbering with everything, or as JSON. */
export function told({ options, io }: CommandInput, view: RenumberingView): ExitCode {
  io.out(`${options.flag('json') ? JSON.stringify(view) : renderRenumbering(view)}\n`);
  return exitCode.ok;
}

/** All renumberings, or those in these states (several with commas). */
export async function listed(engine: EngineClient, states: string | undefined): Promise<RenumberingView[]> {
  const query = states === undefined ? '' : `?state=${encodeURIComponent(states)}`;
  return ((await engine.get(`${renumberingsPath}${query}`)) as { renumberings: RenumberingView[] }).renumberings;
}

/** The one id that was typed. Throws a CliError where it is none or several. */
export function oneId(word: string, positionals: readonly string[]): string {
  const [id, ...more] = positionals;
  if (id !== undefined && more.length === 0) return id;
  throw usage(`renumber ${word}: expected one id; portledger renumber list shows them.`);
}

/** `--reason` as the body of a request. */
export function reasonIn(options: OptionValues): { readonly reason?: string } {
  const reason = options.text('reason');
  return reason === undefined ? {} : { reason };
}

/** One line: what became of it. */
export const saidOf = ({ renumberingId, state, detail }: RenumberingView): string =>
  `${renumberingId} is ${state}. ${detail}`;
