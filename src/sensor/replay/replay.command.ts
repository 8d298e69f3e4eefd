import { type Command, type CommandOption, momentHelp } from '../../cli/command.js';
import { engineOptions } from '../../cli/engine-client.js';
import type { EventStore } from '../../event-store/event-store.port.js';

/** A log that a directory holds, opened for reading; an engine may run on it meanwhile. */
export type OpenedLog = Pick<EventStore, 'readAll' | 'close'>;

/** Options that say where the frames of a capture file were heard. */
const heardAtOptions = {
  sensor: { type: 'string', value: 'NAME', help: 'it was heard where this sensor of the configuration hears' },
  config: { type: 'string', value: 'FILE', help: 'that configuration (PORTLEDGER_CONFIG; default ./portledger.json)' },
  port: { type: 'string', value: 'PORT', help: 'instead: it was heard on this port, as switch:interface' },
  vlan: { type: 'string', value: 'N', help: 'with --port: the VLAN of untagged frames' },
} as const satisfies Record<string, CommandOption>;

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
      at: {
        type: 'string',
        value: 'TIME',
        reads: 'moment',
        help: `judge by the facts true at this time: ${momentHelp}`,
      },
      'known-at': {
        type: 'string',
        value: 'TIME|#N',
        reads: 'moment',
        help: 'judge by what the engine had been told by then',
      },
      rules: { type: 'string', value: 'FILE', help: 'switch rules off or on, or give them another severity' },
      ...engineOptions,
      json: { type: 'boolean', help: 'write one JSON object' },
      data: { type: 'string', value: 'DIR', help: 'read the log in this data directory; asks no engine' },
    },
    run: async (input) => (await import('./replay-call.js')).replayCall(input, openLog),
  };
}
