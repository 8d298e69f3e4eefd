import { bashCompletion, completionsOf, zshCompletion } from './completion.js';
import { CliError, type Command, exitCode, type Verb } from './command.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion } as const;

/** `portledger completion bash|zsh`: a script for the shell, made from the table of the verbs. */
export function completionCommand(loadVerbs: () => Promise<readonly Verb[]>): Command {
  return {
    usage: ['portledger completion bash|zsh'],
    notes: ['Writes the script to stdout; run it when the shell starts.'],
    options: {},
    run: async ({ positionals, io }) => {
      const [shell, ...rest] = positionals;
      if ((shell !== 'bash' && shell !== 'zsh') || rest.length > 0) {
        throw new CliError(exitCode.usage, 'Name the shell: portledger completion bash, or zsh.');
      }
      const verbs = await loadVerbs();
      const completable: Parameters<typeof completionsOf>[0][number][] = [];
      for (const { name, load } of verbs) {
        const { options, words } = await load();
        completable.push({ name, options, ...(words === undefined ? {} : { words }) });
      }
      io.out(scripts[shell](completionsOf(completable)));
      return exitCode.ok;
    },
  };
}
