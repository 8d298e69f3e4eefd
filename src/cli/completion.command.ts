import { bashCompletion, completionsOf, fishCompletion, zshCompletion } from './completion.js';
import { CliError, type Command, exitCode, type Verb } from './command.js';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `portledger completion bash|zsh|fish`: a script for the shell, made from the table of the verbs. */
export function completionCommand(loadVerbs: () => Promise<readonly Verb[]>): Command {
  return {
    usage: ['portledger completion bash|zsh|fish'],
    notes: ['Writes the script to stdout; run it when the shell starts.'],
    options: {},
    words: Object.keys(scripts),
    run: async ({ positionals, io }) => {
      const [shell, ...rest] = positionals;
      if (!isShell(shell) || rest.length > 0) {
        throw new CliError(exitCode.usage, 'Name the shell: portledger completion bash, zsh or fish.');
      }
      const verbs = await loadVerbs();
      const completable: Parameters<typeof completionsOf>[0][number][] = [];
      for (const { name, load } of verbs) {
        const { options, words } = await load();
        completable.push({ name, options, ...(words === undefined ? {} : { words }) });
      }
      io.out(scripts[shell](await completionsOf(completable)));
      return exitCode.ok;
    },
  };
}

function isShell(name: string | undefined): name is keyof typeof scripts {
  return name !== undefined && Object.hasOwn(scripts, name);
}
