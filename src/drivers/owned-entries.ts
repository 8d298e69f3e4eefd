import { type IpAddress, parseIp, parseIpv4, parseMac } from '../../events/index.js';
import { readIfPresent, writeWhole } from './durable-file.js';
import { DeviceError, type NeighbourEntry } from './switch/switch.port.js';

const format = 'portledger-owned/1';

/** The entries that were last read back on a device, as the journal knows them. */
export type LastConfirmed = () => Promise<readonly NeighbourEntry[]>;

interface Owned {
  /** By place. A place here is ours whatever MAC is there: somebody may have changed it by hand. */
  readonly held: Map<string, NeighbourEntry>;
  /** What we took away again, by place and MAC. It is ours only if the very same entry comes back, as after a reboot. */
  readonly gone: Map<string, NeighbourEntry>;
  /** The change that is under way on the device, such as the name of its session. */
  underway: string | undefined;
}

/**
 * Which entries on a device without tags are ours: a JSON file beside the stamp, written before the device is.
 * So whatever an engine that died has left on the device is known as ours. Where there is no file yet, the journal's
 * last confirmed entries count. For devices whose IPv4 lines name no interface: the place of such an entry is its address.
 */
export class OwnedEntries {
  private known: Owned | undefined;

  constructor(
    private readonly device: string,
    private readonly path: string,
    private readonly lastConfirmed: LastConfirmed = () => Promise.resolve([]),
  ) {}

  /** Whether an entry on the device is ours. */
  async isOurs(): Promise<(entry: NeighbourEntry) => boolean> {
    const { held, gone } = await this.load();
    return (entry) => held.has(placeOf(entry)) || gone.has(lineOf(entry));
  }

  /** The interface on which an IPv4 address was last claimed and not yet seen gone. */
  async whereHeld(): Promise<(address: IpAddress) => string | undefined> {
    const { held } = await this.load();
    return (address) => held.get(address)?.interface;
  }

  /** The change that was under way when this was last written; undefined when none was. */
  async underway(): Promise<string | undefined> {
    return (await this.load()).underway;
  }

  /** Before a change: these places are ours from now on. Durable when it resolves. */
  async claim(entries: readonly NeighbourEntry[], underway: string | undefined): Promise<void> {
    const owned = await this.load();
    for (const entry of entries) owned.held.set(placeOf(entry), entry);
    owned.underway = underway;
    await this.store(owned);
  }

  /** After a change was read back: nothing is under way, and what is not among these is gone from the device. */
  async settle(present: readonly NeighbourEntry[]): Promise<void> {
    const owned = await this.load();
    const places = new Set(present.map(placeOf));
    for (const [place, entry] of owned.held) {
      if (places.has(place)) continue;
      owned.held.delete(place);
      owned.gone.set(lineOf(entry), entry);
    }
    owned.underway = undefined;
    await this.store(owned);
  }

  private async load(): Promise<Owned> {
    if (this.known !== undefined) return this.known;
    const text = await this.named('read', () => readIfPresent(this.path));
    if (text === undefined) {
      const confirmed = await this.lastConfirmed();
      const held = new Map(confirmed.map((entry) => [placeOf(entry), entry]));
      return (this.known = { held, gone: new Map(), underway: undefined });
    }
    const owned = parse(text);
    if (owned !== undefined) return (this.known = owned);
    throw new DeviceError(
      this.device,
      'unreadable',
      `${this.path} does not say which entries are ours; expected JSON of the format ${format}. Restore it, or remove it: then the journal's last confirmed entries count as ours`,
    );
  }

  private async store({ held, gone, underway }: Owned): Promise<void> {
    const said = {
      format,
      ...(underway === undefined ? {} : { underway }),
      held: [...held.values()].map(lineOf),
      gone: [...gone.values()].map(lineOf),
    };
    await this.named('write', () => writeWhole(this.path, `${JSON.stringify(said, undefined, 1)}\n`));
  }

  private async named<Result>(verb: string, work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      this.known = undefined;
      throw new DeviceError(
        this.device,
        'misconfigured',
        `cannot ${verb} ${this.path} (${(cause as Error).message}), which says which entries are ours; give a path in a folder that exists and is ours to write`,
        { cause },
      );
    }
  }
}

function placeOf({ interface: name, address }: NeighbourEntry): string {
  return parseIpv4(address) === undefined ? `${name} ${address}` : address;
}

function lineOf({ interface: name, address, mac }: NeighbourEntry): string {
  return `${name} ${address} ${mac}`;
}

function parse(text: string): Owned | undefined {
  try {
    const said = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const { underway } = said;
    const held = entriesOf(said['held']);
    const gone = entriesOf(said['gone']);
    if (said['format'] !== format || held === undefined || gone === undefined) return undefined;
    if (underway !== undefined && typeof underway !== 'string') return undefined;
    return {
      held: new Map(held.map((entry) => [placeOf(entry), entry])),
      gone: new Map(gone.map((entry) => [lineOf(entry), entry])),
      underway,
    };
  } catch {
    return undefined;
  }
}

/** Lines as `Vlan11 198.51.100.16 52:54:00:00:00:16`; undefined where one is not of that form. */
function entriesOf(said: unknown): NeighbourEntry[] | undefined {
  if (!Array.isArray(said)) return undefined;
  const entries: NeighbourEntry[] = [];
  for (const line of said as unknown[]) {
    const [name, second, third] = typeof line === 'string' ? line.split(' ') : [];
    const [address, mac] = [parseIp(second), parseMac(third)];
    if (name === undefined || address === undefined || mac === undefined) return undefined;
    const entry = { interface: name, address, mac };
    if (lineOf(entry) !== line) return undefined;
    entries.push(entry);
  }
  return entries;
}
