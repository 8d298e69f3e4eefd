import type { SwitchBoard } from './switch-board.js';
import { compareSwitches } from './switch-index.js';
import type { SwitchDevice } from './device-word.js';
import { portStates, type StateCounts } from './port-state.js';
import type { SwitchQuestion } from './switch-question.js';

/** A device of a switch, in short. */
export interface SwitchDeviceRow {
  readonly device: string;
  readonly mode: string;
  readonly state: string;
}

export interface SwitchRow {
  readonly switch: string;
  readonly site: string;
  /** All ports of the panel. */
  readonly ports: number;
  readonly counts: StateCounts;
  readonly devices: readonly SwitchDeviceRow[];
}

export interface SwitchList {
  readonly switches: readonly SwitchRow[];
  /** Of the switches that were counted so far, whether they fit the question or not. */
  readonly totals: StateCounts;
  readonly counted: number;
  readonly of: number;
  /** The list goes on behind this name, also where the page is short or empty. */
  readonly next?: string;
}

/** Switches that one question looks at, at most: where few fit, its page is short. */
const mostLooked = 500;
const lookedAtATime = 50;

/** One page of the switches that fit, by their names. */
export async function switchList(board: SwitchBoard, question: SwitchQuestion): Promise<SwitchList> {
  const { text, states, after, limit } = question;
  const names = (await board.names()).filter(
    (name) => name.includes(text) && (after === undefined || compareSwitches(name, after) > 0),
  );
  const switches: SwitchRow[] = [];
  let looked = 0;
  while (looked < names.length && looked < mostLooked && switches.length < limit) {
    const some = names.slice(looked, looked + Math.min(lookedAtATime, limit - switches.length));
    const counts = await board.counts(some);
    for (const [at, name] of some.entries()) {
      const one = counts[at];
      if (one === undefined || (states.length > 0 && !states.some((state) => one[state] > 0))) continue;
      switches.push(rowOf(board, name, one));
    }
    looked += some.length;
  }
  const { counts: totals, counted, of } = await board.totals();
  const last = names[looked - 1];
  const goesOn = looked < names.length && last !== undefined;
  return { switches, totals, counted, of, ...(goesOn && { next: last }) };
}

function rowOf(board: SwitchBoard, name: string, counts: StateCounts): SwitchRow {
  const ports = portStates.reduce((sum, state) => sum + counts[state], 0);
  return { switch: name, site: board.siteOf(name), ports, counts, devices: deviceRows(board.devicesOf(name)) };
}

export function deviceRows(devices: readonly SwitchDevice[]): SwitchDeviceRow[] {
  return devices.map(({ device: { status, frozen } }) => ({
    device: status.device,
    mode: status.mode,
    state: frozen === undefined ? status.state : 'frozen',
  }));
}
