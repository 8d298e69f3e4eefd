import { CliError, type CommandInput, type CommandOption, exitCode } from '../../cli/command.js';
import type { SourceEmbedding } from '../../config/source-embedding.js';

/** Of the questions that may be about an address that carries another. */
export const embeddingOption = {
  'source-embedding': {
    type: 'string',
    value: 'PREFIX,...',
    help: 'with --offline: prefixes of 80 or 96 bits whose addresses carry an IPv4 source; an engine has its own (sourceEmbedding)',
  },
} as const satisfies Record<string, CommandOption>;

/** The prefixes named on the command line. */
export async function embeddingsOf({ options }: CommandInput): Promise<SourceEmbedding[]> {
  const text = options.text('source-embedding');
  if (text === undefined) return [];
  if (options.text('offline') === undefined) {
    throw new CliError(
      exitCode.usage,
      '--source-embedding goes with --offline: an engine has sourceEmbedding in its configuration.',
    );
  }
  const { parseSourceEmbedding } = await import('../../config/source-embedding.js');
  return text.split(',').map((one) => {
    const found = parseSourceEmbedding(one);
    if (found !== undefined) return found;
    const expected = 'a prefix of 80 or 96 bits without host bits, such as 2001:db8:64::/80';
    throw new CliError(exitCode.usage, `--source-embedding: "${one}" is not ${expected}.`);
  });
}
