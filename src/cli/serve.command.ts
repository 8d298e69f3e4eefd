import type { Log, LogFormat } from '../ops/log.js';
import { CliError, type Command, type CommandInput, configOption, exitCode, type ExitCode } from './command.js';

/** Runs until SIGTERM or SIGINT; a second signal ends it at once. */
async function run({ options, io }: CommandInput): Promise<ExitCode> {
  const [{ loadConfig }, { Log }] = await Promise.all([import('../config/app-config.js'), import('../ops/log.js')]);
  const config = loadConfig(options.text('config'));
  const port = options.wholeNumber('port', 0, 65_535);
  if (port !== undefined) config.listen.port = port;
  const log = new Log(logFormat(options.text('log-format'), io.errIsTerminal), (line) => io.err(line));
  const { startEngine } = await import('../main.js');
  const engine = await startEngine(config, log);
  void engine.parts.store.broken.then((error) => endAtOnce(log, error));
  io.out(`portledger listens on ${engine.url} (API at ${engine.url}/docs)\n`);
  await stopSignal();
  log.info('engine stops');
  await engine.close();
  return exitCode.ok;
}

/**
 * Ends the process without a word to anybody else: nobody knows what the disk holds, so nothing may act on the map any
 * more, and every device keeps the state that it has.
 */
function endAtOnce(log: Log, error: { readonly code: string; readonly message: string }): never {
  log.error('the log broke and the engine ends', { code: error.code, detail: error.message });
  process.exit(exitCode.error);
}

function logFormat(text: string | undefined, isTerminal: boolean): LogFormat {
  if (text === undefined) return isTerminal ? 'pretty' : 'json';
  if (text === 'json' || text === 'pretty') return text;
  throw new CliError(exitCode.usage, `--log-format: found ${text}, expected json or pretty.`);
}

/** Resolves at the first signal to stop; with the listeners gone, the next one ends the process as it would any other. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve();
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  });
}

export const serveCommand: Command = {
  usage: ['portledger serve [--config FILE] [--port N] [--log-format json|pretty]'],
  notes: [
    'Without a configuration it takes events in and answers questions, and drives no device.',
    'Logs go to stderr. SIGTERM or Ctrl-C stops it once what was acknowledged is safe; a second one ends it at once.',
    'A log that cannot be written any more (a failed sync, an I/O error) ends it with code 1 and one error in the log.',
  ],
  options: {
    ...configOption,
    port: {
      type: 'string',
      value: 'N',
      help: 'listen on this port instead of the configured one; 0 takes any free one',
    },
    'log-format': {
      type: 'string',
      value: 'FORMAT',
      among: ['json', 'pretty'],
      help: 'json or pretty; default pretty on a terminal',
    },
  },
  run,
};
