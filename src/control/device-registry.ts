import { Subject } from 'rxjs';
import { ProblemError } from '../ops/problem.js';
import type { Adoption, AdoptOutcome } from '../reactors/adoption.js';
import type { ApplyOutcome, Word } from '../reactors/approval.js';
import type { DeviceStatus } from '../reactors/device-status.js';
import type { Headroom } from '../reactors/headroom.js';
import type { Frozen } from '../reactors/freezes.js';
import type { DhcpStatus } from '../reactors/dhcp-status.js';
import type { ControlledGuard } from './controlled-guard.js';
import type { ControlledPart } from './controlled-part.js';
import type { LastReconcile } from '../reactors/journal.js';
import type { Look } from '../reactors/look.js';
import type { RaStatus } from '../reactors/ra-status.js';

/** The link of a port, as its device showed it last. */
export interface PortLink {
  readonly port: string;
  /** What was stored last; absent while nobody ever reported it. */
  readonly up?: boolean | undefined;
  /** Devices that have this port and cannot be read now: what they showed last still counts. */
  readonly stale: readonly { readonly device: string; readonly since: string; readonly reason: string }[];
  /** Why an up that was read is not announced yet. */
  readonly held?: string;
}

/** What can be stopped by an operator's word, and go on by another. */
export interface Stoppable {
  readonly frozen: Frozen | undefined;
  /** Resolves when nothing is written any more. Rejects when that could not be stored; it counts all the same. */
  freeze(reason: string, by: string): Promise<Frozen>;
  /** False where it is not frozen. Rejects when it could not be stored: then it stays frozen. */
  resume(by: string, reason: string | undefined): Promise<boolean>;
}

/** A device under control, as the API sees it. */
export interface ControlledDevice extends Stoppable {
  readonly status: DeviceStatus;
  /** The last look that could be taken; undefined before the first. */
  readonly look: Look | undefined;
  /** How the last push to it ended; undefined where there was none, or before the first look. */
  readonly lastReconcile?: LastReconcile | undefined;
  /** Does the plan that is named, if it still is the plan; resolves with what came of it. */
  apply(word: Word): Promise<ApplyOutcome>;
  /** Its source guard; undefined where the configuration names none. */
  readonly guard?: ControlledGuard;
  /** Its DHCP daemons; undefined where the configuration names none. */
  readonly dhcp?: ControlledPart<DhcpStatus>;
  /** Its router advertisements; undefined where the configuration names none. */
  readonly ra?: ControlledPart<RaStatus>;
  /** The links of its ports. */
  links(): readonly PortLink[];
  /** The link of one port, where the device has it. */
  link(port: string): PortLink | undefined;
  /** How much it holds and can take, as of its last look; undefined before the first. */
  headroom?(): Headroom | undefined;
  /** Takes an entry of somebody else's over. Rejects with what the device or the log says. */
  adopt(wanted: Adoption): Promise<AdoptOutcome>;
  /** Resolves when the look that is under way has come to its end. */
  idle(): Promise<void>;
  /** Looks at the device again soon. */
  nudge(): void;
}

/** The devices this engine drives, by name. */
export class DeviceRegistry {
  private readonly devices = new Map<string, ControlledDevice>();
  private readonly looks = new Subject<string>();
  /** The name of each device that was just looked at. */
  readonly looks$ = this.looks.asObservable();

  private every: Stoppable | undefined;

  /** The freeze of every device; for who drives them. */
  stopAllBy(every: Stoppable): void {
    this.every = every;
  }

  get everyDevice(): Stoppable {
    if (this.every === undefined) throw new Error('The devices were not started; start them before the HTTP side.');
    return this.every;
  }

  add(name: string, device: ControlledDevice): void {
    this.devices.set(name, device);
  }

  /** For who drives the devices: this one was just looked at. */
  looked(name: string): void {
    this.looks.next(name);
  }

  get(name: string): ControlledDevice | undefined {
    return this.devices.get(name);
  }

  all(): ControlledDevice[] {
    return this.names().flatMap((name) => this.devices.get(name) ?? []);
  }

  names(): string[] {
    return [...this.devices.keys()].sort();
  }
}

/** The device of that name. Throws a ProblemError that lists what there is. */
export function named(devices: DeviceRegistry, name: string): ControlledDevice {
  const device = devices.get(name);
  if (device !== undefined) return device;
  const known = devices.names().join(', ') || 'none';
  throw new ProblemError(404, 'unknown-device', `There is no device ${name}; the configuration names: ${known}.`);
}
