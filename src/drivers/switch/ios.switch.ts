import { randomBytes } from 'node:crypto';
import type { IpAddress } from '../../../events/index.js';
import type { SshConnection } from '../../transports/ssh-connection.js';
import { SshError } from '../../transports/ssh-error.js';
import { placedEntries, type SwitchLook } from './configured-entries.js';
import {
  type ConfiguredBox,
  ConfiguredSwitch,
  type ConfiguredSwitchOptions,
  type ReadyPush,
} from './configured-switch.js';
import { IosCli } from './ios-cli.js';
import { iosLineOf, isIosInterface } from './ios-lines.js';
import { ConfigurationHeld, iosStepsFor, pushIos, revert, revertingUser } from './ios-push.js';
import { iosArpOf, iosInterfacesOf, iosNeighborsOf, iosStaticsOf } from './ios-tables.js';
import { DeviceError, type NeighbourChange, type NeighbourEntry, type SwitchDriver } from './switch.port.js';

export interface IosSwitchOptions extends ConfiguredSwitchOptions {
  /** Owned by the driver from here on: closed with it. */
  readonly ssh: SshConnection;
  /** As whom we log in: a revert timer of this user is ours. */
  readonly username: string;
  /** The longest time in ms that one answer of the switch may take. */
  readonly deadline?: number;
  /** After so many minutes the switch takes back a push that we did not confirm. */
  readonly revertMinutes?: number;
  readonly readBackTries?: number;
  readonly readBackPauseMs?: number;
}

/** A gateway that runs IOS or IOS-XE: static entries of its running configuration, by SSH. */
export function createIosSwitch(options: IosSwitchOptions): SwitchDriver {
  return new ConfiguredSwitch(options, new IosBox(options));
}

class IosBox implements ConfiguredBox<SwitchLook> {
  constructor(private readonly options: IosSwitchOptions) {}

  isInterface(name: string): boolean {
    return isIosInterface(name);
  }

  canSpell(entry: NeighbourEntry, vrf: string | undefined): boolean {
    return iosLineOf({ change: 'set', entry }, vrf) !== undefined;
  }

  look(recorded: (address: IpAddress) => string | undefined): Promise<SwitchLook> {
    const { vrf } = this.options;
    const inVrf = vrf === undefined ? '' : ` vrf ${vrf}`;
    return this.named((cli) => this.lookWith(cli, vrf, inVrf, recorded));
  }

  ready(
    changes: readonly NeighbourChange[],
    before: SwitchLook,
    look: () => Promise<SwitchLook>,
  ): ReadyPush | undefined {
    const steps = iosStepsFor(changes, before);
    if (steps.length === 0) return undefined;
    const { revertMinutes = 2, readBackTries = 40, readBackPauseMs = 250 } = this.options;
    const send = () =>
      pushIos(steps, { look, with: (work) => this.named(work), revertMinutes, readBackTries, readBackPauseMs });
    return { name: `portledger-${randomBytes(4).toString('hex')}`, send };
  }

  /** The timer carries no name but the user's: only ours, and only while a push of ours is on record, is ended. */
  end(): Promise<void> {
    return this.named(async (cli) => {
      if ((await revertingUser(cli)) === this.options.username) await revert(cli);
    });
  }

  close(): Promise<void> {
    return this.options.ssh.close();
  }

  private async lookWith(
    cli: IosCli,
    vrf: string | undefined,
    inVrf: string,
    recorded: (address: IpAddress) => string | undefined,
  ): Promise<SwitchLook> {
    const configuration = await cli.show('show running-config | include ^arp |^ipv6 neighbor ');
    const interfaces = iosInterfacesOf(await cli.show('show ip interface'), await cli.show('show ipv6 interface'));
    // A VRF that the switch does not have holds nothing; whether the interfaces stand in it is compared elsewhere.
    const isKnown = vrf === undefined || [...interfaces.values()].some((one) => one.vrf === vrf);
    const own = new Set<string>([...interfaces.values()].flatMap(({ addresses }) => addresses));
    const resolved = isKnown
      ? [
          ...iosArpOf(await cli.show(`show ip arp${inVrf}`), vrf, own),
          ...iosNeighborsOf(await cli.show(`show ipv6 neighbors${inVrf}`), vrf, interfaces.keys()),
        ]
      : [];
    return { interfaces, ...placedEntries(iosStaticsOf(configuration, interfaces), resolved, interfaces, recorded) };
  }

  private async named<Result>(work: (cli: IosCli) => Promise<Result>): Promise<Result> {
    const { device, ssh, deadline = 30_000 } = this.options;
    try {
      return await IosCli.with(ssh, deadline, work);
    } catch (cause) {
      if (cause instanceof SshError) throw new DeviceError(device, cause.code, cause.message, { cause });
      if (cause instanceof ConfigurationHeld)
        throw new DeviceError(
          device,
          'locked',
          `the switch lets nobody configure it now (${cause.message}); "show configuration lock" tells who does`,
          { cause },
        );
      throw cause;
    }
  }
}
