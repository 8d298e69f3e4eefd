import {
  CliError,
  type Command,
  type CommandInput,
  type CommandOption,
  exitCode,
  type ExitCode,
} from '../cli/command.js';
import { EngineClient, engineOptions } from '../cli/engine-client.js';
import { printable } from '../cli/text-table.js';
import type { ActionName } from './triage-actions.js';
import type { ViolationView } from './violation-view.js';

interface Shape {
  readonly word: string;
  readonly action: ActionName;
  readonly fields: Readonly<Record<string, CommandOption>>;
  readonly needed: readonly string[];
}

const comment = { type: 'string', value: 'TEXT', help: 'what there is to say; it is stored' } as const;

const shapes = {
  ack: {
    word: 'ack',
    action: 'acknowledge',
    fields: {
      assignee: { type: 'string', value: 'WHO', help: 'who works on it; you, where nobody is named' },
      comment,
    },
    needed: [],
  },
  resolve: { word: 'resolve', action: 'resolve', fields: { comment }, needed: [] },
  'false-positive': { word: 'false-positive', action: 'false-positive', fields: { comment }, needed: ['comment'] },
  comment: { word: 'comment', action: 'comment', fields: { text: comment }, needed: ['text'] },
  ticket: {
    word: 'ticket',
    action: 'ticket',
    fields: { link: { type: 'string', value: 'URL', help: 'where the work on it is written down' } },
    needed: ['link'],
  },
} as const satisfies Record<string, Shape>;

/** `portledger violations ack|resolve|false-positive|comment|ticket ID`: what the API's action of that name does. */
export function triageCommand(name: keyof typeof shapes): Command {
  const shape: Shape = shapes[name];
  return {
    usage: [`portledger violations ${shape.word} ID [OPTIONS]`],
    notes: [
      'Acts on the violation as it is now. With --etag it acts only if nobody did since you looked (portledger violations show),',
      'and ends with 4 otherwise, saying who did what and when.',
    ],
    exitCodes: ['notFound', 'conflict', 'unreachable'],
    options: {
      ...shape.fields,
      etag: { type: 'string', value: 'ETAG', help: 'the etag that it had when you looked at it' },
      ...engineOptions,
    },
    run: (input) => act(shape, input),
  };
}

async function act(shape: Shape, { options, positionals, io }: CommandInput): Promise<ExitCode> {
  const id = oneId(`violations ${shape.word}`, positionals);
  const fields = Object.keys(shape.fields).flatMap((name) => {
    const value = options.text(name);
    // --url says where the engine is.
    return value === undefined ? [] : [[name === 'link' ? 'url' : name, value] as const];
  });
  const missing = shape.needed.find((name) => options.text(name) === undefined);
  if (missing !== undefined)
    throw new CliError(exitCode.usage, `--${missing} is missing: violations ${shape.word} needs it.`);
  const engine = EngineClient.from(options, io);
  const path = `/v1/violations/${encodeURIComponent(id)}`;
  const etag = options.text('etag') ?? ((await engine.get(path)) as ViolationView).etag;
  const view = (await engine.post(`${path}/${shape.action}`, Object.fromEntries(fields), etag)) as ViolationView;
  const assignee = view.assignee === undefined ? '' : `, with ${printable(view.assignee)}`;
  io.out(`${options.flag('json') ? JSON.stringify(view) : `${view.violationId} is ${view.state}${assignee}.`}\n`);
  return exitCode.ok;
}

/** The one id that a verb takes. */
export function oneId(verb: string, positionals: readonly string[]): string {
  const [id, ...more] = positionals;
  if (id !== undefined && more.length === 0) return id;
  throw new CliError(exitCode.usage, `${verb}: expected one id.`);
}
