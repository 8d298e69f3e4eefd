import type { DriverLimit, NeighbourEntry, SwitchDriver } from '../../src/drivers/switch/switch.port.js';

/** An entry as the device holds it; `vrf` is undefined in the default VRF. */
export interface HeldEntry extends NeighbourEntry {
  readonly vrf?: string;
}

/** Ends a trouble; the device is well again when it resolves. */
export type Mend = () => Promise<void>;

/**
 * A device under test: the driver, and hands that touch the device without it. A hand that is optional is needed unless
 * the driver declares the limit, or the suite is told that it cannot be tried here.
 */
export interface SwitchHarness {
  readonly driver: SwitchDriver;
  /** The longest time in ms the driver was told to wait for one answer. */
  readonly deadline: number;
  /** How long a check waits for what must come, ms; a busy machine's patience where absent, less where a saboteur keeps it from coming. */
  readonly patienceMs?: number;
  /** Two interfaces the driver manages, both up, without carrier and without entries at the start of a check. */
  readonly interfaces: readonly [string, string];
  /** Every permanent entry on the managed interfaces, in whatever VRF, as the device holds it now: read without the driver. */
  inspect(): Promise<readonly HeldEntry[]>;
  /** Somebody types a permanent entry at the device, in the VRF of its interface. */
  handSet(entry: NeighbourEntry): Promise<void>;
  handRemove(entry: NeighbourEntry): Promise<void>;
  /** A second driver for the same device, as after a restart of the engine. */
  restarted(): SwitchDriver;
  close(): Promise<void>;

  /** `vrf`: somebody types the entry into the default VRF, although its interface stands in another. */
  handSetInDefaultVrf?(entry: NeighbourEntry): Promise<void>;
  /** `interface-state`. */
  setCarrier?(interfaceName: string, up: boolean): Promise<void>;
  setAdmin?(interfaceName: string, up: boolean): Promise<void>;
  /** `reboot`: the device restarts and keeps what such a device keeps; resolves when it can be asked again. */
  reboot?(): Promise<void>;
  /** `hanging`: the device takes what it is sent and does not answer. */
  hang?(): Promise<Mend>;
  /** `lying`: the device says yes to every change and carries out none; what it shows is true. */
  lie?(): Promise<Mend>;
  /** `half-applied`: the device dies when so many changes of the next push have reached it. */
  dieAfter?(changes: number): Promise<Mend>;
  /** `config-lock`: another session holds the configuration. */
  lock?(): Promise<Mend>;
}

/** How a device is to be set up for a check. */
export interface Setting {
  /** The VRF its interfaces stand in; the default one where absent. */
  readonly vrf?: string;
  /** The VRF the driver is told, where that is another. */
  readonly toldVrf?: string;
  /** The check waits until the driver gives up: a short deadline. Elsewhere a busy machine must not reach it. */
  readonly impatient?: true;
}

export interface SwitchUnderTest {
  /** A fresh device, and a driver for it. */
  readonly make: (setting: Setting) => Promise<SwitchHarness>;
  /** What the driver declares; each check that needs such a promise is skipped with the reason. */
  readonly limits: readonly DriverLimit[];
  /** What cannot be tried where the tests run, though the driver promises it. */
  readonly untried?: readonly DriverLimit[];
}
