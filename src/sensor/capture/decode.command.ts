import { CliError, type Command, type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { decodeFile } from './decode-file.js';
import { frameToJson, printDecodedFrame } from './frame-printer.js';

const writeAtBytes = 64 * 1024;

/** `portledger sensor decode FILE`: what the sensor understands of a capture, without an engine. */
export const decodeCommand: Command = {
  usage: ['portledger sensor decode FILE [--json]   a line for each ARP and ND frame of a classic pcap file'],
  notes: ['Asks no engine and needs no token. Frames count from 1 in the file; what is malformed is shown as such.'],
  options: { json: { type: 'boolean', help: 'write JSON, one object a frame' } },
  run: async (input) => {
    const [file, ...more] = input.positionals;
    if (file === undefined || more.length > 0)
      throw new CliError(exitCode.usage, 'sensor decode: expected the name of one pcap file.');
    return decode(file, input);
  },
};

/** Whole frames are written before the error of a damaged file is thrown, a CaptureError: it ends the verb with 1. */
async function decode(file: string, { options, io }: CommandInput): Promise<ExitCode> {
  const print = options.flag('json') ? frameToJson : printDecodedFrame;
  let text = '';
  try {
    for await (const frame of decodeFile(file)) {
      text += `${print(frame)}\n`;
      if (text.length < writeAtBytes) continue;
      io.out(text);
      text = '';
    }
  } finally {
    if (text !== '') io.out(text);
  }
  return exitCode.ok;
}
