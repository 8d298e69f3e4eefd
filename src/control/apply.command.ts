import { CliError, type Command, type CommandInput, type CommandIo, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, engineOptions, problemOf } from '../cli/engine-client.js';
import type { EngineAnswer } from '../cli/engine-client.js';
import type { Applied } from './apply-answer.js';

const planHashShape = /^[0-9a-f]{16}$/;

/** `portledger apply`: an operator's word for one plan, and what came of it. */
export const applyCommand: Command = {
  usage: ['portledger apply PLAN   do this plan and no other (scope operator)'],
  notes: [
    'PLAN is the name that portledger plan shows. Where the map or the device moved since, nothing is done (4).',
    'It waits until the device was read back: 0 every line is proved done, 5 not every line, 1 it failed.',
    'Above the removal limit the words of the refusal must be typed, or given with --confirm.',
  ],
  exitCodes: ['notFound', 'conflict', 'differences', 'unreachable'],
  options: {
    ...engineOptions,
    device: { type: 'string', value: 'DEVICE', help: 'where two devices have the same plan' },
    confirm: { type: 'string', value: 'WORDS', help: "such as 'remove 40 from leaf1', when so much is meant to go" },
  },
  run: async (input) => {
    const { options, io } = input;
    const applied = await applyOnce(input, options.text('confirm'));
    const { renderApplied } = await import('./render-plan.js');
    io.out(`${options.flag('json') ? JSON.stringify(applied) : renderApplied(applied)}\n`);
    return endOf(applied);
  },
};

async function applyOnce(input: CommandInput, confirm: string | undefined): Promise<Applied> {
  const { options, io, positionals } = input;
  const [plan, ...more] = positionals;
  if (plan === undefined || !planHashShape.test(plan) || more.length > 0) {
    const found = plan === undefined ? 'nothing' : `"${positionals.join(' ').slice(0, 40)}"`;
    const cure = 'expected the 16 hexadecimal digits that portledger plan shows';
    throw new CliError(exitCode.usage, `PLAN: found ${found}, ${cure}.`);
  }
  const device = options.text('device');
  const answer = await EngineClient.from(options, io).request(`/v1/plans/${plan}/apply`, {
    method: 'POST',
    contentType: 'application/json',
    body: JSON.stringify({
      ...(device === undefined ? {} : { device }),
      ...(confirm === undefined ? {} : { confirm }),
    }),
  });
  if (answer.status < 400) return answer.body as Applied;
  const words = wordsOf(answer);
  if (words === undefined || confirm !== undefined || !io.errIsTerminal) throw problemOf(answer);
  return applyOnce(input, await typed(io, String((answer.body as Record<string, unknown>)['detail'])));
}

/** The words that a refusal asks for. */
function wordsOf({ status, body }: EngineAnswer): unknown {
  return status === 409 ? (body as Record<string, unknown>)['confirm'] : undefined;
}

/** One line from the terminal. */
async function typed(io: CommandIo, question: string): Promise<string> {
  io.err(`${question}\n> `);
  let text = '';
  for await (const chunk of io.stdin) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0]?.trim() ?? '';
}

function endOf({ outcome }: Applied): ExitCode {
  if (outcome === 'failed') return exitCode.error;
  return outcome === 'partial' ? exitCode.differences : exitCode.ok;
}
