import { parseArgs } from 'node:util';
import type { Auditor } from './audit.js';
import {
  auditorOptions,
  auditorOptionsHelp,
  type CommandSurroundings,
  UsageError,
  withAuditor,
} from './auditor-options.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import type { MapAnswer } from './map-answer.js';
import { type Fields, filterNames, type MapQuestion, readMapQuestion } from './question.js';
import { renderMap } from './render-map.js';

export const mapHelp = `portledger map [filters]        the IP <-> MAC <-> port map, now or as of any moment

  --server ID  --customer ID  --ip ADDRESS  --mac MAC  --port SWITCH:INTERFACE  --switch NAME
${auditorOptionsHelp}

  portledger map --port leaf1:Ethernet16
  portledger map --ip 198.51.100.16 --at 2026-01-31T03:14:00Z
  portledger map --customer cust-a --json

Exit codes: 0 shown, 1 error, 2 called wrongly, 3 no server fits the filters, 7 no engine reached.
`;

const filterOptions = Object.fromEntries(filterNames.map((name) => [name, { type: 'string' as const }]));

/** `portledger map`: prints the map and resolves to the exit code; never rejects. */
export function mapCommand(argv: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  return exitCodeOf('map', surroundings, async () => {
    const { values } = parseArgs({ args: [...argv], options: { ...auditorOptions, ...filterOptions }, strict: true });
    if (values.help === true) {
      surroundings.out(mapHelp);
      return exitCode.ok;
    }
    const { at, 'known-at': knownAt } = values;
    const filters = Object.fromEntries(filterNames.map((name) => [name, textOf(values, name)]));
    return showMap({ ...filters, at, knownAt }, values, surroundings);
  });
}

interface Choice {
  readonly json?: boolean | undefined;
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

/** Asks for the whole map these fields describe and prints it. */
export async function showMap(fields: Fields, choice: Choice, surroundings: CommandSurroundings): Promise<number> {
  const question = readMapQuestion(fields);
  if ('problem' in question) throw new UsageError(question.problem);
  const answer = await withAuditor(choice, surroundings, (auditor) => wholeMap(auditor, question.value));
  surroundings.out(`${choice.json === true ? JSON.stringify(answer) : renderMap(answer)}\n`);
  const isFiltered = Object.keys(question.value.filters).length > 0;
  return answer.bindings.length === 0 && isFiltered ? exitCode.notFound : exitCode.ok;
}

/** All pages. A replayed map is asked for up to the same event each time, so that its pages fit together. */
async function wholeMap(auditor: Auditor, question: MapQuestion): Promise<MapAnswer> {
  const first = await auditor.map(question);
  const fixed =
    question.at === undefined && question.knownAt === undefined ? {} : { knownAt: { ordinal: first.ordinal } };
  const bindings = [...first.bindings];
  let { next } = first;
  while (next !== undefined) {
    const page = await auditor.map({ ...question, ...fixed, page: { ...question.page, cursor: next } });
    bindings.push(...page.bindings);
    next = page.next;
  }
  return { ...first, bindings, next: undefined };
}

function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
