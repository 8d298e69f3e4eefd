import { type LedgerEvent, type ServerId, type SwitchName, switchOf } from '../events/index.js';
import { type AssignmentEventType, type AssignmentRow, assignments, isAlive } from './assignments.projection.js';
import type { Conflict } from './binding.js';
import { type Claimant, ClaimIndex } from './claim-index.js';
import type { Claim } from './claims.js';
import { effectOf, type FactEffect, type FoldAnswers } from './effect.js';
import { type GatewayRow, gateways } from './gateways.projection.js';
import type { LogFold } from './log-fold.js';
import type { EventsOf } from './projection.js';

/**
 * Facts folded on top of a map that does not know of it: rows that change are kept here, all others are the map's own.
 * Good for one moment: who folds into the map meanwhile starts a new trial.
 */
export class Trial {
  /** The servers of which the rows are kept here, by slot. */
  private readonly changed: AssignmentRow[] = [];
  private readonly slots = new Map<string, number>();
  private readonly declared = new Map<string, GatewayRow>();
  private readonly held = new Set<string>();
  private readonly claims = new ClaimIndex({
    slotOf: (serverId) => this.slots.get(serverId) ?? -1,
    serverIdAt: (slot) => this.rowAt(slot).serverId,
    claimsAt: (slot) => this.rowAt(slot).claims,
  });
  /** What an effect is told from, as if the facts had been folded. */
  private readonly answers: FoldAnswers = {
    isHeld: (event) => this.held.has(event.id) || this.base.isHeld(event),
    map: {
      assignments: { get: (serverId) => this.row(serverId) },
      gateways: { get: (name) => this.declared.get(name) ?? this.base.map.gateways.get(name) },
      conflictsOf: (row, isMeant) => this.conflictsOf(row, isMeant),
      nestedWaitingFor: (serverId) => this.nestedWaitingFor(serverId),
    },
  };

  constructor(private readonly base: LogFold) {}

  /** Folds the next fact; its ordinal is where it would stand, behind all that the map has. */
  fold(event: LedgerEvent): void {
    if (this.base.isFrozen(event.stream)) this.held.add(event.id);
    else if (isGatewayEvent(event)) this.declare(event);
    else if (isAssignmentEvent(event)) this.assign(event);
  }

  /** The effect of a fact that was folded here or into the map, once all of the trial is folded. */
  effectOf(event: LedgerEvent): FactEffect {
    return effectOf(this.answers, event);
  }

  /** The switch that a server that is sold would be on; undefined where nothing would be granted anywhere. */
  switchOf(serverId: string): SwitchName | undefined {
    const row = this.row(serverId);
    return row?.port === undefined || !isAlive(row) ? undefined : switchOf(row.port.value);
  }

  private declare(event: EventsOf<'GatewayDeclared' | 'GatewayRetired'>): void {
    const row = gateways.evolve(this.answers.map.gateways.get(event.data.switch), event);
    if (row !== undefined) this.declared.set(event.data.switch, row);
  }

  private assign(event: EventsOf<AssignmentEventType>): void {
    const { serverId } = event.data;
    const before = this.row(serverId);
    const after = assignments.evolve(before, event);
    if (after === undefined || after === before) return;
    const known = this.slots.get(serverId);
    const slot = known ?? this.changed.length;
    this.slots.set(serverId, slot);
    this.changed[slot] = after;
    // The map's own index still has the row as it was: its claims of servers that are kept here do not count.
    this.claims.replace(slot, known === undefined ? [] : (before?.claims ?? []), after.claims, event.foldedAt);
  }

  private row(serverId: string): AssignmentRow | undefined {
    const slot = this.slots.get(serverId);
    return slot === undefined ? this.base.map.assignments.get(serverId) : this.rowAt(slot);
  }

  private rowAt(slot: number): AssignmentRow {
    const row = this.changed[slot];
    if (row === undefined) throw new RangeError(`A trial of ${this.changed.length} servers has no slot ${slot}.`);
    return row;
  }

  private conflictsOf(
    { serverId, claims }: Pick<AssignmentRow, 'serverId' | 'claims'>,
    isMeant: (claim: Claim) => boolean = () => true,
  ): Conflict[] {
    return claims.filter(isMeant).flatMap((claim) => {
      const before = this.rivals(serverId, claim).filter((other) => other.claim.since < claim.since);
      const [first] = before.sort((a, b) => a.claim.since - b.claim.since);
      return first === undefined ? [] : [{ claim: claim.key, holder: first.serverId }];
    });
  }

  private nestedWaitingFor(serverId: ServerId): Conflict[] {
    const claims = this.row(serverId)?.claims ?? [];
    const nested = claims.flatMap((claim) =>
      this.rivals(serverId, claim).filter((other) => other.claim.since > claim.since && other.claim.key !== claim.key),
    );
    const keys = [...new Set(nested.map((other) => other.claim.key))].sort();
    return keys.map((claim) => ({ claim, holder: serverId }));
  }

  /** Every claim of another server that this one is in conflict with, whoever stands first. */
  private rivals(serverId: ServerId, claim: Claim): Claimant[] {
    const unchanged = this.base.map.claims.rivalsOf(serverId, claim).filter((other) => !this.slots.has(other.serverId));
    return [...unchanged, ...this.claims.rivalsOf(serverId, claim)];
  }
}

function isGatewayEvent(event: LedgerEvent): event is EventsOf<'GatewayDeclared' | 'GatewayRetired'> {
  return gateways.handles.some((type) => type === event.type);
}

function isAssignmentEvent(event: LedgerEvent): event is EventsOf<AssignmentEventType> {
  return assignments.handles.some((type) => type === event.type);
}
