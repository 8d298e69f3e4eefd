import { CliError, type CommandInput, exitCode, type ExitCode } from '../cli/command.js';
import { EngineClient, problemOf } from '../cli/engine-client.js';
import type { PartApplied, PartName } from './part-applied.js';
import type { DeviceSummary } from './render-device.js';

/** What a verb says of one part of a device. */
export interface PartWords<Status> {
  readonly part: PartName;
  /** As a sentence begins with it: `Guard`. */
  readonly called: string;
  /** What is said where no device has it. */
  readonly none: string;
  readonly render: (status: Status) => string;
}

type Input = Pick<CommandInput, 'options' | 'io'>;

/** What the verbs of all parts do: show every device, read one, and do a plan. */
export class PartVerb<Status> {
  constructor(private readonly words: PartWords<Status>) {}

  async showAll({ options, io }: Input): Promise<ExitCode> {
    const { none, render } = this.words;
    const client = EngineClient.from(options, io);
    const { devices } = (await client.get('/v1/devices')) as { devices: readonly DeviceSummary[] };
    const shown: string[] = [];
    for (const { device } of devices) {
      const answer = await client.request(this.path(device), { method: 'GET' });
      if (answer.status === 404) continue;
      if (answer.status >= 400) throw problemOf(answer);
      shown.push(options.flag('json') ? JSON.stringify(answer.body) : render(answer.body as Status));
    }
    io.out(`${shown.length > 0 ? shown.join(options.flag('json') ? '\n' : '\n\n') : none}\n`);
    return exitCode.ok;
  }

  async read(device: string, { options, io }: Input): Promise<Status> {
    return (await EngineClient.from(options, io).get(this.path(device))) as Status;
  }

  async show(device: string, { options, io }: Input): Promise<ExitCode> {
    const status = await this.read(device, { options, io });
    io.out(`${options.flag('json') ? JSON.stringify(status) : this.words.render(status)}\n`);
    return exitCode.ok;
  }

  async apply(words: readonly string[], { options, io }: Input): Promise<ExitCode> {
    const { part, called } = this.words;
    const [device, plan, ...more] = words;
    if (device === undefined || plan === undefined || !/^[0-9a-f]{16}$/.test(plan))
      throw new CliError(
        exitCode.usage,
        `${part} apply: expected a device, and the 16 hexadecimal digits of its plan.`,
      );
    refuseMore(more);
    const confirm = options.text('confirm');
    const body = confirm === undefined ? {} : { confirm };
    const applied = (await this.post(device, `plans/${plan}/apply`, body, { options, io })) as PartApplied;
    const { outcome, lines, error } = applied;
    const rest = outcome === 'failed' ? `: ${error ?? ''}` : `, ${lines.length} lines`;
    const said = `${called} of ${device}, plan ${plan}: ${outcome}${rest}`;
    io.out(`${options.flag('json') ? JSON.stringify(applied) : said}\n`);
    if (outcome === 'failed') return exitCode.error;
    return outcome === 'partial' ? exitCode.differences : exitCode.ok;
  }

  /** Asks for something at a path below the part of the device. Rejects with the problem that the engine names. */
  async post(device: string, below: string, body: object, { options, io }: Input): Promise<unknown> {
    const answer = await EngineClient.from(options, io).request(`${this.path(device)}/${below}`, {
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify(body),
    });
    if (answer.status >= 400) throw problemOf(answer);
    return answer.body;
  }

  private path(device: string): string {
    return `/v1/devices/${encodeURIComponent(device)}/${this.words.part}`;
  }
}

/** Throws a CliError where there are words left. */
export function refuseMore(words: readonly string[]): void {
  if (words.length > 0) throw new CliError(exitCode.usage, `"${words.join(' ').slice(0, 80)}" is too much.`);
}
