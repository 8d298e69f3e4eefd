import type { CommandInput, CommandOption, ExitCode } from '../cli/command.js';
import type { OpenReader } from './ask-auditor.js';
import type { OpenLog } from './verify.command.js';

/** What the verbs of `portledger audit` may open. */
export interface AuditDoors {
  readonly openReader: OpenReader;
  readonly openLog: OpenLog;
}

/** One word after `portledger audit`: a question about the past, or a check that it is the past. */
export interface AuditVerb {
  readonly word: string;
  /** Each way to call it, without `portledger audit`, and what it gives. */
  readonly usage: readonly (readonly [call: string, gives: string])[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** `input.positionals` are the words after its own. */
  run(input: CommandInput, doors: AuditDoors): ExitCode | Promise<ExitCode>;
}
