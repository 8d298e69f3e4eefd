import { parseInstant } from '../../../events/index.js';
import {
  CliError,
  type Command,
  type CommandInput,
  exitCode,
  type ExitCode,
  type OptionValues,
} from '../../cli/command.js';
import { EngineClient, engineOptions } from '../../cli/engine-client.js';
import { Interrupt } from '../../cli/interrupt.js';
import { Progress } from '../../cli/progress.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { captureFrames } from './capture-frames.js';
import { compare } from './compare.js';
import { heardAt, heardAtOptions } from './heard-at.js';
import { recordedViolations, violationsOf } from './known-violations.js';
import { type LogPages, pagesOfEngine, pagesOfStore } from './log-pages.js';
import { type FixedMap, fixedMap, MapOfEachFrame } from './map-then.js';
import { renderReplay, reportOf } from './render-replay.js';
import { replay, type Replayed } from './replay.js';
import { readRulesFile } from './rules-file.js';

/** A log that a directory holds, opened for reading; an engine may run on it meanwhile. */
export type OpenedLog = Pick<EventStore, 'readAll' | 'close'>;

/** `portledger sensor replay FILE`: what a capture shows by the map of its time, held against what was recorded. */
export function replayCommand(openLog: (directory: string) => Promise<OpenedLog>): Command {
  return {
    usage: [
      'portledger sensor replay FILE|DIR --sensor NAME [--at TIME] [--known-at TIME|#N] [--rules FILE] [--json] [--data DIR]',
      'portledger sensor replay FILE --port PORT --vlan N [...]   a capture from elsewhere, heard on that port',
    ],
    notes: [
      'Judges each frame by the map as the engine had it when the frame was captured, as a live sensor does; --at and --known-at fix one map for all.',
      'Prints each violation that is new, gone or changed against what the log has of that sensor (or port) for the time of the capture.',
      '--rules FILE judges by other rules: {"rules": {"unknown-mac": {"on": false}, "address-spoof": {"severity": "critical"}}, "inFlightWindowMs": 0}.',
      'Nothing is stored. Without --data a running engine is asked for its log, which needs a token with the scope auditor.',
    ],
    exitCodes: ['notFound', 'differences', 'unreachable', 'interrupted'],
    options: {
      ...heardAtOptions,
      at: { type: 'string', value: 'TIME', help: 'judge by the facts true at this time: 2026-01-31T03:14:00Z' },
      'known-at': { type: 'string', value: 'TIME|#N', help: 'judge by what the engine had been told by then' },
      rules: { type: 'string', value: 'FILE', help: 'switch rules off or on, or give them another severity' },
      ...engineOptions,
      json: { type: 'boolean', help: 'write one JSON object' },
      data: { type: 'string', value: 'DIR', help: 'read the log in this data directory; asks no engine' },
    },
    run: (input) => run(input, openLog),
  };
}

async function run(input: CommandInput, openLog: (directory: string) => Promise<OpenedLog>): Promise<ExitCode> {
  const { options, positionals, io } = input;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new CliError(exitCode.usage, 'sensor replay: expected the name of one capture file or directory.');
  const { source, recorder, inFlightWindowMs } = heardAt(options);
  const rulesFile = options.text('rules');
  const others = rulesFile === undefined ? {} : readRulesFile(rulesFile);
  const fixed = fixedOf(options);
  const { log, close } = await openPages(input, openLog);
  try {
    const how = { ...(inFlightWindowMs !== undefined && { inFlightWindowMs }), ...others };
    const map = fixed === undefined ? new MapOfEachFrame(log, how.inFlightWindowMs) : await fixedMap(log, fixed);
    const replayed = await judged(input, (running) => replay(captureFrames(file), source, map, { ...how, ...running }));
    if (replayed.isStopped) {
      io.err(`portledger: stopped after ${replayed.frames} frames; nothing was compared.\n`);
      return exitCode.interrupted;
    }
    const recorded = replayed.span === undefined ? new Map() : await recordedViolations(log, recorder, replayed.span);
    const comparison = compare(recorded, violationsOf(replayed.verdicts));
    const report = reportOf(replayed, comparison);
    io.out(`${options.flag('json') ? JSON.stringify(report) : renderReplay(report)}\n`);
    return comparison.differences.length === 0 ? exitCode.ok : exitCode.differences;
  } finally {
    await close();
  }
}

/** Shows how far it is, and stops at Ctrl-C. */
async function judged(
  { io }: CommandInput,
  judge: (running: { onFrame: (frames: number) => void; isStopped: () => boolean }) => Promise<Replayed>,
): Promise<Replayed> {
  const interrupt = new Interrupt();
  const progress = new Progress(io, 'frames');
  try {
    const onFrame = (frames: number): void => {
      if (frames % 4096 === 0) progress.show(frames, undefined);
    };
    return await judge({ onFrame, isStopped: () => interrupt.wanted });
  } finally {
    progress.clear();
    interrupt.end();
  }
}

async function openPages(
  { options, io }: CommandInput,
  openLog: (directory: string) => Promise<OpenedLog>,
): Promise<{ readonly log: LogPages; readonly close: () => Promise<void> }> {
  const data = options.text('data');
  if (data === undefined) return { log: pagesOfEngine(EngineClient.from(options, io)), close: () => Promise.resolve() };
  if (options.text('url') !== undefined)
    throw new CliError(exitCode.usage, '--data and --url name two sources: give only one of them.');
  const store = await openLog(data);
  return { log: pagesOfStore(store), close: () => store.close() };
}

/** The one map that --at and --known-at name; undefined where each frame is judged by the map of its own time. */
function fixedOf(options: OptionValues): FixedMap | undefined {
  const [at, knownAt] = [options.text('at'), options.text('known-at')];
  if (at === undefined && knownAt === undefined) return undefined;
  return {
    ...(at !== undefined && { at: instantOf('--at', at) }),
    ...(knownAt !== undefined && {
      knownAt: /^#\d{1,15}$/.test(knownAt)
        ? { ordinal: Number(knownAt.slice(1)) }
        : { recordedAt: instantOf('--known-at', knownAt) },
    }),
  };
}

function instantOf(option: string, text: string): number {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const expected = 'an instant with its zone, such as 2026-01-31T03:14:00Z';
  throw new CliError(exitCode.usage, `${option}: found ${text}, expected ${expected}.`);
}
