import { readIfPresent, writeWhole } from './durable-file.js';
import { stampOf } from './stamp.js';
import { DeviceError, type DeviceStamp } from './switch/switch.port.js';

const format = 'portledger-stamp/1';

/** Keeps the stamp of a device that has no place for one, in a JSON file beside it. */
export class StampFile {
  constructor(
    private readonly device: string,
    private readonly path: string,
  ) {}

  /** undefined where there is no file; a file that says no stamp is an error, for it may hide another log's. */
  async read(): Promise<DeviceStamp | undefined> {
    const text = await this.named('read', () => readIfPresent(this.path));
    if (text === undefined) return undefined;
    const stamp = parse(text);
    if (stamp === undefined) {
      throw new DeviceError(
        this.device,
        'unreadable',
        `${this.path} is no stamp; expected JSON of the format ${format}. Restore it, or remove it to be asked for a confirmation`,
      );
    }
    return stamp;
  }

  async write(stamp: DeviceStamp): Promise<void> {
    if (stampOf(stamp.logId, stamp.ordinal) === undefined) throw new TypeError(`not a stamp: ${JSON.stringify(stamp)}`);
    const { logId, ordinal } = stamp;
    await this.named('write', () => writeWhole(this.path, `${JSON.stringify({ format, logId, ordinal })}\n`));
  }

  private async named<Result>(verb: string, work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      throw new DeviceError(
        this.device,
        'misconfigured',
        `cannot ${verb} the state file ${this.path} (${(cause as Error).message}); give a path in a folder that exists and is ours to write`,
        { cause },
      );
    }
  }
}

function parse(text: string): DeviceStamp | undefined {
  try {
    const said = JSON.parse(text) as { format?: unknown; logId?: unknown; ordinal?: unknown };
    return said.format === format ? stampOf(said.logId, said.ordinal) : undefined;
  } catch {
    return undefined;
  }
}
