import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { type CaptureError } from './capture.error.js';
import { countsText } from './counts-text.js';
import { decodeFiles } from './decode-files.js';
import { frameToJson, printDecodedFrame } from './frame-printer.js';
import { FrameTally } from './frame-tally.js';

const writeAtBytes = 64 * 1024;

/** `portledger sensor decode FILE|DIR`: what the sensor understands of captures, without an engine. */
export const decodeCommand: Command = {
  usage: ['portledger sensor decode FILE|DIR [--json]   a line for each ARP and ND frame of a capture'],
  notes: [
    'Reads pcap and pcapng, also gzipped; of a directory, every file, the one that begins first first.',
    'Asks no engine and needs no token. Frames count from 1 in their file; what is malformed is shown as such.',
    'ND frames show their options with what they say (prefixes, MTU, resolvers, routes, nonce, quoted packet); of unknown ones, type and bytes.',
    'At the end standard error says how many frames there were, and what became of those that are not shown.',
  ],
  options: { json: { type: 'boolean', help: 'write JSON, one object a frame; the counts too' } },
  run: async (input) => {
    const [path, ...more] = input.positionals;
    if (path === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'sensor decode: expected the name of one capture file or directory.');
    return decode(path, input);
  },
};

/** Whole frames are written before a damaged file is spoken of; it ends the verb with 1, and the next files are still read. */
async function decode(path: string, { options, io }: CommandInput): Promise<ExitCode> {
  const isJson = options.flag('json');
  const print = isJson ? frameToJson : printDecodedFrame;
  const tally = new FrameTally();
  const failures: CaptureError[] = [];
  let text = '';
  const write = (): void => {
    if (text !== '') io.out(text);
    text = '';
  };
  try {
    for await (const frame of decodeFiles(path, { tally, onFailure: (failure) => failures.push(failure) })) {
      text += `${print(frame)}\n`;
      if (text.length >= writeAtBytes) write();
    }
  } finally {
    write();
  }
  for (const { message } of failures) io.err(`portledger: ${message}\n`);
  const counts = tally.counts();
  if (counts.frames > 0 || failures.length === 0)
    io.err(isJson ? `${JSON.stringify({ counts })}\n` : countsText(counts));
  return failures.length === 0 ? exitCode.ok : exitCode.error;
}
