import { StringDecoder } from 'node:string_decoder';
import type { SshChannel } from './ssh-connection.js';
import { SshError } from './ssh-error.js';

/** `leaf1#`, `leaf1>`, `leaf1(config-if)#`: a name, a mode where there is one, and the sign of the privilege. */
const promptShape = /^([A-Za-z0-9][A-Za-z0-9._/:-]{0,63})(\([A-Za-z0-9 ._/:-]{1,63}\))?([>#]) ?$/;
const longest = 64 * 1024 * 1024;
const more = /\s*--\s?more\s?--\s*$/i;

/**
 * The command line of a box as Cisco's boxes have it, on a terminal: a command is sent when the box prompts, and its
 * answer is what stands between the echo of the command and the next prompt of the same box.
 */
export class CliShell {
  /** The prompt that came last, such as `leaf1(config)#`. */
  prompt = '';
  private text = '';
  private name: string | undefined;
  private ended = false;
  private wake: () => void = () => undefined;

  private constructor(
    private readonly channel: SshChannel,
    private readonly deadline: number,
  ) {
    const decoder = new StringDecoder('utf8');
    channel.output.on('data', (chunk: Buffer) => {
      this.text += decoder.write(chunk).replaceAll('\r', '');
      this.wake();
    });
    channel.onClose(() => {
      this.ended = true;
      this.wake();
    });
    channel.input.on('error', () => undefined); // the close that follows tells
  }

  /** Waits for the first prompt, whatever banner stands before it. `deadline` in ms is that of each answer, too. */
  static async open(channel: SshChannel, deadline: number): Promise<CliShell> {
    const shell = new CliShell(channel, deadline);
    try {
      await shell.untilPrompt('did not prompt');
    } catch (error) {
      channel.close();
      throw error;
    }
    return shell;
  }

  /** The answer to one command of one printable line. Rejects with an SshError; then the shell is closed. */
  async run(command: string): Promise<string> {
    if (!/^[\x20-\x7e]+$/.test(command)) throw new TypeError(`not a command of one line: ${JSON.stringify(command)}`);
    this.text = '';
    this.channel.input.write(`${command}\n`);
    try {
      const said = await this.untilPrompt(`did not finish "${command}"`);
      const lines = said.split('\n');
      if (lines[0]?.trimEnd().endsWith(command)) lines.shift();
      return lines.join('\n');
    } catch (error) {
      this.channel.close();
      throw error;
    }
  }

  close(): void {
    this.channel.close();
  }

  /** What was said before the prompt. */
  private async untilPrompt(what: string): Promise<string> {
    const end = performance.now() + this.deadline;
    for (;;) {
      const said = this.beforePrompt();
      if (said !== undefined) return said;
      if (this.ended) throw new SshError('unreachable', `the connection ended: the box ${what}`);
      if (this.text.length > longest) throw new SshError('unreachable', `the box ${what} within ${longest} characters`);
      const left = end - performance.now();
      if (left <= 0) throw new SshError('timeout', `the box ${what} within ${this.deadline} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => (clearTimeout(timer), resolve());
      });
    }
  }

  private beforePrompt(): string | undefined {
    if (more.test(this.text)) {
      this.text = `${this.text.replace(more, '')}\n`;
      this.channel.input.write(' ');
      return undefined;
    }
    const start = this.text.lastIndexOf('\n') + 1;
    const match = promptShape.exec(this.text.slice(start).replace(/^[\b ]+/, ''));
    if (match === null || (this.name !== undefined && match[1] !== this.name)) return undefined;
    this.name = match[1];
    this.prompt = match[0].trimEnd();
    // A box wipes out its "--More--" with backspaces.
    return this.text.slice(0, start).replace(/[\b]+ *[\b]*/g, '');
  }
}
