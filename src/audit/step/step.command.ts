import { type CommandInput, exitCode, type ExitCode, type KeyInput } from '../../cli/command.js';
import { engineOptions } from '../../cli/engine-client.js';
import { askAuditor, questionOf } from '../ask-auditor.js';
import type { AuditVerb } from '../audit-verb.js';
import type { Auditor } from '../audit.js';
import { questionOptions } from '../question-options.js';
import { noMoreWords } from '../show-answer.js';
import type { StepQuestion } from './step-question.js';
import type { Step } from './stepper.js';

/** `portledger audit step [SUBJECT]`: event by event with what each changed; on a terminal it is walked through by keys. */
export const stepVerb: AuditVerb = {
  word: 'step',
  usage: [['step [SUBJECT] [--from #N|TIME] [--to #N|TIME]', 'event by event, what each changed on the map']],
  options: {
    from: {
      type: 'string',
      value: '#N|TIME',
      reads: 'moment',
      help: 'step: the first event, or the first one recorded then or later',
    },
    to: {
      type: 'string',
      value: '#N|TIME',
      reads: 'moment',
      help: 'step: the last event, or the last one recorded by then',
    },
    ...engineOptions,
    json: { type: 'boolean', help: 'write one JSON object a step (step), or one for the answer' },
    offline: questionOptions.offline,
  },
  run: async (input, { openReader }) => {
    const { options, positionals, io } = input;
    const [subject, ...rest] = positionals;
    noMoreWords(rest);
    const { mostSteps, readStepQuestion } = await import('./step-question.js');
    const fields = { subject, from: options.text('from'), to: options.text('to'), limit: String(mostSteps) };
    const isWalked = io.keys !== undefined && io.outIsTerminal === true && !options.flag('json');
    const question = questionOf(readStepQuestion(isWalked ? { ...fields, limit: undefined } : fields));
    return askAuditor(input, { openReader, mapPath: '/v1/audit/at' }, async (auditor) => {
      const steps = allSteps(auditor, question);
      return isWalked && io.keys !== undefined ? walked(input, steps, io.keys) : listed(input, steps);
    });
  },
};

/** All pages, up to the event that was the last when the first one was asked for. */
async function* allSteps(auditor: Auditor, question: StepQuestion): AsyncGenerator<Step> {
  const { answerOf } = await import('../show-answer.js');
  const { parseKnownAt } = await import('../as-of.js');
  let asked = question;
  for (;;) {
    const { steps, next, ordinal } = answerOf(await auditor.step(asked));
    yield* steps;
    if (next === undefined) return;
    asked = { ...question, from: questionOf(parseKnownAt(next)), to: { ordinal } };
  }
}

async function listed({ options, io }: CommandInput, steps: AsyncIterable<Step>): Promise<ExitCode> {
  const { renderStep } = await import('./render-step.js');
  let count = 0;
  for await (const step of steps) {
    io.out(`${options.flag('json') ? JSON.stringify(step) : renderStep(step)}\n`);
    count++;
  }
  if (count === 0) io.err('There is no event in that stretch of the log.\n');
  return count === 0 ? exitCode.notFound : exitCode.ok;
}

async function walked({ io }: CommandInput, steps: AsyncGenerator<Step>, keys: KeyInput): Promise<ExitCode> {
  const [{ renderStep }, { walk }] = await Promise.all([import('./render-step.js'), import('./walk.js')]);
  const pictures = (async function* () {
    for await (const step of steps) yield renderStep(step);
  })();
  const clear = '\u001b[H\u001b[2J';
  const restore = keys.raw();
  try {
    const typed = async function* (): AsyncGenerator<string> {
      for await (const piece of keys.pieces()) yield Buffer.from(piece).toString('latin1');
    };
    const screen = { typed, draw: (text: string) => io.out(`${clear}${text.replaceAll('\n', '\r\n')}`) };
    return (await walk(screen, pictures)) === 'done' ? exitCode.ok : exitCode.interrupted;
  } finally {
    restore();
    await pictures.return(undefined);
  }
}
