import type { DeviceStatus } from '../reactors/device-status.js';
import type { Frozen } from '../reactors/freezes.js';
import type { Headroom } from '../reactors/headroom.js';
import type { LastReconcile } from '../reactors/journal.js';
import type { ControlledDevice } from './device-registry.js';
import { waitsFor } from './plan-view.js';

/** One device in the list of all: how it stands, and what is to be done about it. */
export interface DeviceRow extends Pick<
  DeviceStatus,
  'device' | 'switch' | 'mode' | 'state' | 'entries' | 'routes' | 'planHash' | 'error'
> {
  /** Code and words of the brake that holds it. */
  readonly brake?: DeviceStatus['brake'];
  /** How many lines the plan adds and removes, and who has to say a word before they are done. */
  readonly plan: { readonly add: number; readonly remove: number; readonly waitsFor: 'none' | 'operator' | 'mode' };
  /** Lines that the device changed by itself, and since when the oldest of them stands (RFC 3339). */
  readonly drift: { readonly lines: number; readonly since?: string };
  readonly withheld: number;
  readonly orphans: number;
  readonly foreign: number;
  /** `every`: all devices are frozen, not this one by its name. */
  readonly frozen?: Frozen & { readonly every: boolean };
  readonly lastReconcile?: LastReconcile;
  readonly headroom?: Headroom;
}

/** Every device, and the freeze of all of them, where there is one. */
export interface DeviceList {
  readonly devices: readonly DeviceRow[];
  readonly frozen?: Frozen;
}

/** What the list says of a device. @param frozenAll the freeze of every device, where there is one */
export function deviceRowOf(controlled: ControlledDevice, frozenAll: Frozen | undefined): DeviceRow {
  const { status, lastReconcile } = controlled;
  const { device, switch: switchName, mode, state, entries, routes, planHash, error, brake, plan } = status;
  const add = plan.filter(({ change }) => change === 'add').length;
  const drifted = plan.flatMap(({ driftSince }) => driftSince ?? []);
  const oldest = drifted.reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
  const frozen = controlled.frozen ?? frozenAll;
  const headroom = controlled.headroom?.();
  return {
    device,
    switch: switchName,
    mode,
    state,
    entries,
    routes,
    planHash,
    error,
    ...(brake === undefined ? {} : { brake }),
    plan: { add, remove: plan.length - add, waitsFor: waitsFor(status) },
    drift: { lines: drifted.length, ...(oldest === undefined ? {} : { since: oldest }) },
    withheld: status.withheld.length,
    orphans: plan.filter(({ orphan }) => orphan !== undefined).length,
    foreign: status.foreign.length,
    ...(frozen === undefined ? {} : { frozen: { ...frozen, every: controlled.frozen === undefined } }),
    ...(lastReconcile === undefined ? {} : { lastReconcile }),
    ...(headroom === undefined ? {} : { headroom }),
  };
}
