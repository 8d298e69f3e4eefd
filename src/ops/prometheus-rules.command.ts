import { writeFileSync } from 'node:fs';
import { CliError, type Command, exitCode } from '../cli/command.js';
import { prometheusRules } from './prometheus-rules.js';

/** `portledger alerts prometheus-rules`: a rule file for a Prometheus that reads `/metrics`. */
export const prometheusRulesCommand: Command = {
  usage: [
    'portledger alerts prometheus-rules                write the rule file to standard output',
    'portledger alerts prometheus-rules --out FILE     write it to a file',
  ],
  notes: ['Name the file under rule_files in prometheus.yml; the scrape job must be called portledger.'],
  options: { out: { type: 'string', value: 'FILE', help: 'where to write it; what is there is replaced' } },
  run: ({ options, positionals, io }) => {
    if (positionals.length > 0) throw new CliError(exitCode.usage, `"${positionals.join(' ')}" is too much.`);
    const file = options.text('out');
    if (file === undefined) io.out(prometheusRules());
    else {
      try {
        writeFileSync(file, prometheusRules());
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? String(error);
        throw new CliError(exitCode.error, `${file} cannot be written (${why}). Name another with --out.`);
      }
      io.err(`portledger: wrote ${file}.\n`);
    }
    return Promise.resolve(exitCode.ok);
  },
};
