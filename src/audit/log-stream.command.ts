import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import type { LogDoors } from '../cli/log-place.js';
import { lookOptions } from './look-options.js';

/** `portledger log stream NAME`: every event of one stream. */
export function logStreamCommand(doors: LogDoors): Command {
  return {
    usage: ['portledger log stream NAME [--offline DIR | --config FILE | --url URL] [--json]'],
    notes: [
      'Streams: server-<id>, gateway-<switch>, port-<switch>:<interface>, violation-<id>, journal-<device>.',
      'Each event as it is stored; one that cannot be read with the reason.',
    ],
    exitCodes: ['notFound', 'unreachable'],
    options: lookOptions,
    run: (input) => run(input, doors),
  };
}

async function run(input: CommandInput, doors: LogDoors): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [stream, ...more] = positionals;
  if (stream === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'Name one stream: portledger log stream server-srv-17.');
  const [{ openAsker }, { mostEvents }, { streamLine }] = await Promise.all([
    import('./ask-log.js'),
    import('./log-page.js'),
    import('./render-log.js'),
  ]);
  const asker = await openAsker(input, doors);
  try {
    let shown = 0;
    let after: string | undefined;
    do {
      const from = after === undefined ? {} : { after };
      const page = await asker.page({ stream, ...from, limit: mostEvents, backwards: false });
      for (const event of page.events) io.out(`${options.flag('json') ? JSON.stringify(event) : streamLine(event)}\n`);
      shown += page.events.length;
      after = page.next;
    } while (after !== undefined);
    if (shown > 0) return exitCode.ok;
    throw new CliError(
      exitCode.notFound,
      `There is no stream ${stream} in this log; portledger log stats shows the kinds.`,
    );
  } finally {
    await asker.close();
  }
}
