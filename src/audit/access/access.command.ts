import { exitCode } from '../../cli/command.js';
import { engineOptions } from '../../cli/engine-client.js';
import { askAuditor, questionOf } from '../ask-auditor.js';
import type { AuditVerb } from '../audit-verb.js';
import { questionOptions } from '../question-options.js';
import { noMoreWords } from '../show-answer.js';
import type { ToldRead } from './access-question.js';

/** `portledger audit access`: who read or exported what. Its own look is the next line of it. */
export const accessVerb: AuditVerb = {
  word: 'access',
  usage: [['access [--between A..B] [--who NAME]', 'who asked the audit, read or exported the log, took evidence']],
  options: {
    between: {
      type: 'string',
      value: 'A..B',
      reads: 'stretch',
      help: 'access: recorded between two instants; one may be left out',
    },
    who: { type: 'string', value: 'NAME', help: 'access: of user:NAME, token:NAME, a name or the id of a token' },
    ...engineOptions,
    json: questionOptions.json,
    offline: questionOptions.offline,
  },
  run: async (input, { openReader }) => {
    const { options, positionals, io } = input;
    noMoreWords(positionals);
    const { readAccessQuestion } = await import('./access-question.js');
    const { renderAccess } = await import('./render-access.js');
    const fields = { between: options.text('between'), who: options.text('who') };
    const question = questionOf(readAccessQuestion(fields));
    const reads = await askAuditor(input, { openReader, mapPath: '/v1/audit/at' }, async (auditor) => {
      const all: ToldRead[] = [];
      let after: number | undefined = question.after;
      while (after !== undefined) {
        const page = await auditor.access({ ...question, after });
        all.push(...page.reads);
        after = page.next === undefined ? undefined : Number(page.next);
      }
      return all;
    });
    io.out(`${options.flag('json') ? JSON.stringify({ reads }) : renderAccess(reads)}\n`);
    return exitCode.ok;
  },
};
