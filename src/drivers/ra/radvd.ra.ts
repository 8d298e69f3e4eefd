import { rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NetworkNamespace } from '../../transports/network-namespace.js';
import { runInside } from '../../transports/run-inside.js';
import { namingDevice } from '../device-error-of-ip.js';
import { readIfPresent, writeWhole } from '../durable-file.js';
import { isOvertaken, overtakenBy } from '../stamp.js';
import { PollingWatch } from '../switch/polling-watch.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { RaChange, RaDriver, RaState } from './ra.port.js';
import { isNamedInterface, parseRadvd, type RadvdFile, renderRadvd } from './radvd-config.js';
import { advertisementsSent, findRadvd, namespaceLink, type RadvdProcess, takesHangup } from './radvd-process.js';

export interface RadvdOptions {
  readonly device: string;
  /** The configuration file of radvd; ours as a whole. */
  readonly file: string;
  /** Where radvd writes its process id. */
  readonly pidFile: string;
  /** Network namespace that it serves; our own where none is named. */
  readonly netns?: string;
  /** The interfaces that are ours to advertise on. */
  readonly interfaces: readonly string[];
  /** The longest time in ms that the daemon may take to send at every interface after it was made to read its file. */
  readonly deadline?: number;
  /** How often file and process are looked at, ms. */
  readonly pollMs?: number;
}

/** Debian's radvd by its configuration file and SIGHUP. Throws a DeviceError where it cannot be made of the options. */
export function createRadvd(options: RadvdOptions): RaDriver {
  return new Radvd(options);
}

const pollMs = 1000;
const askedEveryMs = 25;
const start = 'start it: systemctl start radvd';

class Radvd implements RaDriver {
  readonly device: string;
  readonly interfaces: readonly string[];
  private readonly file: string;
  private readonly namespace: NetworkNamespace;
  private readonly deadline: number;
  private watching: PollingWatch | undefined;
  private lastRead: { readonly stamp: DeviceStamp | undefined } | undefined;

  constructor(private readonly options: RadvdOptions) {
    this.device = options.device;
    this.interfaces = [...new Set(options.interfaces)];
    this.file = resolve(options.file);
    this.deadline = options.deadline ?? 10_000;
    this.namespace = new NetworkNamespace(options.netns);
    const unusable = this.interfaces.find((name) => !isNamedInterface(name) || name === 'lo');
    if (unusable !== undefined)
      throw this.error(
        'misconfigured',
        `"${unusable}" is no interface for radvd; expected a letter and up to 14 letters, digits, . _ -`,
      );
  }

  async read(): Promise<RaState> {
    const [text, process] = [this.text(), await this.process()];
    const found = text === undefined ? undefined : parseRadvd(text);
    this.lastRead = { stamp: found?.stamp };
    const daemon = process === undefined ? 'stopped' : found?.intact === true && !found.pending ? 'loaded' : 'running';
    return {
      advertised: found?.advertised ?? new Map(),
      file: found === undefined ? 'missing' : found.intact ? 'intact' : 'changed',
      daemon,
      stamp: found?.stamp,
    };
  }

  async apply({ advertised, up }: RaChange, stamp: DeviceStamp): Promise<void> {
    const before = this.text();
    this.refuseOvertaken(stamp, before === undefined ? undefined : parseRadvd(before));
    const [pending, proved] = [this.rendered(advertised, stamp, true), this.rendered(advertised, stamp, false)];
    await this.test(pending);
    const process = await this.process();
    await this.write(pending);
    if (process === undefined) return;
    const names = advertised.map((one) => one.interface).filter((name) => up.has(name));
    const outcome = await this.reload(process, names);
    if (outcome === 'ended') {
      if (before !== undefined) await this.write(before);
      throw this.error('refused', `radvd ended when it read ${this.file}; what stood there before is back; ${start}`);
    }
    if (outcome.length > 0)
      throw this.error(
        'refused',
        `radvd read ${this.file} and sent nothing at ${outcome.join(', ')} within ${this.deadline} ms; look into its log for why`,
      );
    await this.write(proved);
  }

  watch(onHint: () => void): void {
    const pulse = async (): Promise<ReadonlyMap<string, unknown>> => {
      const process = await findRadvd(this.options.pidFile).catch(() => undefined);
      const file = statSync(this.file, { throwIfNoEntry: false });
      return new Map([['radvd', [file?.ino, file?.mtimeMs, file?.size, process?.pid, process?.started]]]);
    };
    this.watching = new PollingWatch(pulse, this.options.pollMs ?? pollMs, () => onHint());
  }

  close(): Promise<void> {
    this.watching?.close();
    return Promise.resolve();
  }

  /** The radvd of this file in this namespace. Throws where the pid file names another one. */
  private async process(): Promise<RadvdProcess | undefined> {
    const { pidFile, netns } = this.options;
    await namingDevice(
      this.device,
      Promise.resolve().then(() => this.namespace.check()),
    );
    const found = await findRadvd(pidFile).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw this.error('misconfigured', `cannot look at the radvd of ${pidFile} (${why}); run the engine as root`);
    });
    if (found === undefined) return undefined;
    if (found.configFile !== this.file)
      throw this.error(
        'misconfigured',
        `${pidFile} names a radvd that reads ${found.configFile}, not ${this.file}; name its own file under ra, or start it with -C ${this.file}`,
      );
    if (found.namespace !== namespaceLink(netns))
      throw this.error(
        'misconfigured',
        `${pidFile} names a radvd of another network namespace; name the pid file of the one that runs in ${netns ?? 'ours'}`,
      );
    return found;
  }

  /** Has radvd itself read a text. Throws where it refuses it; then nothing was changed. */
  private async test(text: string): Promise<void> {
    const candidate = `${this.file}.new`;
    await this.named('write', () => writeFileSync(candidate, text, { mode: 0o644 }));
    try {
      const args = ['--configtest', '--config', candidate, '--logmethod', 'stderr_clean'];
      const { code, stderr } = await namingDevice(this.device, runInside(this.namespace, 'radvd', args, this.deadline));
      if (/(?:failed to execute|exec of) "?radvd\b/.test(stderr))
        throw this.error('misconfigured', 'radvd is not installed; install it with "apt-get install radvd"');
      if (code !== 0)
        throw this.error(
          'refused',
          `radvd refuses what we would write, and nothing was changed: ${stderr.split('\n')[0]}`,
        );
    } finally {
      rmSync(candidate, { force: true });
    }
  }

  /** Makes it read its file: `ended` where it did not survive that, else the interfaces at which it sent nothing after. */
  private async reload(daemon: RadvdProcess, names: readonly string[]): Promise<'ended' | readonly string[]> {
    const until = performance.now() + this.deadline;
    for (let takes = await takesHangup(daemon); takes !== true; takes = await takesHangup(daemon)) {
      if (takes === undefined) return 'ended';
      if (performance.now() > until)
        throw this.error('timeout', `radvd (pid ${daemon.pid}) does not take SIGHUP yet; it is tried again`);
      await pause(askedEveryMs);
    }
    const before = await advertisementsSent(daemon, names);
    try {
      process.kill(daemon.pid, 'SIGHUP');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ESRCH') return 'ended';
      throw this.error(
        'misconfigured',
        `radvd (pid ${daemon.pid}) may not be told to read its file; run the engine as root`,
      );
    }
    for (;;) {
      await pause(askedEveryMs);
      const now = await findRadvd(this.options.pidFile);
      if (now?.pid !== daemon.pid || now.started !== daemon.started) return 'ended';
      const after = await advertisementsSent(daemon, names);
      const silent = names.filter((name) => (after.get(name) ?? 0) <= (before.get(name) ?? 0));
      if (silent.length === 0 || performance.now() > until) return silent;
    }
  }

  private refuseOvertaken(stamp: DeviceStamp, found: RadvdFile | undefined): void {
    if (found?.stamp !== undefined && isOvertaken(stamp, found.stamp, this.lastRead))
      throw this.error('refused', `${this.file}: ${overtakenBy(found.stamp)}`);
  }

  private rendered(advertised: RaChange['advertised'], stamp: DeviceStamp, pending: boolean): string {
    const stranger = advertised.find((one) => !this.interfaces.includes(one.interface));
    if (stranger !== undefined)
      throw this.error('refused', `${stranger.interface} is not named under the device's ports; nothing was changed`);
    try {
      return renderRadvd(advertised, stamp, pending);
    } catch (cause) {
      if (cause instanceof TypeError) throw this.error('refused', `nothing was changed: ${cause.message}`);
      throw cause;
    }
  }

  private text(): string | undefined {
    try {
      return readIfPresent(this.file);
    } catch (cause) {
      throw this.error(
        'misconfigured',
        `cannot read ${this.file} (${(cause as Error).message}); let the engine read it`,
      );
    }
  }

  private write(text: string): Promise<void> {
    return this.named('write', () => writeWhole(this.file, text));
  }

  private async named<Result>(verb: string, work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const why = (cause as Error).message;
      throw this.error(
        'misconfigured',
        `cannot ${verb} ${this.file} (${why}); give a path in a folder that is there and ours to write`,
      );
    }
  }

  private error(code: DeviceError['code'], message: string): DeviceError {
    return new DeviceError(this.device, code, message);
  }
}
