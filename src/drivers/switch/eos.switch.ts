import { randomBytes } from 'node:crypto';
import { parseIpv4 } from '../../../events/index.js';
import type { EapiClient } from '../../transports/eapi-client.js';
import { namingEapiDevice } from '../device-error-of-eapi.js';
import { type LastConfirmed, OwnedEntries } from '../owned-entries.js';
import { StampFile } from '../stamp-file.js';
import { type EosLook, lookAtEos } from './eos-look.js';
import { eosLineOf, isEosInterface } from './eos-lines.js';
import { NotTaken, pushEos } from './eos-push.js';
import { type AskEos, EosSession } from './eos-session.js';
import { eosStepsFor, placeOf } from './eos-steps.js';
import { EosWatch } from './eos-watch.js';
import { ManagedInterfaces } from './managed-interfaces.js';
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

export interface EosSwitchOptions {
  readonly device: string;
  /** Owned by the driver from here on: closed with it. */
  readonly eapi: EapiClient;
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
  /** After so many seconds the switch takes back a push that we did not confirm. */
  readonly commitSeconds?: number;
  readonly readBackTries?: number;
  readonly readBackPauseMs?: number;
  /** How often, in ms, interfaces are looked at for a hint: eAPI does not call. */
  readonly watchMs?: number;
}

/** A gateway that is an Arista switch: static entries of its running configuration, by eAPI. */
export function createEosSwitch(options: EosSwitchOptions): SwitchDriver {
  return new EosSwitch(options);
}

class EosSwitch implements SwitchDriver {
  readonly device: string;
  readonly limits: readonly DriverLimit[] = [];
  private readonly managed: ManagedInterfaces;
  private readonly owned: OwnedEntries;
  private readonly stamp: StampFile;
  private readonly watches: EosWatch[] = [];
  private readonly ask: AskEos;
  private work: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: EosSwitchOptions) {
    this.device = options.device;
    const managed = ManagedInterfaces.of(options.interfacePattern, isEosInterface);
    if (managed === undefined)
      throw this.error(
        'misconfigured',
        `"${options.interfacePattern}" is no pattern of EOS interfaces; expected one such as Vlan{vlan}`,
      );
    this.managed = managed;
    this.ask = (commands, format) => options.eapi.run(commands, format);
    this.owned = new OwnedEntries(options.device, options.ownedFile, options.lastConfirmed);
    this.stamp = new StampFile(options.device, options.stateFile);
  }

  read(): Promise<SwitchState> {
    return this.oneByOne(async () => {
      await this.endOwnSession();
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
      await this.endOwnSession();
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

  watch(onHint: (interfaceName: string | undefined) => void): void {
    const look = async (): Promise<ReadonlyMap<string, unknown>> => (await this.look()).interfaces;
    const watch = new EosWatch(look, this.options.watchMs ?? 10_000, (name) => {
      if (name === undefined || this.managed.has(name)) onHint(name);
      else onHint(undefined); // a gateway address may sit on any interface
    });
    this.watches.push(watch);
  }

  async close(): Promise<void> {
    for (const watch of this.watches) watch.close();
    this.options.eapi.close();
    await this.work.catch(() => undefined);
  }

  /** Sends what differs, in one session; returns what the switch refused. */
  private async push(changes: readonly NeighbourChange[], before: EosLook): Promise<string[]> {
    const steps = eosStepsFor(changes, before);
    const sets = changes.filter(({ change }) => change === 'set').map(({ entry }) => entry);
    if (steps.length === 0) {
      // What is configured already may still have to be noted as ours, and what is gone as gone.
      await this.owned.claim(sets, undefined);
      await this.owned.settle([...before.entries, ...before.unexplained]);
      return [];
    }
    const waiting = before.sessions.find(({ state }) => state === 'on-timer');
    if (waiting !== undefined)
      throw this.error(
        'locked',
        `the commit of session ${waiting.name} waits for its confirmation, and no other is taken until then; "configure session ${waiting.name} commit" or "abort" ends it`,
      );
    const sessionName = `portledger-${randomBytes(4).toString('hex')}`;
    await this.owned.claim(sets, sessionName);
    const { commitSeconds = 120, readBackTries = 40, readBackPauseMs = 250 } = this.options;
    const look = (): Promise<EosLook> => this.look();
    try {
      const options = { ask: this.ask, look, sessionName, commitSeconds, readBackTries, readBackPauseMs };
      const { lost, after } = await this.named(() => pushEos(steps, options));
      await this.owned.settle([...after.entries, ...after.unexplained]);
      return lost.map(({ why }) => why);
    } catch (cause) {
      // Best effort: what cannot be told now is ended at the next contact, or by the timer.
      await this.endOwnSession().catch(() => undefined);
      if (cause instanceof NotTaken) throw this.error('unreadable', cause.message, { cause });
      if (cause instanceof DeviceError && cause.code === 'refused')
        throw this.error(
          'locked',
          `the switch takes no configuration session now (${cause.message}); "show configuration sessions detail" tells whose is open`,
          { cause },
        );
      throw cause;
    }
  }

  /** A session that we left behind, this process or the last one, is ended; nobody else's is touched. */
  private async endOwnSession(): Promise<void> {
    const name = await this.owned.underway();
    if (name === undefined) return;
    const session = new EosSession(this.ask, name);
    await this.named(async () => {
      if ((await session.state()) !== 'finished') await session.abort();
    });
    const look = await this.look();
    if (look.sessions.some((one) => one.name === name))
      throw this.error('locked', `our session ${name} stands although it was aborted; abort it at the switch`);
    await this.owned.settle([...look.entries, ...look.unexplained]);
  }

  private whyNot(
    { entry }: NeighbourChange,
    look: EosLook,
    isOurs: (entry: NeighbourEntry) => boolean,
  ): string | undefined {
    const state = look.interfaces.get(entry.interface);
    if (!this.managed.has(entry.interface))
      return `the interface is none of ${this.options.interfacePattern}; see interfacePattern of this device`;
    if (state === undefined) return 'the switch has no such interface; create it there';
    const otherVrf = whyOtherVrf(state, this.options.vrf);
    if (otherVrf !== undefined) return otherVrf;
    if (eosLineOf({ change: 'set', entry }, state.vrf) === undefined)
      return `${entry.mac} or ${entry.address} is not in canonical spelling`;
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

  private async look(): Promise<EosLook> {
    const recorded = await this.owned.whereHeld();
    return this.named(() => lookAtEos(this.ask, recorded));
  }

  private named<Result>(work: () => Promise<Result>): Promise<Result> {
    return namingEapiDevice(this.device, work);
  }

  /** A read in the middle of our own push would end its session. */
  private oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.work.then(work, work);
    this.work = done.catch(() => undefined);
    return done;
  }

  private error(code: DeviceError['code'], message: string, options?: ErrorOptions): DeviceError {
    return new DeviceError(this.device, code, message, options);
  }
}
