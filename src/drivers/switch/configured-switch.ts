import type { IpAddress } from '../../../events/index.js';
import { parseIpv4 } from '../../../events/index.js';
import { type LastConfirmed, OwnedEntries } from '../owned-entries.js';
import { StampFile } from '../stamp-file.js';
import type { SwitchLook } from './configured-entries.js';
import { ManagedInterfaces } from './managed-interfaces.js';
import { PollingWatch } from './polling-watch.js';
import { type LostChange, NotTaken, placeOf } from './read-back.js';
import {
  type ActualNeighbour,
  DeviceError,
  type DeviceStamp,
  type DriverLimit,
  type NeighbourChange,
  type NeighbourEntry,
  type SwitchDriver,
  type SwitchState,
} from './switch.port.js';
import { whyOtherVrf } from './vrf.js';

export interface ConfiguredSwitchOptions {
  readonly device: string;
  /** The VLAN interfaces this driver reads and writes, `{vlan}` for the VLAN id, such as `Vlan{vlan}`. */
  readonly interfacePattern: string;
  /** The VRF these stand in; the default VRF where absent. Compared with what the switch says. */
  readonly vrf?: string;
  /** Where the stamp is kept: a configuration has no room for one. */
  readonly stateFile: string;
  /** Where it is kept which entries are ours: a configuration does not tell. */
  readonly ownedFile: string;
  /** What counts as ours while that file is not there yet. */
  readonly lastConfirmed?: LastConfirmed;
  /** How often, in ms, interfaces are looked at for a hint: such a switch does not call. */
  readonly watchMs?: number;
}

/** A push that is ready to be sent. */
export interface ReadyPush {
  /** How the switch will know it, to be ended by another process if need be. */
  readonly name: string;
  /** Rejects with NotTaken where the switch does not show what it was told; then it is as it was, or soon will be. */
  send(): Promise<{ readonly lost: readonly LostChange[]; readonly after: SwitchLook }>;
}

/** What a vendor's switch is to the driver. All methods reject with a DeviceError naming the device. */
export interface ConfiguredBox<Look extends SwitchLook> {
  isInterface(name: string): boolean;
  /** Whether the values can be spelt in a line of its configuration. */
  canSpell(entry: NeighbourEntry, vrf: string | undefined): boolean;
  /** `recorded` says where we once set an IPv4 address, for its line names no interface. */
  look(recorded: (address: IpAddress) => string | undefined): Promise<Look>;
  /** undefined where the switch has it all; rejects as `locked` while somebody else's change is under way. */
  ready(changes: readonly NeighbourChange[], before: Look, look: () => Promise<Look>): ReadyPush | undefined;
  /** Ends what is left of a push of ours. */
  end(name: string): Promise<void>;
  close(): Promise<void> | void;
}

/**
 * A gateway whose static entries stand in its configuration and carry no tag: which are ours is kept beside the stamp,
 * written before the switch is.
 */
export class ConfiguredSwitch<Look extends SwitchLook> implements SwitchDriver {
  readonly device: string;
  private readonly managed: ManagedInterfaces;
  private readonly owned: OwnedEntries;
  private readonly stamp: StampFile;
  private readonly watches: PollingWatch[] = [];
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: ConfiguredSwitchOptions,
    private readonly box: ConfiguredBox<Look>,
    readonly limits: readonly DriverLimit[] = [],
  ) {
    this.device = options.device;
    const managed = ManagedInterfaces.of(options.interfacePattern, (name) => box.isInterface(name));
    if (managed === undefined)
      throw this.error(
        'misconfigured',
        `"${options.interfacePattern}" is no pattern of its interfaces; expected one such as Vlan{vlan}`,
      );
    this.managed = managed;
    this.owned = new OwnedEntries(options.device, options.ownedFile, options.lastConfirmed);
    this.stamp = new StampFile(options.device, options.stateFile);
  }

  read(): Promise<SwitchState> {
    return this.oneByOne(async () => {
      await this.endOwnPush();
      const [look, isOurs, stamp] = [await this.look(), await this.owned.isOurs(), await this.stamp.read()];
      const effective = look.entries.filter((entry) => entry.effective);
      const neighbours = [...effective, ...look.unexplained.filter(isOurs)]
        .filter(({ interface: name }) => this.managed.has(name))
        .filter(({ interface: name }) => look.interfaces.get(name)?.vrf === this.options.vrf)
        .map((entry): ActualNeighbour => {
          const { interface: name, address, mac } = entry;
          return { interface: name, address, mac, ours: isOurs(entry) };
        });
      return {
        interfaces: new Map([...look.interfaces].filter(([name]) => this.managed.has(name))),
        neighbours,
        boxAddresses: new Set([...look.interfaces.values()].flatMap(({ addresses }) => addresses)),
        stamp,
      };
    });
  }

  apply(changes: readonly NeighbourChange[]): Promise<void> {
    return this.oneByOne(async () => {
      if (changes.length === 0) return;
      await this.endOwnPush();
      const before = await this.look();
      const refused: string[] = [];
      const isOurs = await this.owned.isOurs();
      const permitted = changes.filter((change) => {
        const why = this.whyNot(change, before, isOurs);
        if (why !== undefined) refused.push(`${change.change} ${placeOf(change.entry)}: ${why}`);
        return why === undefined;
      });
      if (permitted.length > 0) refused.push(...(await this.push(permitted, before)));
      if (refused.length === 0) return;
      const more = refused.length > 3 ? `; and ${refused.length - 3} more` : '';
      throw this.error(
        'refused',
        `${refused.length} of ${changes.length} changes were refused: ${refused.slice(0, 3).join('; ')}${more}`,
      );
    });
  }

  writeStamp(stamp: DeviceStamp): Promise<void> {
    return this.stamp.write(stamp);
  }

  /** On record only: the switch has no mark to set. */
  adopt(entry: NeighbourEntry): Promise<void> {
    return this.oneByOne(async () => {
      await this.endOwnPush();
      const look = await this.look();
      const isThere = look.entries.some((one) => placeOf(one) === placeOf(entry) && one.mac === entry.mac);
      const why = isThere
        ? this.whyNot({ change: 'set', entry }, look, () => true)
        : 'the switch has no such static entry';
      if (why !== undefined) throw this.error('refused', `cannot adopt ${placeOf(entry)} ${entry.mac}: ${why}`);
      await this.owned.claim([entry], undefined);
    });
  }

  watch(onHint: (interfaceName: string | undefined) => void): void {
    const look = async (): Promise<ReadonlyMap<string, unknown>> => (await this.look()).interfaces;
    const watch = new PollingWatch(look, this.options.watchMs ?? 10_000, (name) => {
      if (name === undefined || this.managed.has(name)) onHint(name);
      else onHint(undefined); // a gateway address may sit on any interface
    });
    this.watches.push(watch);
  }

  async close(): Promise<void> {
    for (const watch of this.watches) watch.close();
    await this.box.close();
    await this.work.catch(() => undefined);
  }

  /** Sends what differs; returns what the switch refused. */
  private async push(changes: readonly NeighbourChange[], before: Look): Promise<string[]> {
    const ready = this.box.ready(changes, before, () => this.look());
    const sets = changes.filter(({ change }) => change === 'set').map(({ entry }) => entry);
    await this.owned.claim(sets, ready?.name);
    if (ready === undefined) {
      // What is configured already is noted as ours all the same, and what is gone as gone.
      await this.owned.settle([...before.entries, ...before.unexplained]);
      return [];
    }
    try {
      const { lost, after } = await ready.send();
      await this.owned.settle([...after.entries, ...after.unexplained]);
      return lost.map(({ why }) => why);
    } catch (cause) {
      // Best effort: what cannot be told now is ended at the next contact, or by the switch's own timer.
      await this.endOwnPush().catch(() => undefined);
      if (cause instanceof NotTaken) throw this.error('unreadable', cause.message, { cause });
      throw cause;
    }
  }

  /** A push that we left behind, this process or the last one, is ended; nobody else's is touched. */
  private async endOwnPush(): Promise<void> {
    const name = await this.owned.underway();
    if (name === undefined) return;
    await this.box.end(name);
    const look = await this.look();
    await this.owned.settle([...look.entries, ...look.unexplained]);
  }

  private whyNot(
    { entry }: NeighbourChange,
    look: Look,
    isOurs: (entry: NeighbourEntry) => boolean,
  ): string | undefined {
    const state = look.interfaces.get(entry.interface);
    if (!this.managed.has(entry.interface))
      return `the interface is none of ${this.options.interfacePattern}; see interfacePattern of this device`;
    if (state === undefined) return 'the switch has no such interface; create it there';
    const otherVrf = whyOtherVrf(state, this.options.vrf);
    if (otherVrf !== undefined) return otherVrf;
    if (!this.box.canSpell(entry, state.vrf)) return `${entry.mac} or ${entry.address} is not in canonical spelling`;
    // An IPv4 line names no interface: one about the same address is in the way wherever it is resolved.
    const isInTheWay = (one: NeighbourEntry): boolean =>
      one.address === entry.address &&
      (one.interface === entry.interface ||
        (parseIpv4(one.address) !== undefined && look.interfaces.get(one.interface)?.vrf === state.vrf));
    const stranger = look.entries.find((one) => isInTheWay(one) && !isOurs(one));
    if (stranger !== undefined)
      return `a static entry there (${stranger.mac}) is not ours; adopt it, or remove it at the switch`;
    return undefined;
  }

  private async look(): Promise<Look> {
    return this.box.look(await this.owned.whereHeld());
  }

  /** A read in the middle of our own push would end it. */
  private oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.work.then(work, work);
    this.work = done.catch(() => undefined);
    return done;
  }

  private error(code: DeviceError['code'], message: string, options?: ErrorOptions): DeviceError {
    return new DeviceError(this.device, code, message, options);
  }
}
