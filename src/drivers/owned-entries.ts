import type { IpAddress } from '../../events/index.js';
import { parseIp, parseMac } from '../../events/index.js';
import { readIfPresent, writeWhole } from './durable-file.js';
import { DeviceError, type NeighbourEntry } from './switch/switch.port.js';

const format = 'portledger-owned/1';

/** The entries that were last read back on a device, as the journal knows them. */
export type LastConfirmed = () => Promise<readonly NeighbourEntry[]>;

interface Owned {
  /** MACs by place. A place here is ours whatever MAC is there: somebody may have changed it by hand. */
  readonly held: Map<string, string>;
  /** What we took away again, MACs by place. It is ours only if the very same entry comes back, as after a reboot. */
  readonly gone: Map<string, ReadonlySet<string>>;
  /** The change that is under way on the device, such as the name of its session. */
  underway: string | undefined;
}

/**
 * Which entries on a device without tags are ours: a JSON file beside the stamp, written before the device is.
 * So whatever an engine that died has left on the device is known as ours. Where there is no file yet, the journal's
 * last confirmed entries count.
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
    return (entry) => held.has(placeOf(entry)) || gone.get(placeOf(entry))?.has(entry.mac) === true;
  }

  /** The change that was under way when this was last written; undefined when none was. */
  async underway(): Promise<string | undefined> {
    return (await this.load()).underway;
  }

  /** Before a change: these places are ours from now on. Durable when it resolves. */
  async claim(entries: readonly NeighbourEntry[], underway: string | undefined): Promise<void> {
    const owned = await this.load();
    for (const entry of entries) owned.held.set(placeOf(entry), entry.mac);
    owned.underway = underway;
    await this.store(owned);
  }

  /** After a change was read back: nothing is under way, and what is not among these is gone from the device. */
  async settle(present: readonly NeighbourEntry[]): Promise<void> {
    const owned = await this.load();
    const places = new Set(present.map(placeOf));
    for (const [place, mac] of owned.held) {
      if (places.has(place)) continue;
      owned.held.delete(place);
      owned.gone.set(place, new Set([...(owned.gone.get(place) ?? []), mac]));
    }
    owned.underway = undefined;
    await this.store(owned);
  }

  private async load(): Promise<Owned> {
    if (this.known !== undefined) return this.known;
    const text = await this.named('read', () => readIfPresent(this.path));
    if (text === undefined) {
      const confirmed = await this.lastConfirmed();
      const held = new Map(confirmed.map((entry) => [placeOf(entry), entry.mac as string]));
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
      held: [...held].map(([place, mac]) => `${place} ${mac}`),
      gone: [...gone].flatMap(([place, macs]) => [...macs].map((mac) => `${place} ${mac}`)),
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

function placeOf({ interface: name, address }: { readonly interface: string; readonly address: IpAddress }): string {
  return `${name} ${address}`;
}

function parse(text: string): Owned | undefined {
  try {
    const said = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const { underway } = said;
    const held = linesOf(said['held']);
    const gone = linesOf(said['gone']);
    if (said['format'] !== format || held === undefined || gone === undefined) return undefined;
    if (underway !== undefined && typeof underway !== 'string') return undefined;
    const owned: Owned = { held: new Map(), gone: new Map(), underway };
    for (const [place, mac] of held) owned.held.set(place, mac);
    for (const [place, mac] of gone) owned.gone.set(place, new Set([...(owned.gone.get(place) ?? []), mac]));
    return owned;
  } catch {
    return undefined;
  }
}

/** Lines as `Vlan11 198.51.100.16 52:54:00:00:00:16`; undefined where one is not of that form. */
function linesOf(said: unknown): [place: string, mac: string][] | undefined {
  if (!Array.isArray(said)) return undefined;
  const lines: [string, string][] = [];
  for (const line of said as unknown[]) {
    const [name, address, mac, ...rest] = typeof line === 'string' ? line.split(' ') : [];
    const isLine = name !== undefined && parseIp(address) === address && parseMac(mac) === mac && rest.length === 0;
    if (!isLine || address === undefined || mac === undefined) return undefined;
    lines.push([`${name} ${address}`, mac]);
  }
  return lines;
}
