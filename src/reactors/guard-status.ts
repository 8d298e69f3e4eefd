import type { DesiredPortGuard } from '../../projections/index.js';
import {
  type GuardKind,
  guardKinds,
  type GuardMode,
  type GuardState,
  type RateBudget,
} from '../drivers/guard/guard.port.js';
import type { DeviceStamp } from '../drivers/switch/switch.port.js';
import type { ModeOfPort } from './guard-modes.js';
import type { GuardLine } from './guard-plan.js';
import { rulesInWords } from './guard-words.js';
import type { PartStatus } from './part-status.js';

export type { GuardKind, GuardMode, RateBudget } from '../drivers/guard/guard.port.js';

/** What was counted under one name. */
export interface GuardHit {
  readonly kind: GuardKind;
  readonly frames: number;
  readonly bytes: number;
}

/** One guarded interface, as it was read back. */
export interface GuardedPort {
  readonly interface: string;
  readonly ports: readonly string[];
  readonly serverId?: string;
  /** How it should be guarded, and who wants it so. */
  readonly mode: GuardMode;
  readonly modeFrom: string;
  /** What the device does: drops, counts, or has no guard here. */
  readonly effect: 'drops' | 'counts' | 'none';
  /** Why nothing is let in; absent where something is. */
  readonly closed?: string;
  /** What is let in, in words. */
  readonly rules: readonly string[];
  /** All frames that came in since the table was made. */
  readonly seen: number;
  /** What was dropped, or in mode count would have been. */
  readonly hits: readonly GuardHit[];
}

/** What the reactor knows of a guard after its last look. */
export interface GuardStatus extends PartStatus<GuardLine> {
  /** Of the device; a port may be told otherwise. */
  readonly mode: GuardMode;
  readonly modeFrom: string;
  readonly ports: readonly GuardedPort[];
  /** Interfaces that the configuration names and the device does not have. */
  readonly missing: readonly string[];
  readonly rates: { readonly arp: RateBudget; readonly nd: RateBudget };
  readonly stamp: DeviceStamp | undefined;
}

/** The ports of a status. */
export function guardedPorts(
  wanted: readonly DesiredPortGuard[],
  state: GuardState,
  modeOf: (interfaceName: string) => ModeOfPort,
  portsOf: (interfaceName: string) => readonly string[],
): GuardedPort[] {
  return wanted.map((desired) => {
    const name = desired.interface;
    const { mode, from } = modeOf(name);
    const held = state.ports.get(name);
    const counts = state.counts.get(name);
    const works = state.rules === 'intact' && held?.attached === true && state.interfaces.has(name);
    const hits = guardKinds.flatMap((kind) => {
      const counted = counts?.hits[kind];
      return counted === undefined ? [] : [{ kind, ...counted }];
    });
    return {
      interface: name,
      ports: portsOf(name),
      ...(desired.serverId === undefined ? {} : { serverId: desired.serverId }),
      mode,
      modeFrom: from,
      effect: !works ? 'none' : held.mode === 'drop' ? 'drops' : 'counts',
      ...(desired.closed === undefined ? {} : { closed: desired.closed }),
      rules: rulesInWords(desired),
      seen: counts?.seen.frames ?? 0,
      hits,
    };
  });
}
