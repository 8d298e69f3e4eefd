import { askAuditor, questionOf } from './ask-auditor.js';
import type { AuditVerb } from './audit-verb.js';
import { embeddingOption, embeddingsOf } from './embedding/embedding-option.js';
import { subjectOptions } from './question-options.js';
import { showAnswer, subjectFields } from './show-answer.js';

/** `portledger audit who-had SUBJECT`. */
export const whoHadVerb: AuditVerb = {
  word: 'who-had',
  usage: [['who-had IP|PREFIX|MAC|PORT [--at TIME]', 'who had it when, and what gave and took it']],
  options: { ...subjectOptions, ...embeddingOption },
  run: async (input, { openReader }) => {
    const { heldKinds, readSubjectQuestion } = await import('./question.js');
    const { renderWhoHad } = await import('./render-who-had.js');
    const { renderEmbedded } = await import('./embedding/render-embedded.js');
    const question = questionOf(readSubjectQuestion(subjectFields(input), heldKinds));
    const sources = { openReader, mapPath: '/v1/audit/at', embeddings: await embeddingsOf(input) } as const;
    return showAnswer(await askAuditor(input, sources, (auditor) => auditor.whoHad(question)), input, (answer) =>
      renderEmbedded(answer, renderWhoHad),
    );
  },
};
