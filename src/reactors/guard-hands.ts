import { type DesiredPortGuard, desiredGuard, type GatewayView } from '../../projections/index.js';
import type { GuardDriver, GuardState } from '../drivers/guard/guard.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { LiveMap } from '../projector/live-map.js';
import { guardFirstPlanBrake, guardIdentityBrake, guardRemovalBrake, wordsToClose } from './guard-brakes.js';
import type { GuardModes } from './guard-modes.js';
import { doableGuard, type GuardLine, type GuardPlan, heldLines, planGuard, wantedPort } from './guard-plan.js';
import { guardedPorts, type GuardStatus } from './guard-status.js';
import { explained, type PartBrakes, type PartHands, type PartKnowledge, type PartSight } from './part-hands.js';
import { whyIdle } from './part-status.js';
import type { DeviceMode } from './device-status.js';

export interface GuardHandsOptions {
  readonly device: string;
  readonly mode: DeviceMode;
  readonly view: GatewayView;
  readonly guard: GuardDriver;
  readonly modes: GuardModes;
  readonly portsOf: (interfaceName: string) => readonly string[];
  /** What the device under the guard was driven from: a log that may not drive the one may not drive the other. */
  readonly deviceStamp: () => Promise<DeviceStamp | undefined>;
  readonly liveMap: LiveMap;
}

/** What one look at the guard saw, and what is to be done about it. */
export interface GuardSight extends PartSight<GuardPlan> {
  readonly state: GuardState;
  readonly under: DeviceStamp | undefined;
  readonly desired: readonly DesiredPortGuard[];
  readonly openBefore: ReadonlySet<string>;
}

/** The source guard of one device, in the hands of the reactor of a part. */
export class GuardHands implements PartHands<GuardLine, GuardPlan, GuardSight, GuardStatus> {
  readonly part = 'guard';
  readonly called = 'the guard';
  readonly hintFreesLines = true;
  readonly starting: GuardStatus;
  private latest: GuardState | undefined;

  constructor(private readonly options: GuardHandsOptions) {
    const { mode, from } = options.modes.modeOf('');
    this.starting = {
      device: options.device,
      mode,
      modeFrom: from,
      state: 'starting',
      brake: undefined,
      error: undefined,
      idle: whyIdle(options.mode),
      planHash: undefined,
      plan: [],
      ports: [],
      missing: [],
      rates: options.guard.rates,
      stamp: undefined,
    };
  }

  /** The interfaces on which the guard, as it was shown last, drops everything that comes in. */
  get blocked(): readonly string[] {
    if (this.latest?.rules !== 'intact') return [];
    const ports = [...this.latest.ports.values()].filter(
      ({ attached, closed, mode }) => attached && closed && mode === 'drop',
    );
    return ports.map((port) => port.interface).sort();
  }

  async look(known: PartKnowledge, before?: GuardSight): Promise<GuardSight> {
    const { liveMap, view, guard, modes, deviceStamp } = this.options;
    const [state, under] = await Promise.all([guard.read(), before === undefined ? deviceStamp() : before.under]);
    const log = { logId: liveMap.logId, ordinal: liveMap.ordinal };
    const desired = desiredGuard(liveMap.map, view, guard.interfaces);
    const openBefore = openLast(known.confirmed);
    const wanted = desired.map((port) => wantedPort(port, modes.modeOf(port.interface).mode));
    const found = planGuard(wanted, state, openBefore);
    const plan = { ...found, lines: found.lines.map((line) => this.explained(line, state, known)) };
    return { state, under, log, desired, openBefore, plan };
  }

  brakes({ plan, log, state, under, openBefore }: GuardSight): PartBrakes {
    return {
      identity: guardIdentityBrake(log, state, [state.stamp, under]),
      firstPlan: guardFirstPlanBrake(plan, state),
      tooMuch: guardRemovalBrake(plan, state, openBefore),
      words: wordsToClose(this.options.device, plan),
    };
  }

  doable({ plan, state }: GuardSight, known: PartKnowledge): GuardPlan {
    return doableGuard(plan, (name) => state.interfaces.has(name) && !known.isWaiting(name));
  }

  async push({ log }: GuardSight, { change }: GuardPlan): Promise<void> {
    const { guard } = this.options;
    await guard.writeStamp(log);
    await guard.apply(change);
  }

  held({ state }: GuardSight): ReadonlySet<string> {
    return heldLines(state);
  }

  keyOf({ interface: name }: GuardLine): string | undefined {
    return name === '' ? undefined : name;
  }

  shown({ state, desired }: GuardSight): Partial<GuardStatus> {
    const { modes, guard, portsOf } = this.options;
    this.latest = state;
    const { mode, from } = modes.modeOf('');
    return {
      mode,
      modeFrom: from,
      ports: guardedPorts(desired, state, (name) => modes.modeOf(name), portsOf),
      missing: guard.interfaces.filter((name) => !state.interfaces.has(name)),
      stamp: state.stamp,
    };
  }

  /** Whose a port was, the journal knows by its MACs. */
  private explained(line: GuardLine, state: GuardState, known: PartKnowledge): GuardLine {
    const takesAway = line.why === 'grant-gone';
    const macs = takesAway ? (state.ports.get(line.interface)?.macs ?? []) : [];
    const whose = macs.map((mac) => known.confirmed.get(`guard ${line.interface} mac ${mac}`)?.serverId);
    const serverId = line.serverId ?? whose.find((one) => one !== undefined);
    return explained(line, { serverId, takesAway }, known, this.options.liveMap.map);
  }
}

/** The interfaces that the journal last confirmed to be guarded and open. */
function openLast(confirmed: ReadonlyMap<string, unknown>): Set<string> {
  const open = new Set<string>();
  for (const line of confirmed.keys()) {
    const name = /^guard (\S+) on$/.exec(line)?.[1];
    if (name !== undefined && !confirmed.has(`guard ${name} closed`)) open.add(name);
  }
  return open;
}
