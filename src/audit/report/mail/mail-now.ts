import { CliError, type CommandInput, exitCode, type ExitCode } from '../../../cli/command.js';
import { EngineClient } from '../../../cli/engine-client.js';
import { printable, shortInstant } from '../../../cli/text-table.js';
import type { DayMailStatus } from './day-mailer.js';
import type { MailSent } from './mail-sent.js';

const path = '/v1/report/day/mail';

/** `portledger report day --mail`: has the engine mail it now, or says with `--dry-run` to whom it would. */
export async function mailNow({ options, io }: CommandInput): Promise<ExitCode> {
  for (const name of ['output', 'offline', 'config'])
    if (options.text(name) !== undefined)
      throw new CliError(exitCode.usage, `--mail goes to those of the engine's configuration, and not with --${name}.`);
  const engine = EngineClient.from(options, io);
  const isJson = options.flag('json');
  const status = (await engine.get(path)) as DayMailStatus;
  if (options.flag('dry-run')) {
    io.out(isJson ? `${JSON.stringify(status)}\n` : wouldGo(status));
    return exitCode.ok;
  }
  const sent = (await engine.post(path, { since: options.text('since') ?? '24h' })) as MailSent;
  if (isJson) io.out(`${JSON.stringify(sent)}\n`);
  else if (sent.outcome === 'mailed') io.out(`Mailed to ${whom(status)}: ${printable(sent.subject)}\n`);
  else io.err(`${printable(status.server)} did not take it: ${printable(sent.reason)}. See report.day.smtp.\n`);
  if (sent.outcome === 'mailed' && sent.refused > 0)
    io.err(`${status.server} took it for ${sent.recipients} of them only; see report.day.to.\n`);
  return sent.outcome === 'mailed' ? exitCode.ok : exitCode.error;
}

function wouldGo(status: DayMailStatus): string {
  const { server, at, zone, next, last, failing } = status;
  const lines = [
    `Would be mailed to ${whom(status)} by ${server}. Nothing was sent.`,
    `By itself it goes every day at ${at} ${zone}, next ${shortInstant(next)}; last for ${last?.day ?? 'no day yet'}.`,
    ...(failing === undefined
      ? []
      : [
          `That of ${failing.day} is not taken (${failing.reason}), ${failing.tries} tries; the next ${shortInstant(failing.nextTry)}.`,
        ]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function whom({ to }: DayMailStatus): string {
  return [to.slice(0, -1).join(', '), to.at(-1)].filter((one) => one !== '').join(' and ');
}
