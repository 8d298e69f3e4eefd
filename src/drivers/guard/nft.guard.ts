import { readFileSync } from 'node:fs';
import { createLinuxLinkReader, type LinuxLinkReader } from '../../transports/linux-link-reader.js';
import { NetworkNamespace } from '../../transports/network-namespace.js';
import { type NftAnswer, runNft } from '../../transports/nft-process.js';
import { namingDevice } from '../device-error-of-ip.js';
import { StampFile } from '../stamp-file.js';
import { DeviceError, type DeviceStamp } from '../switch/switch.port.js';
import type { GuardChange, GuardDriver, GuardState } from './guard.port.js';
import { isInterfaceName } from './nft-elements.js';
import { sharedRules, table } from './nft-rules.js';
import { hooksOf, type NftTable, tableOf } from './nft-tables.js';
import { type PortToBe, transactionOf } from './nft-transaction.js';
import { rateBudget } from './rate-budget.js';

export interface NftGuardOptions {
  readonly device: string;
  /** Network namespace of the interfaces; our own where none is named. */
  readonly netns?: string;
  /** The interfaces that may be guarded. */
  readonly interfaces: readonly string[];
  /** Where the stamp is kept: the table is gone after a restart of the box, and what it was driven from must not be. */
  readonly stateFile: string;
  /** The longest time in ms that one run of `nft` may take. */
  readonly deadline?: number;
}

/** A guard made of nftables at netdev ingress: one table of our own, changed in one transaction. */
export function createNftGuard(options: NftGuardOptions): GuardDriver {
  return new NftGuard(options);
}

class NftGuard implements GuardDriver {
  readonly device: string;
  readonly interfaces: readonly string[];
  readonly rates: GuardDriver['rates'];
  private readonly shared: ReadonlyMap<string, string[]>;
  private readonly namespace: NetworkNamespace;
  private readonly stamp: StampFile;
  private readonly links: LinuxLinkReader;

  constructor(private readonly options: NftGuardOptions) {
    this.device = options.device;
    this.interfaces = [...new Set(options.interfaces)];
    const unusable = this.interfaces.find((name) => !isInterfaceName(name));
    if (unusable !== undefined)
      throw this.error(
        'misconfigured',
        `"${unusable}" is no Linux interface name; expected up to 15 letters, digits, . _ -`,
      );
    const ports = this.interfaces.length;
    this.rates = { arp: rateBudget(tableSize('ipv4'), ports), nd: rateBudget(tableSize('ipv6'), ports) };
    this.shared = sharedRules(this.rates);
    this.namespace = new NetworkNamespace(options.netns);
    this.links = createLinuxLinkReader({
      interfaces: this.interfaces,
      ...(options.netns === undefined ? {} : { netns: options.netns }),
      ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
    });
    this.stamp = new StampFile(options.device, options.stateFile);
  }

  async read(): Promise<GuardState> {
    const [held, links, stamp] = await Promise.all([
      this.table(),
      namingDevice(this.device, this.links.read()),
      this.stamp.read(),
    ]);
    return {
      interfaces: new Set(links.keys()),
      rules: held === undefined ? 'missing' : held.intact ? 'intact' : 'changed',
      ports: held?.ports ?? new Map(),
      counts: held?.counts ?? new Map(),
      stamp,
    };
  }

  async apply({ set, remove }: GuardChange): Promise<void> {
    const stranger = set.find((port) => !this.interfaces.includes(port.interface));
    if (stranger !== undefined)
      throw this.error(
        'refused',
        `${stranger.interface} is not one of ${this.interfaces.join(', ')}; name it under the device's ports`,
      );
    const before = await this.table();
    const after = new Map<string, PortToBe>(before?.ports ?? []);
    for (const name of remove) after.delete(name);
    for (const port of set) after.set(port.interface, { ...port, attached: true });
    const script = this.scriptFor(before, after);
    if (script === '') return;
    // Checked against the kernel first, so that what it refuses is named before anything is tried.
    await this.run(['-c', '-f', '-'], script, 'would refuse');
    await this.run(['-f', '-'], script, 'refused');
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    return this.stamp.write(stamp);
  }

  watch(onHint: () => void): void {
    this.links.watch(onHint);
  }

  close(): Promise<void> {
    return this.links.close();
  }

  private scriptFor(before: NftTable | undefined, after: ReadonlyMap<string, PortToBe>): string {
    try {
      return transactionOf(before, after, this.shared);
    } catch (cause) {
      if (cause instanceof TypeError) throw this.error('refused', `nothing was sent: ${cause.message}`);
      throw cause;
    }
  }

  /** Our table; undefined where there is none. */
  private async table(): Promise<NftTable | undefined> {
    const [list, chains] = await Promise.all([
      this.nft(['-j', '-p', 'list', 'table', ...table.split(' ')]),
      this.nft(['list', 'chains', 'netdev']),
    ]);
    if (list.code !== 0) {
      if (list.stderr.includes('No such file or directory')) return undefined;
      throw this.error('unreadable', `"nft list table ${table}" failed: ${firstLine(list.stderr)}`);
    }
    try {
      return tableOf(list.stdout, hooksOf(chains.stdout), this.shared);
    } catch (cause) {
      if (cause instanceof TypeError || cause instanceof SyntaxError)
        throw this.error('unreadable', `"nft list table ${table}" said what nft does not say: ${cause.message}`);
      throw cause;
    }
  }

  private async run(args: readonly string[], script: string, verb: string): Promise<void> {
    const { code, stderr } = await this.nft(args, script);
    if (code !== 0)
      throw this.error('refused', `nft ${verb} the change, and nothing was changed: ${firstLine(stderr)}`);
  }

  private nft(args: readonly string[], input = ''): Promise<NftAnswer> {
    return namingDevice(this.device, runNft(this.namespace, args, input, this.options.deadline ?? 15_000));
  }

  private error(code: DeviceError['code'], message: string): DeviceError {
    return new DeviceError(this.device, code, message);
  }
}

/**
 * How many neighbours the kernel keeps of one family, all namespaces together; shown in the first namespace only.
 * Read once: who changes it starts the engine again.
 */
function tableSize(family: 'ipv4' | 'ipv6'): number | undefined {
  try {
    const size = Number(readFileSync(`/proc/sys/net/${family}/neigh/default/gc_thresh3`, 'utf8'));
    return Number.isSafeInteger(size) && size > 0 ? size : undefined;
  } catch {
    return undefined;
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 300) ?? '';
