import type { Withheld } from '../../projections/index.js';
import type { ActualNeighbour, DeviceStamp } from '../drivers/switch/switch.port.js';
import type { Brake } from './brakes.js';
import type { Fenced } from './moves.js';
import type { QuietRoute } from './plan.js';
import type { PreflightCheck } from './preflight.js';
import type { ShownLine } from './recorder.js';

/** `observe`: nothing is written. `propose`: only what an operator approved, plan by plan. `enforce`: what the map grants. */
export type DeviceMode = 'observe' | 'propose' | 'enforce';

/** What the reactor knows of its device after its last look. */
export interface DeviceStatus {
  readonly device: string;
  readonly switch: string;
  readonly mode: DeviceMode;
  /** `equal`: the device holds what the map grants. */
  readonly state: 'starting' | 'equal' | 'differs' | 'braked' | 'frozen' | 'failing';
  readonly brake: Brake | undefined;
  readonly error: string | undefined;
  readonly planHash: string | undefined;
  readonly plan: readonly ShownLine[];
  readonly withheld: readonly Withheld[];
  readonly quiet: readonly QuietRoute[];
  readonly foreign: readonly ActualNeighbour[];
  /** What was looked at before a customer is put on the device; undefined before the first look. */
  readonly preflight?: readonly PreflightCheck[];
  readonly entries: number;
  readonly routes: number;
  readonly stamp: DeviceStamp | undefined;
  /** What it may still announce although another gateway does so now; absent where nothing is. */
  readonly fenced?: readonly Fenced[];
}

/** Before the first look. */
export function startingStatus(device: string, switchName: string, mode: DeviceStatus['mode']): DeviceStatus {
  return {
    device,
    switch: switchName,
    mode,
    state: 'starting',
    brake: undefined,
    error: undefined,
    planHash: undefined,
    plan: [],
    withheld: [],
    quiet: [],
    foreign: [],
    entries: 0,
    routes: 0,
    stamp: undefined,
  };
}
