import { createReadStream, statSync } from 'node:fs';
import { CliError, type Command, type CommandInput, type CommandIo, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { Interrupt } from '../cli/interrupt.js';
import { Progress } from '../cli/progress.js';
import { readLines } from './ndjson.js';
import type { LineOutcome } from './publisher.js';

async function run({ options, positionals, io }: CommandInput): Promise<ExitCode> {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new CliError(
      exitCode.usage,
      'Name one file of JSON lines, or - for standard input: portledger publish FILE.',
    );
  }
  const { chunks, size } = file === '-' ? { chunks: io.stdin, size: undefined } : openFile(file);
  const isDryRun = options.flag('dry-run');
  const report = new Report(file, isDryRun, options.flag('json'), io);
  const engine = EngineClient.from(options, io);
  const { Publisher } = await import('./publisher.js');
  // Standard input may stay silent for ever: there, Ctrl-C is left to the system.
  const interrupt = file === '-' ? undefined : new Interrupt();
  const publisher = new Publisher(
    engine,
    (outcome) => report.line(outcome),
    interrupt && ((ms) => interrupt.pause(ms)),
    isDryRun ? '/v1/events?dryRun=true' : '/v1/events',
  );
  const progress = new Progress(io, 'events');
  try {
    for await (const line of readLines(chunks)) {
      if (interrupt?.wanted === true)
        throw new CliError(exitCode.interrupted, `Interrupted before line ${line.number}.`);
      await publisher.add(line);
      progress.show(publisher.answered, size === undefined ? undefined : line.bytesRead / size);
    }
    await publisher.flush();
  } catch (error) {
    await publisher.settled();
    progress.clear();
    if (!(error instanceof CliError)) throw error;
    const cure = isDryRun ? '' : ' Run the same again to go on; what is stored is not stored twice.';
    const hint = `Answered so far: ${report.counts()}.${cure}`;
    throw new CliError(error.exitCode, `${error.message}\n${hint}`);
  } finally {
    interrupt?.end();
  }
  progress.clear();
  report.end();
  return report.refused > 0 ? exitCode.error : exitCode.ok;
}

function openFile(file: string): { chunks: AsyncIterable<Uint8Array>; size: number } {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new CliError(exitCode.notFound, `There is no file ${file}.`);
  if (stats.isDirectory()) throw new CliError(exitCode.usage, `${file} is a directory, expected a file of JSON lines.`);
  return { chunks: createReadStream(file), size: stats.size };
}

/** Writes what became of the lines: refusals as they come, the counts at the end. */
class Report {
  refused = 0;
  private stored = 0;
  private conflicted = 0;

  constructor(
    private readonly file: string,
    private readonly isDryRun: boolean,
    private readonly json: boolean,
    private readonly io: CommandIo,
  ) {}

  line(outcome: LineOutcome): void {
    if (outcome.stored) {
      this.stored++;
      if (outcome.conflicts.length > 0) this.conflict(outcome.line, outcome.conflicts);
      for (const one of outcome.withheld) this.withhold(outcome.line, one);
      return;
    }
    this.refused++;
    const { line, status, code, detail } = outcome;
    if (this.json) this.io.out(`${JSON.stringify({ file: this.file, line, status, code, detail })}\n`);
    else this.io.err(`${this.file}:${line}: ${status} ${code}: ${detail}\n`);
  }

  /** A dry run is about what would not go as billing thinks, so it names the claims; a real one only counts them. */
  private conflict(line: number, conflicts: readonly { claim: string; holder: string }[]): void {
    this.conflicted++;
    if (!this.isDryRun) return;
    const { file } = this;
    if (this.json) return this.io.out(`${JSON.stringify({ file, line, conflicts })}\n`);
    for (const { claim, holder } of conflicts)
      this.io.err(`${file}:${line}: would be in conflict: ${claim}, held by ${holder}\n`);
  }

  /** Stored it would be, but no device would get it. */
  private withhold(line: number, withheld: { what: string; reason: string }): void {
    const { file } = this;
    if (this.json) return this.io.out(`${JSON.stringify({ file, line, withheld })}\n`);
    this.io.err(`${file}:${line}: would be withheld: ${withheld.reason}\n`);
  }

  counts(): string {
    const conflicts = this.conflicted > 0 ? ` (${this.conflicted} claim what another holds)` : '';
    return `${this.stored} ${this.isDryRun ? 'would be stored' : 'stored'}${conflicts}, ${this.refused} refused`;
  }

  end(): void {
    const { stored, refused, conflicted, isDryRun } = this;
    const counts = isDryRun ? { dryRun: true, wouldStore: stored } : { stored };
    this.io.out(this.json ? `${JSON.stringify({ ...counts, refused, conflicted })}\n` : `${this.counts()}\n`);
  }
}

export const publishCommand: Command = {
  usage: [
    'portledger publish FILE.ndjson [--dry-run] [--url URL] [--token-file FILE] [--json]',
    'portledger publish -',
  ],
  notes: [
    'A line that is refused is named with the reason; later events of the same server, gateway or port are then not sent.',
    'With --dry-run nothing is stored: it says what would be refused, and which claims another server holds. Every 500 lines',
    'are tried by themselves on the map as it is now, so a server that an earlier part of the file adds is not known yet.',
    'Run the same file again after any interruption: what is stored is not stored twice.',
  ],
  exitCodes: ['notFound', 'unreachable', 'interrupted'],
  options: {
    'dry-run': { type: 'boolean', help: 'answer as publishing would, and store nothing' },
    ...engineOptions,
  },
  run,
};
