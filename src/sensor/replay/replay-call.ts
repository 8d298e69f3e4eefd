import { parseInstant } from '../../../events/index.js';
import { CliError, type CommandInput, exitCode, type ExitCode, type OptionValues } from '../../cli/command.js';
import { EngineClient } from '../../cli/engine-client.js';
import { Interrupt } from '../../cli/interrupt.js';
import { Progress } from '../../cli/progress.js';
import { captureFrames } from './capture-frames.js';
import { compare } from './compare.js';
import { heardAt } from './heard-at.js';
import { recordedViolations, violationsOf } from './known-violations.js';
import { type LogPages, pagesOfEngine, pagesOfStore } from './log-pages.js';
import { type FixedMap, fixedMap, MapOfEachFrame } from './map-then.js';
import { renderReplay, reportOf } from './render-replay.js';
import type { OpenedLog } from './replay.command.js';
import { replay, type Replayed } from './replay.js';
import { readRulesFile } from './rules-file.js';

/** Does what a call of `portledger sensor replay` asks for; loaded when it is asked for more than its help. */
export async function replayCall(
  input: CommandInput,
  openLog: (directory: string) => Promise<OpenedLog>,
): Promise<ExitCode> {
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
