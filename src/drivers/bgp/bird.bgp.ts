import { isAbsolute, resolve } from 'node:path';
import { IpCoprocess } from '../../transports/ip-coprocess.js';
import { namingDevice } from '../device-error-of-ip.js';
import type { BgpPreflight } from '../switch/preflight.port.js';
import { isOvertaken, overtakenBy } from '../stamp.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import { type BgpDriver, type BgpState, type Route, routeKey } from './bgp.port.js';
import type { BirdConfiguration, KnownFiles } from './bird-config.js';
import { BirdControl, type BirdReply } from './bird-control.js';
import { BirdHalf, type Rewrite, wholeRoute } from './bird-half.js';
import { destinationOf } from './bird-include.js';
import { differenceOf, isAllInTable, type Loaded, loadedRoutes } from './bird-loaded.js';
import { lacks, proveBirdConfiguration } from './bird-proof.js';
import { loadFiles, textOf } from './bird-push.js';
import { wouldAnnounceOnLink } from './bird-radv.js';
import { configuredKeys, kernelKeys, lastReconfiguration, tableRoutes } from './bird-tables.js';

/** The kernel stamps files by its tick: one may have been written this much later than its stamp says, ms (HZ 100). */
const stampGrainMs = 10;

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
  /** Seconds after which the daemon undoes what we did not confirm, as after a crash of ours; 30 where not given. */
  readonly confirmSeconds?: number;
}

const symbol = /^[A-Za-z][A-Za-z0-9_]*$/;

/** A BIRD 2 or 3 daemon on the gateway, spoken to over its control socket; each family is one static protocol with one include file. */
export function createBirdBgp(options: BirdBgpOptions): BgpDriver {
  return new BirdBgp(options);
}

class BirdBgp implements BgpDriver {
  readonly device: string;
  private readonly halves: readonly [BirdHalf, BirdHalf];
  private readonly control: BirdControl;
  private readonly ip: IpCoprocess;
  private readonly confirmSeconds: number;
  private confFile: string | undefined;
  private readonly knownFiles: KnownFiles = new Map();
  /** As it was proven last. */
  private configuration: BirdConfiguration | undefined;
  private working: Promise<unknown> = Promise.resolve();
  /** The stamp as it was read last. */
  private seen: { readonly stamp: DeviceStamp | undefined } | undefined;

  constructor(options: BirdBgpOptions) {
    const { device, protocol6, include6, protocol4, include4 } = options;
    for (const name of [protocol6, protocol4]) {
      if (!symbol.test(name))
        throw new DeviceError(
          device,
          'misconfigured',
          `"${name}" is no name of a BIRD protocol; expected letters, digits and _`,
        );
    }
    this.device = device;
    this.halves = [
      new BirdHalf(device, 'ipv6', protocol6, resolve(include6)),
      new BirdHalf(device, 'ipv4', protocol4, resolve(include4)),
    ];
    this.confFile = options.confFile;
    this.confirmSeconds = options.confirmSeconds ?? 30;
    this.control = new BirdControl(device, options.socket, options.deadline ?? 30_000);
    this.ip = new IpCoprocess(options.netns, options.deadline);
  }

  async read(): Promise<BgpState> {
    await this.proveConfiguration();
    const [tables, [kernel]] = await allTogether([
      Promise.all(this.halves.map(({ protocol }) => this.table(protocol))),
      namingDevice(this.device, this.ip.run(['route show table all proto bird'])),
    ]);
    if (kernel?.error !== undefined)
      throw this.error('unreadable', `the kernel's routes cannot be read: ${kernel.error}`);
    const files = this.halves.map((half) => half.read());
    const stamp = stampOfBoth(files[0]?.stamp, files[1]?.stamp);
    this.seen = { stamp };
    const owned = await Promise.all(
      this.halves.map((half, index) => this.owned(half, files[index]?.routes ?? [], tables[index] ?? new Map())),
    );
    const keys = owned.flat().map(routeKey);
    const inKernel = kernelKeys(kernel?.json);
    return {
      owned: owned.flat(),
      inTable: new Set(keys.filter((key) => tables.some((table) => table.has(key)))),
      inKernel: new Set(keys.filter((key) => inKernel.has(key))),
      stamp,
      ...(files.some((file) => file?.pending === true) ? { unconfirmed: true } : {}),
    };
  }

  setRoutes(routes: readonly Route[], stamp: DeviceStamp, onConfirmed?: () => void): Promise<void> {
    const done = this.working.then(() => this.replace(routes, stamp, onConfirmed));
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

  private async replace(
    routes: readonly Route[],
    stamp: DeviceStamp,
    onConfirmed: (() => void) | undefined,
  ): Promise<void> {
    this.refuseDoubled(routes);
    // No file is touched while the configuration is not as it must be, or the daemon is away.
    const [configuration, status] = await allTogether([this.proveConfiguration(), this.ask('show status')]);
    const rewrites = this.halves.map((half) => half.plan(routes));
    const there = stampOfBoth(rewrites[0]?.present?.stamp, rewrites[1]?.present?.stamp);
    if (there !== undefined && isOvertaken(stamp, there, this.seen)) throw this.error('refused', overtakenBy(there));
    for (const rewrite of rewrites) this.refuseUnchecked(rewrite, configuration);
    const changes = rewrites.some(({ differs }) => differs);
    if (changes || (await this.isBehind(rewrites, configuration, status))) {
      const { device, control, confirmSeconds } = this;
      const loaded = (protocol: string): Promise<Loaded> => this.loaded(protocol);
      await loadFiles({ device, control, confirmSeconds, loaded }, rewrites, stamp);
    }
    onConfirmed?.();
    await Promise.all(rewrites.map((rewrite) => rewrite.half.writeConfirmed(rewrite, stamp, changes)));
  }

  /** True when the running daemon holds something else than our files say, or has not loaded the configuration proven. */
  private async isBehind(
    rewrites: readonly Rewrite[],
    configuration: BirdConfiguration,
    status: BirdReply,
  ): Promise<boolean> {
    if (rewrites.some(({ present }) => present?.pending === true)) return true;
    const loaded = lastReconfiguration(status);
    if (loaded !== undefined && configuration.modified + stampGrainMs > loaded) return true;
    for (const { half, routes } of rewrites)
      if (differenceOf(routes, await this.loaded(half.protocol)) !== undefined) return true;
    return false;
  }

  /** What the daemon is configured with: the file's routes where its table has exactly those, else as it says itself. */
  private async owned(half: BirdHalf, said: readonly Route[], table: Loaded['table']): Promise<readonly Route[]> {
    if (isAllInTable(said, table)) return said;
    return loadedRoutes(said, { configured: await this.configured(half.protocol), table });
  }

  private async loaded(protocol: string): Promise<Loaded> {
    const [configured, table] = await allTogether([this.configured(protocol), this.table(protocol)]);
    return { configured, table };
  }

  private async configured(protocol: string): Promise<Loaded['configured']> {
    const keys = configuredKeys(await this.ask(`show static ${protocol}`));
    for (const key of keys) if (this.isForeign(key, protocol)) keys.delete(key);
    return keys;
  }

  private async table(protocol: string): Promise<Loaded['table']> {
    const routes = tableRoutes(await this.ask(`show route all protocol ${protocol}`));
    for (const key of routes.keys()) if (this.isForeign(key, protocol)) routes.delete(key);
    return routes;
  }

  /** Routes that somebody wrote into our protocol beside our file are theirs. */
  private isForeign(key: string, protocol: string): boolean {
    const foreign = this.configuration?.statics.get(protocol)?.foreign;
    return foreign !== undefined && foreign.size > 0 && foreign.has(key.slice(0, key.indexOf(' ')));
  }

  /** Without `check link` nothing is added: a dead link would not withdraw it. What is to go still goes. */
  private refuseUnchecked({ half, routes, present }: Rewrite, { statics }: BirdConfiguration): void {
    if (statics.get(half.protocol)?.checkLink === true) return;
    const standing = new Set(present?.routes.map(wholeRoute));
    if (routes.every((route) => standing.has(wholeRoute(route)))) return;
    const so = 'so its routes would stay announced when a link is lost';
    throw this.error('misconfigured', lacks(this.confFile ?? '', half.protocol, 'check link yes;', so));
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

  private async proveConfiguration(): Promise<BirdConfiguration> {
    this.confFile ??= await this.askForConfFile();
    this.configuration = await proveBirdConfiguration(this.device, this.confFile, this.halves, this.knownFiles);
    return this.configuration;
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

  private async ask(command: string): Promise<BirdReply> {
    const reply = await this.control.command(command);
    if (!/^[89]/.test(reply.code)) return reply;
    throw this.error(
      'misconfigured',
      `BIRD does not answer "${command}": ${textOf(reply)}; see that the protocol named exists in the running daemon ("birdc configure")`,
    );
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

/** The later of two stamps of one log; of two logs either may be the newer: no stamp can be trusted, so the second is told. */
function stampOfBoth(first: DeviceStamp | undefined, last: DeviceStamp | undefined): DeviceStamp | undefined {
  if (first === undefined || last === undefined || first.logId !== last.logId) return last ?? first;
  return first.ordinal > last.ordinal ? first : last;
}
