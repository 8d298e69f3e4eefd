import { askAuditor, questionOf } from './ask-auditor.js';
import type { AuditVerb } from './audit-verb.js';
import { subjectOptions } from './question-options.js';
import { showAnswer, subjectFields } from './show-answer.js';

/** `portledger audit explain SUBJECT`. */
export const explainVerb: AuditVerb = {
  word: 'explain',
  usage: [['explain IP|PREFIX|MAC|PORT|SERVER', 'the events, and the device lines each one caused']],
  options: subjectOptions,
  run: async (input, { openReader }) => {
    const { readSubjectQuestion } = await import('./question.js');
    const { renderExplained } = await import('./render-explain.js');
    const question = questionOf(readSubjectQuestion(subjectFields(input)));
    const sources = { openReader, mapPath: '/v1/audit/at' } as const;
    return showAnswer(await askAuditor(input, sources, (auditor) => auditor.explain(question)), input, renderExplained);
  },
};
