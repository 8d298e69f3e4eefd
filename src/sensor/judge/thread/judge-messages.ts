import type { Ipv6Prefix, MacAddress, PortId, Vlan } from '../../../../events/index.js';
import type { GrantRecords, Observation } from '../../../../projections/index.js';
import type { CaptureSource } from '../../capture/capture-source.js';
import type { DecodedFrame } from '../../capture/decoded-frame.js';
import type { ExceptionCount } from '../../exceptions/exception-hits.js';
import type { KeptFrame } from '../../evidence/kept-frame.js';
import type { FrameLimits, SourceCounts } from '../frame-judge.js';
import type { JudgeCounts } from '../judge.js';
import type { Verdict } from '../judge-verdict.js';
import type { PrefixCount } from '../prefix-use.js';
import type { PrefixScore } from '../sieve/scorecard.js';

/** What a judge is started with. */
export interface JudgeStart {
  readonly limits: Partial<FrameLimits>;
  readonly sources: readonly CaptureSource[];
  /** Detections are held until somebody has answered `held`; else they are told at once. */
  readonly holdsVerdicts?: boolean;
}

/** What a judge knows of the world: it overtakes the bytes of captures that wait. */
export type JudgeNews =
  /** Records of a snapshot, or with `recordedAt` (ms since 1970) those that a change touched. */
  | { readonly kind: 'records'; readonly records: GrantRecords; readonly recordedAt?: number }
  /** What the log has of verdicts: ids of violations, and the MACs seen last. */
  | { readonly kind: 'stored'; readonly violations: readonly string[]; readonly seen: readonly Seen[] }
  /** The detection of this violation was not stored. */
  | { readonly kind: 'forget'; readonly violationId: string }
  /** From now on the use of these prefixes is counted, and of no others. */
  | { readonly kind: 'watched'; readonly prefixes: readonly Ipv6Prefix[] }
  /** Everything that was recorded before the judge's last `held` has been told. */
  | { readonly kind: 'learnt-all' };

export interface Seen {
  readonly port: PortId;
  readonly vlan: Vlan;
  readonly mac: MacAddress;
}

/** What a judge hears and does, in this order. Sources are told by their place in the list it was started with. */
export type JudgeOrder =
  /** Everything that was known at the start has been told. */
  | { readonly kind: 'ready' }
  /** A capture begins: the next piece starts with its header. */
  | { readonly kind: 'begin'; readonly source: number; readonly capture: string }
  | { readonly kind: 'piece'; readonly source: number; readonly piece: Uint8Array }
  | { readonly kind: 'frame'; readonly source: number; readonly frame: DecodedFrame }
  | { readonly kind: 'observation'; readonly observation: Observation }
  /** Settle what is due at this time, ms since 1970, and tell the counts. */
  | { readonly kind: 'flush'; readonly now: number }
  | { readonly kind: 'close' };

export type JudgeReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  /** Verdicts are held until the judge has been told everything that is recorded by now, and `learnt-all`. */
  | { readonly kind: 'held' }
  | { readonly kind: 'kept'; readonly frame: KeptFrame }
  /** So many bytes of pieces, or so many frames, of a source are done with; `frames` were read in them. */
  | { readonly kind: 'taken'; readonly source: number; readonly amount: number; readonly frames: number }
  /** The bytes of a source make no sense; what comes of it is passed over until a capture begins. */
  | { readonly kind: 'broken'; readonly source: number; readonly why: string }
  | ({ readonly kind: 'counts' } & JudgeTold)
  | { readonly kind: 'closed' };

/** What a judge tells of itself. */
export interface JudgeTold {
  readonly sources: readonly (SourceCounts & { readonly behindMs: number })[];
  readonly judge: JudgeCounts;
  /** What each exception excused since this judge began. */
  readonly exceptions: readonly ExceptionCount[];
  readonly scorecard: Readonly<Record<'48' | '64', readonly PrefixScore[]>>;
  /** How often the prefixes that it was told to watch were heard. */
  readonly prefixUse: readonly PrefixCount[];
  /** Ordinal of the last event whose records it has; -1 before the first. */
  readonly ordinal: number;
}
