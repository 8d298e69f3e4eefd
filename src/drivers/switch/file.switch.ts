import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { readIfPresent, writeWhole } from '../durable-file.js';
import { StampFile } from '../stamp-file.js';
import {
  lineOf,
  type NeighbourFile,
  NeighbourFileError,
  readNeighbourFile,
  renderNeighbourFile,
} from './neighbour-file.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type DriverLimit,
  type InterfaceState,
  type NeighbourChange,
  type NeighbourEntry,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';

export interface FileSwitchOptions {
  readonly device: string;
  /** The folder, which must be there: a work tree of git, for example. */
  readonly directory: string;
  /** The interfaces that entries may be written for. */
  readonly interfaces: readonly string[];
  /** The VRF that stands in each line; none for the default one. */
  readonly vrf?: string;
}

/** What a file cannot know of the device somebody else brings it to. */
export const fileLimits: readonly DriverLimit[] = [
  {
    promise: 'interface-state',
    reason:
      'a file knows neither carrier nor admin state nor addresses: nothing is announced for it, and it reports no links',
  },
  {
    promise: 'vrf',
    reason: 'each line names the configured VRF, but there is no device to say in which one an interface stands',
  },
  {
    promise: 'reboot',
    reason: 'a file outlives a restart; what the device itself lost is for the tooling that pushes the file to see',
  },
  { promise: 'hanging', reason: 'a local file is read at once or not at all: there is no answer to wait for' },
  {
    promise: 'lying',
    reason: 'what was written is read back from the file; whether a device follows it nobody here can see',
  },
  {
    promise: 'half-applied',
    reason: 'the file is replaced in one step: it holds the old entries or the new ones, never a mixture',
  },
];

/**
 * For people whose own tooling pushes: the entries of a device as one sorted text file, the last change as a diff beside
 * it, and the stamp. Text outside our block is theirs and stays; entries in it are foreign. A file `NAME.lock` holds us off.
 */
export function createFileSwitch(options: FileSwitchOptions): SwitchDriver {
  return new FileSwitch(options);
}

const placeOf = ({ address, interface: name }: NeighbourEntry): string => `${address} ${name}`;

class FileSwitch implements SwitchDriver {
  readonly device: string;
  readonly limits = fileLimits;
  private readonly interfaces: ReadonlySet<string>;
  private readonly vrf: string | undefined;
  private readonly path: string;
  private readonly stamp: StampFile;
  private readonly watchers: FSWatcher[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: FileSwitchOptions) {
    this.device = options.device;
    this.interfaces = new Set(options.interfaces);
    this.vrf = options.vrf;
    this.path = join(options.directory, `${options.device}.neighbours`);
    this.stamp = new StampFile(options.device, `${this.path}.stamp`);
  }

  async read(): Promise<SwitchState> {
    const stamp = await this.stamp.read();
    const { ours, foreign } = this.parse(this.text());
    const all = [...this.mine(ours, true), ...this.mine(foreign, false)];
    const interfaces = [...this.interfaces].map((name): [string, InterfaceState] => [
      name,
      { name, adminUp: true, carrier: false, addresses: [], ...(this.vrf === undefined ? {} : { vrf: this.vrf }) },
    ]);
    return { interfaces: new Map(interfaces), neighbours: all, boxAddresses: new Set(), stamp };
  }

  /** One push after another: each begins with the file as it is. */
  apply(changes: readonly NeighbourChange[]): Promise<void> {
    const work = this.writing.then(() => this.push(changes));
    this.writing = work.catch(() => undefined);
    return work;
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    return this.stamp.write(stamp);
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    try {
      const own = basename(this.path);
      const watcher = watch(this.options.directory, (_kind, name) => {
        if (name === null || name === own) onHint(undefined);
      });
      watcher.on('error', () => onHint(undefined)); // whoever reads then finds out why
      watcher.unref();
      this.watchers.push(watcher);
      onHint(undefined);
    } catch {
      // Reading names what is wrong with the folder, and the resync goes on looking.
    }
  }

  async close(): Promise<void> {
    for (const watcher of this.watchers) watcher.close();
    await this.writing;
  }

  private async push(changes: readonly NeighbourChange[]): Promise<void> {
    const lock = `${this.path}.lock`;
    if (existsSync(lock))
      throw this.error(
        'locked',
        `${lock} is there: somebody else is at the file; whoever made it takes it away when done`,
      );
    const text = this.text();
    const file = this.parse(text);
    const foreign = new Set(this.mine(file.foreign, false).map(placeOf));
    const lines = new Map(
      file.ours.map((entry) => [`${placeOf(entry)} ${entry.vrf ?? ''}`, entryLine(entry, entry.vrf)]),
    );
    const refused: string[] = [];
    for (const { change, entry } of changes) {
      const line = lineOf(entry, this.vrf);
      const why = this.whyForbidden(entry, foreign, line);
      if (why !== undefined || line === undefined) refused.push(`${change} ${placeOf(entry)}: ${why}`);
      else if (change === 'remove') lines.delete(`${placeOf(entry)} ${this.vrf ?? ''}`);
      else lines.set(`${placeOf(entry)} ${this.vrf ?? ''}`, [entry, line]);
    }
    await this.replace(text, renderNeighbourFile(file, lines.values()));
    if (refused.length > 0)
      throw this.error(
        'refused',
        `${refused.length} of ${changes.length} changes were refused: ${refused.slice(0, 3).join('; ')}`,
      );
  }

  private async replace(before: string, after: string): Promise<void> {
    if (before === after) return;
    const meanwhile = 'somebody else wrote the file meanwhile; it is left as it is and read again';
    if (this.text() !== before) throw this.error('locked', meanwhile);
    try {
      await writeWhole(this.path, after);
      await writeWhole(`${this.path}.diff`, diffOf(before, after), 'later');
    } catch (cause) {
      throw this.error('misconfigured', `cannot write ${this.path} (${(cause as Error).message}); ${cure}`, cause);
    }
  }

  private whyForbidden(
    entry: NeighbourEntry,
    foreign: ReadonlySet<string>,
    line: string | undefined,
  ): string | undefined {
    if (!this.interfaces.has(entry.interface))
      return `the interface is not one of ${[...this.interfaces].join(', ')}; add it to this device's interfaces`;
    if (line === undefined) return `${entry.mac} or ${entry.address} is not in canonical spelling`;
    return foreign.has(placeOf(entry))
      ? 'an entry outside our block stands there; adopt it, or remove its line'
      : undefined;
  }

  private mine(entries: NeighbourFile['ours'], ours: boolean): ActualNeighbour[] {
    return entries
      .filter((entry) => this.interfaces.has(entry.interface) && entry.vrf === this.vrf)
      .map(({ interface: name, address, mac }) => ({ interface: name, address, mac, ours }));
  }

  private text(): string {
    try {
      if (existsSync(this.options.directory)) return readIfPresent(this.path) ?? '';
    } catch (cause) {
      throw this.error('unreachable', `cannot read ${this.path} (${(cause as Error).message}); ${cure}`, cause);
    }
    throw this.error('unreachable', `the folder ${this.options.directory} is not there; make it, or mount it again`);
  }

  private parse(text: string): NeighbourFile {
    try {
      const file = readNeighbourFile(text);
      const twice = new Set<string>();
      for (const entry of file.ours) {
        const place = `${placeOf(entry)} ${entry.vrf ?? ''}`;
        if (twice.has(place)) throw new NeighbourFileError(`our block has ${place.trim()} twice`);
        twice.add(place);
      }
      return file;
    } catch (cause) {
      if (!(cause instanceof NeighbourFileError)) throw cause;
      throw this.error(
        'unreadable',
        `${this.path}: ${cause.message}; mend the line, or take it out of the block`,
        cause,
      );
    }
  }

  private error(code: DeviceError['code'], message: string, cause?: unknown): DeviceError {
    return new DeviceError(this.device, code, message, cause === undefined ? undefined : { cause });
  }
}

const cure = 'give a folder that is ours to write, and room on its disk';

function entryLine(entry: NeighbourEntry, vrf: string | undefined): readonly [NeighbourEntry, string] {
  return [entry, lineOf(entry, vrf) ?? ''];
}

/** The lines that went and came, in the order of the file; the same change gives the same text. */
function diffOf(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const [had, has] = [new Set(old), new Set(fresh)];
  const gone = old.filter((line) => !has.has(line)).map((line) => `-${line}\n`);
  const come = fresh.filter((line) => !had.has(line)).map((line) => `+${line}\n`);
  return [...gone, ...come].join('');
}
