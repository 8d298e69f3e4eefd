import { CliError, exitCode } from '../../cli/command.js';
import { spellMoment } from '../../cli/moment.js';
import { askAuditor, questionOf } from '../ask-auditor.js';
import type { AuditVerb } from '../audit-verb.js';
import type { Auditor } from '../audit.js';
import type { DiffAnswer } from './diff.js';
import { questionOptions } from '../question-options.js';
import type { DiffQuestion } from './diff-question.js';

/** `portledger audit diff FROM TO`: what differs between two moments of one axis; ends with 0 also where something does. */
export const diffVerb: AuditVerb = {
  word: 'diff',
  usage: [['diff FROM TO [--axis time|known]', 'what differs between two moments, and the facts that made it']],
  options: {
    ...questionOptions,
    axis: {
      type: 'string',
      value: 'AXIS',
      among: async () => (await import('./diff-question.js')).axes,
      help: 'time (how the world went on) or known (what the engine had been told); #N is always known',
    },
  },
  run: async (input, { openReader }) => {
    const { options, positionals, io } = input;
    const [from, to, ...rest] = positionals;
    if (from === undefined || to === undefined || rest.length > 0) {
      throw new CliError(
        exitCode.usage,
        "Name two moments: portledger audit diff FROM TO, such as diff '#100' '#200' or diff 'yesterday 14:00' '1h ago'.",
      );
    }
    const moments = { from: spellMoment('from', from, io), to: spellMoment('to', to, io) };
    const { readDiffQuestion } = await import('./diff-question.js');
    const { renderDiff } = await import('./render-diff.js');
    const fields = {
      ...moments,
      axis: options.text('axis'),
      at: options.text('at'),
      knownAt: options.text('known-at'),
    };
    const question = questionOf(readDiffQuestion(fields));
    const sources = { openReader, mapPath: '/v1/audit/at' } as const;
    const answer = await askAuditor(input, sources, (auditor) => allPages(auditor, question));
    io.out(`${options.flag('json') ? JSON.stringify(answer) : renderDiff(answer)}\n`);
    return exitCode.ok;
  },
};

/** All pages. Along `time` they are asked for up to the same event each time, so that they fit together. */
async function allPages(auditor: Auditor, question: DiffQuestion): Promise<DiffAnswer> {
  const { next: second, ...first } = await auditor.diff(question);
  const pinned = { knownAt: { ordinal: first.ordinal } };
  const { from, to } = question;
  const rest =
    question.axis === 'known' ? question : { ...question, from: { ...from, ...pinned }, to: { ...to, ...pinned } };
  const differences = [...first.differences];
  let next = second;
  while (next !== undefined) {
    const page = await auditor.diff({ ...rest, page: { ...question.page, cursor: next } });
    differences.push(...page.differences);
    next = page.next;
  }
  return { ...first, differences };
}
