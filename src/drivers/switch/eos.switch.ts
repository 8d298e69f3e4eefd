import { randomBytes } from 'node:crypto';
import type { IpAddress } from '../../../events/index.js';
import type { EapiClient } from '../../transports/eapi-client.js';
import { namingEapiDevice } from '../device-error-of-eapi.js';
import {
  type ConfiguredBox,
  ConfiguredSwitch,
  type ConfiguredSwitchOptions,
  type ReadyPush,
} from './configured-switch.js';
import { type EosLook, lookAtEos } from './eos-look.js';
import { eosLineOf, isEosInterface } from './eos-lines.js';
import { pushEos } from './eos-push.js';
import { type AskEos, EosSession } from './eos-session.js';
import { eosStepsFor } from './eos-steps.js';
import { DeviceError, type NeighbourChange, type NeighbourEntry, type SwitchDriver } from './switch.port.js';

export interface EosSwitchOptions extends ConfiguredSwitchOptions {
  /** Owned by the driver from here on: closed with it. */
  readonly eapi: EapiClient;
  /** After so many seconds the switch takes back a push that we did not confirm. */
  readonly commitSeconds?: number;
  readonly readBackTries?: number;
  readonly readBackPauseMs?: number;
}

/** A gateway that is an Arista switch: static entries of its running configuration, by eAPI. */
export function createEosSwitch(options: EosSwitchOptions): SwitchDriver {
  return new ConfiguredSwitch(options, new EosBox(options));
}

class EosBox implements ConfiguredBox<EosLook> {
  private readonly ask: AskEos;

  constructor(private readonly options: EosSwitchOptions) {
    this.ask = (commands, format) => options.eapi.run(commands, format);
  }

  isInterface(name: string): boolean {
    return isEosInterface(name);
  }

  canSpell(entry: NeighbourEntry, vrf: string | undefined): boolean {
    return eosLineOf({ change: 'set', entry }, vrf) !== undefined;
  }

  look(recorded: (address: IpAddress) => string | undefined): Promise<EosLook> {
    return this.named(() => lookAtEos(this.ask, recorded));
  }

  ready(changes: readonly NeighbourChange[], before: EosLook, look: () => Promise<EosLook>): ReadyPush | undefined {
    const steps = eosStepsFor(changes, before);
    if (steps.length === 0) return undefined;
    const waiting = before.sessions.find(({ state }) => state === 'on-timer');
    if (waiting !== undefined)
      throw this.error(
        'locked',
        `the commit of session ${waiting.name} waits for its confirmation, and no other is taken until then; "configure session ${waiting.name} commit" or "abort" ends it`,
      );
    const name = `portledger-${randomBytes(4).toString('hex')}`;
    const { commitSeconds = 120, readBackTries = 40, readBackPauseMs = 250 } = this.options;
    const options = { ask: this.ask, look, sessionName: name, commitSeconds, readBackTries, readBackPauseMs };
    return { name, send: () => this.sessionTaken(() => this.named(() => pushEos(steps, options))) };
  }

  async end(name: string): Promise<void> {
    const session = new EosSession(this.ask, name);
    await this.named(async () => {
      if ((await session.state()) !== 'finished') await session.abort();
      if ((await session.state()) === 'finished') return;
      throw this.error('locked', `our session ${name} stands although it was aborted; abort it at the switch`);
    });
  }

  close(): void {
    this.options.eapi.close();
  }

  /** Refused lines are no failure of a push: what is refused here is the session itself. */
  private async sessionTaken<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof DeviceError) || cause.code !== 'refused') throw cause;
      throw this.error(
        'locked',
        `the switch takes no configuration session now (${cause.message}); "show configuration sessions detail" tells whose is open`,
        { cause },
      );
    }
  }

  private named<Result>(work: () => Promise<Result>): Promise<Result> {
    return namingEapiDevice(this.options.device, work);
  }

  private error(code: DeviceError['code'], message: string, options?: ErrorOptions): DeviceError {
    return new DeviceError(this.options.device, code, message, options);
  }
}
