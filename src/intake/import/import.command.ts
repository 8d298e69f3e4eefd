import type { Command } from '../../cli/command.js';
import { publishingOptions } from '../../cli/engine-client.js';
import type { EventStore } from '../../event-store/event-store.port.js';
import { columnNames, columns } from './columns.js';

/** Opens the log in a data directory for reading. */
export type OpenLog = (directory: string) => Promise<Pick<EventStore, 'readAll'> & { close(): Promise<void> }>;

const width = Math.max(...columnNames.map((name) => name.length));

/** `portledger import`: billing's servers from a file, published or compared. */
export function importCommand(openLog: OpenLog): Command {
  return {
    usage: [
      'portledger import csv|ndjson|netbox FILE [--time TIME] [--rejects FILE] [--json]',
      'portledger import csv|ndjson|netbox FILE --publish --source URI [--time TIME] [--rejects FILE] [--url URL] [--token-file FILE]',
      'portledger import csv|ndjson|netbox FILE --compare [--emit FILE --source URI] [--time TIME] [--data DIR]',
    ],
    notes: [
      'Without --publish nothing is published: it says what would be, which rows are rejected and why, and which contest a claim.',
      'An event is named by what it says, so a second run of the same file stores nothing twice; run it again after any interruption.',
      "--compare takes the file for billing's whole truth and says which servers the map lacks, has besides, or has otherwise.",
      '--emit writes the events that would close the gap, true as of --time (default: now), for portledger publish. Look at them first.',
      '',
      'netbox reads a dump of dumpdata; --rejects writes what of it is no whole server yet as ndjson, to fill in and import.',
      'Columns, in any order, case and spelling (server_id, "MAC address"); ndjson has one object a line with the same names:',
      ...columnNames.map((name) => `  ${name.padEnd(width)}  ${columns[name].says}`),
    ],
    exitCodes: ['notFound', 'differences', 'unreachable', 'interrupted'],
    options: {
      publish: { type: 'boolean', help: 'publish it; without this it is a dry run' },
      check: { type: 'boolean', help: 'ask the engine what it would answer; nothing is stored' },
      compare: { type: 'boolean', help: 'hold it against the map; publishes nothing' },
      emit: { type: 'string', value: 'FILE', help: 'with --compare: write the events that would close the gap' },
      data: { type: 'string', value: 'DIR', help: 'with --compare: the log in this data directory; asks no engine' },
      time: { type: 'string', value: 'TIME', help: 'since when a row is true that does not say so itself' },
      rejects: {
        type: 'string',
        value: 'FILE',
        help: 'write the rejected rows there, with reasons, to mend and import',
      },
      ...publishingOptions,
      json: { type: 'boolean', help: 'write one JSON object' },
    },
    run: async (input) => (await import('./import-call.js')).importCall(input, openLog),
  };
}
