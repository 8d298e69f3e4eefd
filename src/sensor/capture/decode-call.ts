import { type CommandInput, exitCode, type ExitCode } from '../../cli/command.js';
import { type CaptureError } from './capture.error.js';
import { countsText } from './counts-text.js';
import { decodeFiles } from './decode-files.js';
import { frameToJson, printDecodedFrame } from './frame-printer.js';
import { FrameTally } from './frame-tally.js';

const writeAtBytes = 64 * 1024;

/** Whole frames are written before a damaged file is spoken of; it ends the verb with 1, and the next files are still read. */
export async function decode(path: string, { options, io }: CommandInput): Promise<ExitCode> {
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
