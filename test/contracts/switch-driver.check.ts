import assert from 'node:assert/strict';
import { type IpAddress, type MacAddress, parseIp, parseMac } from '../../events/index.js';
import {
  DeviceError,
  type DeviceErrorCode,
  type NeighbourEntry,
  type Promised,
  type SwitchDriver,
  type SwitchState,
} from '../../src/drivers/switch/switch.port.js';
import type { Setting, SwitchHarness } from './switch-driver.harness.js';

/** One promise of a switch driver. */
export interface SwitchCheck {
  /** The rule, in the present tense. */
  readonly name: string;
  /** Promises without which the rule has no meaning. */
  readonly needs?: readonly Promised[];
  readonly setting?: Setting;
  readonly run: (harness: SwitchHarness) => Promise<void>;
}

export const address = (text: string): IpAddress => parseIp(text) ?? assert.fail(text);
export const mac = (text: string): MacAddress => parseMac(text) ?? assert.fail(text);

export const v4 = (on: string, last = 16): NeighbourEntry => ({
  interface: on,
  address: address(`198.51.100.${last}`),
  mac: mac('52:54:00:00:00:16'),
});
export const v6 = (on: string): NeighbourEntry => ({
  interface: on,
  address: address('fe80::5054:ff:fe00:16'),
  mac: mac('52:54:00:00:00:16'),
});
export const otherMac = mac('52:54:00:00:00:99');

const spell = (entry: NeighbourEntry): string => `${entry.interface} ${entry.address} ${entry.mac}`;
export const spelt = (entries: readonly NeighbourEntry[]): string[] => entries.map(spell).sort();

export async function set(driver: SwitchDriver, ...entries: NeighbourEntry[]): Promise<void> {
  await driver.apply(entries.map((entry) => ({ change: 'set', entry })));
}

/** Sets entries through a driver with a short deadline, which a busy machine misses now and then: it is asked again, within bounds. */
export async function setSoon(driver: SwitchDriver, ...entries: NeighbourEntry[]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await set(driver, ...entries);
    } catch (error) {
      if (tries === 20 || !(error instanceof DeviceError) || error.code !== 'timeout') throw error;
    }
  }
}

export async function remove(driver: SwitchDriver, ...entries: NeighbourEntry[]): Promise<void> {
  await driver.apply(entries.map((entry) => ({ change: 'remove', entry })));
}

/** The device holds exactly these, and the driver says the same. */
export async function expectHeld(harness: SwitchHarness, entries: readonly NeighbourEntry[]): Promise<SwitchState> {
  assert.deepEqual(spelt(await harness.inspect()), spelt(entries), 'what the device holds');
  const state = await readSoon(harness.driver);
  assert.deepEqual(spelt(state.neighbours), spelt(entries), 'what the driver reads');
  return state;
}

/** The driver says what the device holds, whatever that is. */
export async function expectTruth(harness: SwitchHarness): Promise<SwitchState> {
  const state = await readSoon(harness.driver);
  assert.deepEqual(spelt(state.neighbours), spelt(await harness.inspect()), 'what the driver reads');
  return state;
}

/** The error of work that rejects with a DeviceError of one of these codes; any where none is given. A driver that never answers fails here. */
export async function expectFailure(
  harness: SwitchHarness,
  work: Promise<unknown>,
  ...codes: DeviceErrorCode[]
): Promise<DeviceError> {
  let timer: NodeJS.Timeout | undefined;
  const patience = harness.deadline * 4 + patienceOf(harness);
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `no answer within ${patience} ms` })),
      patience,
    );
  });
  try {
    await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(error instanceof DeviceError, `a DeviceError, not ${String(error)}`);
    assert.ok(
      codes.length === 0 || codes.includes(error.code),
      `${codes.join(' or ')}, not ${error.code}: ${error.message}`,
    );
    assert.ok(error.message.startsWith(`${harness.driver.device}: `), `names the device: ${error.message}`);
    return error;
  } finally {
    clearTimeout(timer);
  }
  return assert.fail(`was taken, expected ${codes.join(' or ') || 'a DeviceError'}`);
}

/** A device that was away may refuse the first questions; the runner asks again, and so does this, within bounds. */
export async function readSoon(driver: SwitchDriver): Promise<SwitchState> {
  for (let look = 1; ; look++) {
    try {
      return await driver.read();
    } catch (error) {
      if (look === 20 || !(error instanceof DeviceError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function waitFor(harness: SwitchHarness, what: string, holds: () => boolean): Promise<void> {
  const give = performance.now() + patienceOf(harness);
  while (!holds() && performance.now() < give) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds(), what);
}

const patienceOf = ({ patienceMs = 30_000 }: SwitchHarness): number => patienceMs;

type OptionalHand = 'handSetInDefaultVrf' | 'setCarrier' | 'setAdmin' | 'reboot' | 'hang' | 'lie' | 'dieAfter' | 'lock';

/** A hand that the harness must have, for the driver declares no limit that would excuse it. */
export function needed<Name extends OptionalHand>(
  harness: SwitchHarness,
  name: Name,
): NonNullable<SwitchHarness[Name]> {
  const hand: unknown = harness[name];
  assert.ok(
    typeof hand === 'function',
    `the harness has no hand "${name}", and the driver declares no limit that excuses it`,
  );
  return ((...given: unknown[]): unknown => Reflect.apply(hand, harness, given)) as NonNullable<SwitchHarness[Name]>;
}
