import type { ServerId } from '../../events/index.js';
import type { NetworkMap } from '../../projections/index.js';
import type { Brake, LogState } from './brakes.js';
import type { ConfirmedLine } from './journal.js';
import type { PartLine, PartStatus } from './part-status.js';

/** What is to be done; what only its hands understand stands beside the lines. */
export interface PartPlan<Line extends PartLine = PartLine> {
  readonly lines: readonly Line[];
}

/** What one look saw, and what is to be done about it. */
export interface PartSight<Plan extends PartPlan = PartPlan> {
  /** Taken after the part was read: the map can only be newer than the look. */
  readonly log: LogState;
  readonly plan: Plan;
  /** What could not be read, by the key of its lines (`keyOf`): it keeps what it has, none of its lines is planned, and the rest goes on. */
  readonly unread?: ReadonlyMap<string, Error>;
}

/** Something of a push failed, by the key of its lines; the rest was done. */
export class PartlyFailed extends Error {
  constructor(readonly failures: ReadonlyMap<string, Error>) {
    super([...failures.values()].map(({ message }) => message).join('; '));
    this.name = 'PartlyFailed';
  }
}

/** What the reactor knows and hands may ask. */
export interface PartKnowledge {
  /** The lines that reading back showed last, of this process or one before. */
  readonly confirmed: ReadonlyMap<string, ConfirmedLine>;
  /** Whether what failed under this key has to wait before it is tried again. */
  isWaiting(key: string): boolean;
}

/** The brakes that a sight trips, and the words that release the last of them. */
export interface PartBrakes {
  /** Of the log that may not drive the part. */
  readonly identity: Brake | undefined;
  /** Of a part that was never driven; asked where the engine writes by itself. */
  readonly firstPlan: Brake | undefined;
  /** Of grants that go away all at once. */
  readonly tooMuch: Brake | undefined;
  /** What an operator types where more goes than the limit allows. */
  readonly words: string;
}

/**
 * What differs between the parts of a device that are planned as a whole (its guard, its DHCP, its router advertisements): how one is read, planned,
 * braked and pushed. Hands do not decide whether anything is done; every promise may reject, and a reject means nothing is known.
 */
export interface PartHands<
  Line extends PartLine,
  Plan extends PartPlan<Line>,
  Sight extends PartSight<Plan>,
  Status extends PartStatus<Line>,
> {
  /** Its word in alert codes and in the hash of a plan; no line or interface has it. */
  readonly part: 'guard' | 'dhcp' | 'ra';
  /** As a sentence names it: `the guard`. */
  readonly called: string;
  /** Whether a hint says that also what failed at single lines may be tried again. */
  readonly hintFreesLines: boolean;
  /** Before the first look. */
  readonly starting: Status;
  /** One look. @param before the look that a push was made from; what the push cannot have changed may be taken from it */
  look(known: PartKnowledge, before?: Sight): Promise<Sight>;
  brakes(sight: Sight): PartBrakes;
  /** The part of the plan that may be done now. @param approved an operator asked for exactly this plan */
  doable(sight: Sight, known: PartKnowledge, approved: boolean): Plan;
  /** Success is for the next look to prove; rejects with PartlyFailed where only lines of some keys failed. A plan without lines puts a new stamp where another log's is. */
  push(sight: Sight, plan: Plan): Promise<void>;
  /** Every line that the part holds. */
  held(sight: Sight): ReadonlySet<string>;
  /** Under which key a line that was not done waits before it is tried again; undefined: with the whole part. */
  keyOf(line: Line): string | undefined;
  /** What is shown of this part alone. */
  shown(sight: Sight, known: PartKnowledge): Partial<Status>;
  /** An engine ended in the middle of a push. */
  interrupted?(): void;
  /** Ms after which a look is due although nothing calls; undefined when nothing waits. */
  nextDueMs?(): number | undefined;
}

/** Whose a line is, and whether it takes something away; for `explained`. */
export interface LineOwner {
  readonly serverId: ServerId | undefined;
  readonly takesAway: boolean;
}

/** Why a line is in the plan: what was there before and is gone, or came by itself, is drift. */
export function explained<Line extends PartLine>(
  line: Line,
  { serverId, takesAway }: LineOwner,
  { confirmed }: Pick<PartKnowledge, 'confirmed'>,
  map: NetworkMap,
): Line {
  const cause = (line.change === 'add') === confirmed.has(line.line) ? 'drift' : line.cause;
  if (serverId === undefined) return { ...line, cause };
  const taken = takesAway ? map.binding(serverId)?.changedAt : undefined;
  return { ...line, serverId, cause: cause === 'configuration' ? (taken ?? cause) : cause };
}
