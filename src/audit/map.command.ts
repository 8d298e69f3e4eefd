import { type Command, type CommandInput, type CommandOption, exitCode, type ExitCode } from '../cli/command.js';
import { askAuditor, type OpenReader, questionOf, type Sources } from './ask-auditor.js';
import type { Auditor } from './audit.js';
import type { MapAnswer } from './map-answer.js';
import type { Fields, filterNames, MapQuestion } from './question.js';
import { questionOptions } from './question-options.js';

const filterOptions = {
  server: { type: 'string', value: 'ID', help: 'only this server; the one way to see a removed one' },
  customer: { type: 'string', value: 'ID', help: 'only servers of this customer' },
  ip: { type: 'string', value: 'ADDRESS', help: 'only who holds this address or waits for it' },
  mac: { type: 'string', value: 'MAC', help: 'only servers with this MAC, in any notation' },
  port: { type: 'string', value: 'PORT', help: 'only servers on this port, as switch:interface' },
  switch: { type: 'string', value: 'NAME', help: 'only servers on this switch' },
} as const satisfies Record<(typeof filterNames)[number], CommandOption>;

/** `portledger map`: the map now, or as of any moment. */
export function mapCommand(openReader: OpenReader): Command {
  return {
    usage: ['portledger map [FILTERS] [--at TIME] [--known-at TIME|#N] [--json] [--offline DIR]'],
    notes: [
      'A binding is shown when it fits every filter given.',
      '--at asks about the world, --known-at about what the engine had been told; both may be given.',
    ],
    exitCodes: ['notFound', 'unreachable', 'interrupted'],
    options: { ...filterOptions, ...questionOptions },
    run: (input) => {
      const filters = Object.fromEntries(Object.keys(filterOptions).map((name) => [name, input.options.text(name)]));
      const asOf = { at: input.options.text('at'), knownAt: input.options.text('known-at') };
      return showMap({ ...filters, ...asOf }, input, { openReader, mapPath: '/v1/map' });
    },
  };
}

/** Prints the whole map these fields ask for; `notFound` when filters let nothing through. */
export async function showMap(fields: Fields, input: CommandInput, sources: Sources): Promise<ExitCode> {
  const { readAtQuestion } = await import('./question.js');
  const { renderMap } = await import('./render-map.js');
  const question = questionOf(readAtQuestion(fields));
  const answer = await askAuditor(input, sources, (auditor) => wholeMap(auditor, question));
  input.io.out(`${input.options.flag('json') ? JSON.stringify(answer) : renderMap(answer)}\n`);
  const isFiltered = Object.keys(question.filters).length > 0 || question.device !== undefined;
  return answer.bindings.length === 0 && isFiltered ? exitCode.notFound : exitCode.ok;
}

/** All pages. A replayed map is asked for up to the same event each time, so that its pages fit together. */
async function wholeMap(auditor: Auditor, question: MapQuestion): Promise<MapAnswer> {
  const first = await auditor.map(question);
  const isReplay = question.at !== undefined || question.knownAt !== undefined;
  const rest = isReplay ? { ...question, knownAt: { ordinal: first.ordinal } } : question;
  const bindings = [...first.bindings];
  let { next } = first;
  while (next !== undefined) {
    const page = await auditor.map({ ...rest, page: { ...question.page, cursor: next } });
    bindings.push(...page.bindings);
    next = page.next;
  }
  return { ...first, bindings, next: undefined };
}
