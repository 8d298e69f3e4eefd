import { askAuditor, questionOf, subjectOptions } from './ask-auditor.js';
import type { AuditVerb } from './audit-verb.js';
import { readSubjectQuestion } from './question.js';
import { renderExplained } from './render-explain.js';
import { showAnswer, subjectFields } from './show-answer.js';

/** `portledger audit explain SUBJECT`. */
export const explainVerb: AuditVerb = {
  word: 'explain',
  usage: [['explain IP|PREFIX|MAC|PORT|SERVER', 'the events, and the device lines each one caused']],
  options: subjectOptions,
  run: async (input, { openReader }) => {
    const question = questionOf(readSubjectQuestion(subjectFields(input)));
    const sources = { openReader, mapPath: '/v1/audit/at' } as const;
    return showAnswer(await askAuditor(input, sources, (auditor) => auditor.explain(question)), input, renderExplained);
  },
};
