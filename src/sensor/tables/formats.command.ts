import { CliError, type Command, exitCode } from '../../cli/command.js';
import { textTable } from '../../cli/text-table.js';

/** `portledger sensor formats`: what `sensor parse` understands. */
export const formatsCommand: Command = {
  usage: ['portledger sensor formats [--json]   a line for each format that sensor parse understands'],
  notes: ['Asks no engine and needs no token.'],
  options: { json: { type: 'boolean', help: 'write JSON, one object a format' } },
  run: async ({ positionals, options, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, 'sensor formats: expected no words after it.');
    const { messageFormat } = await import('../messages/message-file.js');
    const { tableFormats } = await import('./table-formats.js');
    const rows = [
      ...tableFormats.map(({ name, vendor, tables, command }) => ({ name, vendor, tables, command })),
      { ...messageFormat, tables: [] },
    ];
    if (options.flag('json')) io.out(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    else {
      const cells = rows.map(({ name, vendor, tables, command }) => [name, vendor, tables.join(', '), command]);
      io.out(`${textTable([['NAME', 'VENDOR', 'TABLES', 'PRINTED BY'], ...cells])}\n`);
    }
    return exitCode.ok;
  },
};
