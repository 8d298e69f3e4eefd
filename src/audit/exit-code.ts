import { UsageError, type CommandSurroundings } from './auditor-options.js';
import { EngineProblem } from './remote-auditor.js';
import { printable } from './text-table.js';

/** How the questions end: answered, failed, called wrongly, nothing known, no engine reached. */
export const exitCode = { ok: 0, error: 1, usage: 2, notFound: 3, unreachable: 7 } as const;

/** Runs a command and turns whatever it throws into one line on stderr and an exit code. */
export async function exitCodeOf(
  name: string,
  { err }: CommandSurroundings,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    err(`portledger ${name}: ${printable(message)}\n`);
    const code = codeOf(error);
    if (code === exitCode.usage) err(`See: portledger ${name} --help\n`);
    return code;
  }
}

function codeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCode.usage;
  if (isParseArgsError(error)) return exitCode.usage;
  if (!(error instanceof EngineProblem)) return exitCode.error;
  if (error.status === undefined) return exitCode.unreachable;
  return error.status === 400 ? exitCode.usage : exitCode.error;
}

function isParseArgsError(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
}
