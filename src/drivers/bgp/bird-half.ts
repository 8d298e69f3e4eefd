import { readIfPresent, writeWhole } from '../durable-file.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { Route } from './bgp.port.js';
import {
  bodyOf,
  destinationOf,
  FaultyRoute,
  ForeignLine,
  type IncludeFile,
  parseInclude,
  RouteLines,
} from './bird-include.js';
import { attributesOf } from './communities.js';
import { stampLine } from '../stamp-line.js';

/** What one include file is to become. */
export interface Rewrite {
  readonly half: BirdHalf;
  readonly routes: readonly Route[];
  readonly before: string | undefined;
  readonly present: IncludeFile | undefined;
  readonly body: string;
  readonly differs: boolean;
}

/** One of the two families: its static protocol and the include file that is ours alone. */
export class BirdHalf {
  private readonly lines = new RouteLines();
  /** The lines read or written last with their meaning: the same lines need no second reading. */
  private known: { readonly body: string; readonly routes: readonly Route[] } | undefined;

  constructor(
    private readonly device: string,
    readonly family: Route['family'],
    readonly protocol: string,
    readonly file: string,
  ) {}

  /** What the file says now; undefined where there is none. Rejects a line that we did not write. */
  read(): IncludeFile | undefined {
    return this.parse(readIfPresent(this.file));
  }

  /** What the file must become to hold these of the routes that are of this family. */
  plan(all: readonly Route[]): Rewrite {
    const routes = all.filter(({ family }) => family === this.family);
    const before = readIfPresent(this.file);
    const present = this.parse(before);
    const body = this.render(routes);
    return { half: this, routes, before, present, body, differs: before === undefined || bodyOf(before) !== body };
  }

  /** Writes the file for the daemon to read; it does not wait for the disk. */
  writePending({ body }: Rewrite, stamp: DeviceStamp): Promise<void> {
    return this.write(stampLine(stamp, true) + body, 'later');
  }

  /** Writes the file as the daemon confirmed it, durably, where it does not say so already. */
  async writeConfirmed({ body, routes, before }: Rewrite, stamp: DeviceStamp, always: boolean): Promise<void> {
    const text = stampLine(stamp, false) + body;
    if (always || text !== before) await this.write(text, 'now');
    this.known = { body, routes };
  }

  /** Puts back what was there before. */
  async restore({ before, differs }: Rewrite): Promise<void> {
    if (differs) await this.write(before ?? '', 'now');
  }

  private render(routes: readonly Route[]): string {
    try {
      return this.lines.render(routes);
    } catch (cause) {
      if (!(cause instanceof FaultyRoute)) throw cause;
      throw new DeviceError(this.device, 'refused', `${cause.message}; nothing was changed`, { cause });
    }
  }

  private parse(text: string | undefined): IncludeFile | undefined {
    if (text === undefined) return undefined;
    const { file, family, known } = this;
    const body = bodyOf(text);
    try {
      if (known?.body === body)
        return { ...parseInclude(text.slice(0, -body.length || undefined), family), routes: known.routes };
      const include = parseInclude(text, family);
      this.known = { body, routes: include.routes };
      return include;
    } catch (cause) {
      if (!(cause instanceof ForeignLine)) throw cause;
      const shown = `${file}:${cause.line} was not written by portledger: "${cause.text.slice(0, 120)}"`;
      const message = `${shown}; move that line to a file of your own, this one is ours alone`;
      throw new DeviceError(this.device, 'unreadable', message, { cause });
    }
  }

  private async write(text: string, durable: 'now' | 'later'): Promise<void> {
    try {
      await writeWhole(this.file, text, durable);
    } catch (cause) {
      const why = (cause as Error).message;
      const message = `cannot write the include file ${this.file} (${why}); give a path in a folder that exists and is ours to write`;
      throw new DeviceError(this.device, 'misconfigured', message, { cause });
    }
  }
}

/** A route as `show static` names it. */
export function staticKey(route: Route): string {
  return route.family === 'ipv6'
    ? `${route.prefix} ${route.nextHop}%${route.interface}`
    : `${destinationOf(route)} ${route.interface}`;
}

/** All of a route, to tell whether it is the same. */
export function wholeRoute(route: Route): string {
  return `${staticKey(route)} ${attributesOf(route)}`;
}
