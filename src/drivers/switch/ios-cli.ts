import { CliShell } from '../../transports/cli-shell.js';
import type { SshConnection } from '../../transports/ssh-connection.js';
import { SshError } from '../../transports/ssh-error.js';

/** What IOS complained of in an answer, such as `% Invalid input detected at '^' marker.`; undefined where it did not. */
export function complaintOf(answer: string): string | undefined {
  return answer
    .split('\n')
    .find((line) => /^\s*%\s?\S/.test(line) && !/^%[A-Z0-9_]+-\d-[A-Z0-9_]+:/.test(line))
    ?.trim()
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 200);
}

/** One conversation with the command line of IOS, in privileged mode and without paging. */
export class IosCli {
  private constructor(private readonly shell: CliShell) {}

  /** Opens one, does the work, and closes it. Rejects with an SshError. `deadline` in ms bounds each answer. */
  static async with<Result>(
    connection: SshConnection,
    deadline: number,
    work: (cli: IosCli) => Promise<Result>,
  ): Promise<Result> {
    const shell = await CliShell.open(await connection.shell(), deadline);
    try {
      if (!shell.prompt.endsWith('#'))
        throw new SshError('misconfigured', `it prompts "${shell.prompt}"; give its user privilege level 15`);
      const cli = new IosCli(shell);
      for (const command of ['terminal length 0', 'terminal width 511']) await cli.ask(command);
      return await work(cli);
    } finally {
      shell.close();
    }
  }

  /** Whether it takes configuration lines just now. */
  get configuring(): boolean {
    return this.shell.prompt.endsWith('(config)#');
  }

  /** What a command said, complaints and all. */
  ask(command: string): Promise<string> {
    return this.shell.run(command);
  }

  /** What a show command said. Rejects where IOS complains of it. */
  async show(command: string): Promise<string> {
    return this.accepted(command, await this.ask(command));
  }

  /** The answer to a command, unless it is a complaint. */
  accepted(command: string, answer: string): Promise<string> {
    const complaint = complaintOf(answer);
    if (complaint === undefined) return Promise.resolve(answer);
    throw new SshError('misconfigured', `"${command}" was refused: ${complaint}; may the user give this command?`);
  }
}
