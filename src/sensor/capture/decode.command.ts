import { CliError, type Command, exitCode } from '../../cli/command.js';

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
    const { decode } = await import('./decode-call.js');
    return decode(path, input);
  },
};
