import { askAuditor, questionOf } from './ask-auditor.js';
import type { AuditVerb } from './audit-verb.js';
import { embeddingOption, embeddingsOf } from './embedding/embedding-option.js';
import { subjectOptions } from './question-options.js';
import { showAnswer, subjectFields } from './show-answer.js';

/** `portledger audit explain SUBJECT`. */
export const explainVerb: AuditVerb = {
  word: 'explain',
  usage: [['explain IP|PREFIX|MAC|PORT|SERVER [--at TIME]', 'the events, and the device lines each one caused']],
  options: { ...subjectOptions, ...embeddingOption },
  run: async (input, { openReader }) => {
    const { readSubjectQuestion } = await import('./question.js');
    const { renderExplained } = await import('./render-explain.js');
    const { renderEmbedded } = await import('./embedding/render-embedded.js');
    const question = questionOf(readSubjectQuestion(subjectFields(input)));
    const sources = { openReader, mapPath: '/v1/audit/at', embeddings: await embeddingsOf(input) } as const;
    return showAnswer(await askAuditor(input, sources, (auditor) => auditor.explain(question)), input, (answer) =>
      renderEmbedded(answer, renderExplained),
    );
  },
};
