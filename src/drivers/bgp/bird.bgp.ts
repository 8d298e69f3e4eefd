import { isAbsolute, resolve } from 'node:path';
import { IpCoprocess } from '../../transports/ip-coprocess.js';
import { namingDevice } from '../device-error-of-ip.js';
import { readIfPresent, writeWhole } from '../durable-file.js';
import type { BgpPreflight } from '../switch/preflight.port.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import { type BgpDriver, type BgpState, type Route, routeKey } from './bgp.port.js';
import type { BirdConfiguration, KnownFiles } from './bird-config.js';
import { lacks, proveBirdConfiguration } from './bird-proof.js';
import { wouldAnnounceOnLink } from './bird-radv.js';
import { BirdControl, type BirdReply } from './bird-control.js';
import {
  bodyOf,
  destinationOf,
  FaultyRoute,
  ForeignLine,
  type IncludeFile,
  parseInclude,
  renderHeader,
  RouteLines,
} from './bird-include.js';
import { configuredKeys, kernelKeys, lastReconfiguration, tableKeys } from './bird-tables.js';

export interface BirdBgpOptions {
  readonly device: string;
  /** BIRD's control socket. */
  readonly socket: string;
  /** Our own include file of IPv6 routes, included inside `protocol static <protocol6>`. */
  readonly include6: string;
  readonly include4: string;
  readonly protocol6: string;
  readonly protocol4: string;
  /** Namespace whose kernel routes are read back; our own where none is named. */
  readonly netns?: string;
  /** BIRD's main configuration file; the daemon is asked where it is not given. */
  readonly confFile?: string;
  /** The longest time in ms that the daemon may take for one reply. */
  readonly deadline?: number;
}

/** One of the two families: its include file and static protocol. */
interface Half {
  readonly family: Route['family'];
  readonly file: string;
  readonly protocol: string;
  readonly lines: RouteLines;
  /** The lines read or written last with their meaning: the same lines need no second reading. */
  known: { readonly body: string; readonly routes: readonly Route[] } | undefined;
}

/** What one include file is to become. */
interface Rewrite extends Half {
  readonly routes: readonly Route[];
  readonly before: string | undefined;
  readonly present: IncludeFile | undefined;
  readonly body: string;
  readonly differs: boolean;
}

const symbol = /^[A-Za-z][A-Za-z0-9_]*$/;
const reconfigured = new Set(['0003', '0004', '0005']); // done, in progress, queued: reading back tells
const configurationOk = '0020';

/** A BIRD 2 daemon on the gateway, spoken to over its control socket; each family is one static protocol with one include file. */
export function createBirdBgp(options: BirdBgpOptions): BgpDriver {
  return new BirdBgp(options);
}

class BirdBgp implements BgpDriver {
  readonly device: string;
  private readonly halves: readonly [Half, Half];
  private readonly control: BirdControl;
  private readonly ip: IpCoprocess;
  private confFile: string | undefined;
  private readonly knownFiles: KnownFiles = new Map();
  private working: Promise<unknown> = Promise.resolve();

  constructor(options: BirdBgpOptions) {
    this.device = options.device;
    this.halves = [
      { family: 'ipv6', file: resolve(options.include6), protocol: options.protocol6, ...fresh() },
      { family: 'ipv4', file: resolve(options.include4), protocol: options.protocol4, ...fresh() },
    ];
    const unusable = this.halves.find(({ protocol }) => !symbol.test(protocol));
    if (unusable !== undefined)
      throw this.error('misconfigured', `"${unusable.protocol}" is no name of a BIRD protocol`);
    this.confFile = options.confFile;
    this.control = new BirdControl(options.device, options.socket, options.deadline ?? 30_000);
    this.ip = new IpCoprocess(options.netns, options.deadline);
  }

  async read(): Promise<BgpState> {
    const [, tables, [kernel]] = await allTogether([
      this.proveConfiguration(),
      Promise.all(this.halves.map(({ protocol }) => this.ask(`show route protocol ${protocol}`))),
      namingDevice(this.device, this.ip.run(['route show table all proto bird'])),
    ]);
    if (kernel?.error !== undefined)
      throw this.error('unreadable', `the kernel's routes cannot be read: ${kernel.error}`);
    const files = this.halves.map((half) => this.parse(half, readIfPresent(half.file)));
    const owned = files.flatMap((file) => file?.routes ?? []);
    const inTable = new Set(tables.flatMap((table) => [...tableKeys(table)]));
    const inKernel = kernelKeys(kernel?.json);
    const keys = owned.map(routeKey);
    return {
      owned,
      inTable: new Set(keys.filter((key) => inTable.has(key))),
      inKernel: new Set(keys.filter((key) => inKernel.has(key))),
      stamp: stampOfBoth(files[0]?.stamp, files[1]?.stamp),
    };
  }

  setRoutes(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    const done = this.working.then(() => this.replace(routes, stamp));
    this.working = done.catch(() => undefined);
    return done;
  }

  async preflight(interfaces: readonly string[]): Promise<BgpPreflight> {
    const { statics, advertisers } = await this.proveConfiguration();
    const file = this.confFile ?? '';
    return {
      checkLink: this.halves.map(({ family, protocol }) => ({
        family,
        where: `protocol static ${protocol} in ${file}`,
        checks: { known: statics.get(protocol)?.checkLink === true },
      })),
      advertisedOnLink: new Map(
        interfaces.map((name) => [
          name,
          {
            known: advertisers
              .filter((radv) => wouldAnnounceOnLink(radv, name))
              .map((radv) => `every prefix of ${name} by BIRD (protocol radv ${radv.name} in ${file})`),
          },
        ]),
      ),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.control.close(), this.ip.close()]);
  }

  private async replace(routes: readonly Route[], stamp: DeviceStamp): Promise<void> {
    this.refuseDoubled(routes);
    // No file is touched while the configuration is not as it must be, or the daemon is away.
    const [configuration, status] = await allTogether([this.proveConfiguration(), this.ask('show status')]);
    const rewrites = this.halves.map((half) => this.plan(half, routes));
    for (const rewrite of rewrites) this.refuseUnchecked(rewrite, configuration);
    const changed = rewrites.filter(({ differs }) => differs);
    if (changed.length > 0 || (await this.isBehind(rewrites, configuration, status)))
      await this.load(changed, rewrites, stamp);
    const finals = rewrites.map((rewrite) => ({ ...rewrite, text: renderHeader(stamp, false) + rewrite.body }));
    const stale = finals.filter(({ text, before }) => changed.length > 0 || text !== before);
    await Promise.all(stale.map(({ file, text }) => this.write(file, text)));
    this.halves.forEach((half, index) => (half.known = finals[index]));
  }

  /** Writes the changed files marked pending, so that a crash before the daemon confirmed leads to another `configure`. */
  private async load(changed: readonly Rewrite[], all: readonly Rewrite[], stamp: DeviceStamp): Promise<void> {
    try {
      // The daemon does not wait for the disk: when it has confirmed, the file is written once more, durably.
      const pending = changed.map(({ file, body }) => this.write(file, renderHeader(stamp, true) + body, 'later'));
      await Promise.all(pending);
      const check = await this.control.command('configure check');
      if (check.code !== configurationOk) throw this.refusal(check);
      const reply = await this.control.command('configure');
      if (!reconfigured.has(reply.code)) throw this.refusal(reply);
    } catch (error) {
      if (error instanceof DeviceError && error.code === 'refused') await this.restore(all);
      throw error;
    }
  }

  private async restore(rewrites: readonly Rewrite[]): Promise<void> {
    for (const { file, before, differs } of rewrites) if (differs) await this.write(file, before ?? '');
  }

  /** True when the running daemon holds something else than our files say, or has not loaded the configuration proven. */
  private async isBehind(
    rewrites: readonly Rewrite[],
    configuration: BirdConfiguration,
    status: BirdReply,
  ): Promise<boolean> {
    if (rewrites.some(({ present }) => present?.pending === true)) return true;
    const loaded = lastReconfiguration(status);
    if (loaded !== undefined && configuration.modified > loaded) return true;
    for (const { protocol, routes } of rewrites) {
      const configured = configuredKeys(await this.ask(`show static ${protocol}`));
      if (configured.size !== routes.length || !routes.every((route) => configured.has(staticKey(route)))) return true;
    }
    return false;
  }

  private plan(half: Half, all: readonly Route[]): Rewrite {
    const routes = all.filter(({ family }) => family === half.family);
    const before = readIfPresent(half.file);
    const present = this.parse(half, before);
    const body = this.render(half, routes);
    const differs = before === undefined || bodyOf(before) !== body;
    return { ...half, routes, before, present, body, differs };
  }

  /** Without `check link` nothing is added: a dead link would not withdraw it. What is to go still goes. */
  private refuseUnchecked({ protocol, routes, present }: Rewrite, { statics }: BirdConfiguration): void {
    if (statics.get(protocol)?.checkLink === true) return;
    const standing = new Set(present?.routes.map(routeLine));
    if (routes.every((route) => standing.has(routeLine(route)))) return;
    const so = 'so its routes would stay announced when a link is lost';
    throw this.error('misconfigured', lacks(this.confFile ?? '', protocol, 'check link yes;', so));
  }

  /** BIRD takes two routes of one destination; whoever wants them has made a mistake. */
  private refuseDoubled(routes: readonly Route[]): void {
    const seen = new Map<string, Route>();
    for (const route of routes) {
      const destination = destinationOf(route);
      const other = seen.get(destination);
      if (other !== undefined) {
        throw this.error(
          'refused',
          `route ${destination} is wanted twice, on ${other.interface} and ${route.interface}; expected one route a destination, nothing was changed`,
        );
      }
      seen.set(destination, route);
    }
  }

  private render({ lines }: Half, routes: readonly Route[]): string {
    try {
      return lines.render(routes);
    } catch (cause) {
      if (!(cause instanceof FaultyRoute)) throw cause;
      throw this.error('refused', `${cause.message}; nothing was changed`, cause);
    }
  }

  private async proveConfiguration(): Promise<BirdConfiguration> {
    this.confFile ??= await this.askForConfFile();
    return proveBirdConfiguration(this.device, this.confFile, this.halves, this.knownFiles);
  }

  private async askForConfFile(): Promise<string> {
    const reply = await this.control.command('configure check');
    const path = reply.lines.map(({ text }) => /^Reading configuration from (.+)$/.exec(text)?.[1]).find(Boolean);
    if (path !== undefined && isAbsolute(path)) return path;
    throw this.error(
      'misconfigured',
      `BIRD does not tell the full path of its configuration (${path ?? 'it said nothing'}); name the file with confFile`,
    );
  }

  private parse(half: Half, text: string | undefined): IncludeFile | undefined {
    if (text === undefined) return undefined;
    const { file, family, known } = half;
    const body = bodyOf(text);
    try {
      if (known?.body === body)
        return { ...parseInclude(text.slice(0, -body.length || undefined), family), routes: known.routes };
      const include = parseInclude(text, family);
      half.known = { body, routes: include.routes };
      return include;
    } catch (cause) {
      if (!(cause instanceof ForeignLine)) throw cause;
      throw this.error(
        'unreadable',
        `${file}:${cause.line} was not written by portledger: "${cause.text.slice(0, 120)}"; move that line to a file of your own, this one is ours alone`,
        cause,
      );
    }
  }

  private async ask(command: string): Promise<BirdReply> {
    const reply = await this.control.command(command);
    if (!/^[89]/.test(reply.code)) return reply;
    throw this.error(
      'misconfigured',
      `BIRD does not answer "${command}": ${textOf(reply)}; see that the protocol named exists in the running daemon ("birdc configure")`,
    );
  }

  private refusal(reply: BirdReply): DeviceError {
    return this.error(
      'refused',
      `BIRD refuses the configuration: ${textOf(reply)}; our include files were put back, correct what it names`,
    );
  }

  private async write(file: string, text: string, durable: 'now' | 'later' = 'now'): Promise<void> {
    try {
      await writeWhole(file, text, durable);
    } catch (cause) {
      throw this.error(
        'misconfigured',
        `cannot write the include file ${file} (${(cause as Error).message}); give a path in a folder that exists and is ours to write`,
        cause as Error,
      );
    }
  }

  private error(code: DeviceError['code'], message: string, cause?: Error): DeviceError {
    return new DeviceError(this.device, code, message, cause === undefined ? {} : { cause });
  }
}

/** Awaits work that goes on side by side; where several fail, the first in the list is the one that is told. */
async function allTogether<Works extends readonly Promise<unknown>[]>(
  works: readonly [...Works],
): Promise<{ [Index in keyof Works]: Awaited<Works[Index]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

const fresh = (): Pick<Half, 'lines' | 'known'> => ({ lines: new RouteLines(), known: undefined });

const textOf = (reply: BirdReply): string => `${reply.code} ${reply.lines.at(-1)?.text ?? ''}`;

/** All of a route, to tell whether it is the same. */
const routeLine = (route: Route): string => `${staticKey(route)} ${route.med}`;

const staticKey = (route: Route): string =>
  route.family === 'ipv6'
    ? `${route.prefix} ${route.nextHop}%${route.interface}`
    : `${destinationOf(route)} ${route.interface}`;

/** The later of two stamps of one log; of two logs either may be the newer: no stamp can be trusted, so the second is told. */
function stampOfBoth(first: DeviceStamp | undefined, last: DeviceStamp | undefined): DeviceStamp | undefined {
  if (first === undefined || last === undefined || first.logId !== last.logId) return last ?? first;
  return first.ordinal > last.ordinal ? first : last;
}
