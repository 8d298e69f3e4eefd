import {
  type CustomerId,
  type Ipv6Prefix,
  type LedgerEvent,
  type ServerId,
  type SwitchName,
  switchOf,
} from '../events/index.js';
import { type AssignmentEventType, type AssignmentRow, assignments, isAlive } from './assignments.projection.js';
import type { Conflict } from './binding.js';
import { type Claim, prefixIn } from './claims.js';
import {
  type DelegationEventType,
  type DelegationRow,
  delegations,
  isDelegationEvent,
} from './delegations.projection.js';
import { effectOf, type FactEffect, type FoldAnswers } from './effect.js';
import { type GatewayRow, gateways } from './gateways.projection.js';
import type { LogFold } from './log-fold.js';
import type { EventsOf } from './projection.js';
import { TriedRows } from './tried-rows.js';

/**
 * Facts folded on top of a map that does not know of it: rows that change are kept here, all others are the map's own.
 * Good for one moment: who folds into the map meanwhile starts a new trial.
 */
export class Trial {
  private readonly servers = new TriedRows<AssignmentRow, ServerId>(
    {
      row: (serverId) => this.base.map.assignments.get(serverId),
      rivalsOf: (serverId, claim) => this.base.map.claims.rivalsOf(serverId, claim),
    },
    (row) => row.serverId,
  );
  private readonly customers = new TriedRows<DelegationRow, CustomerId>(
    {
      row: (customerId) => this.base.map.delegations.get(customerId),
      rivalsOf: (customerId, claim) => this.base.map.delegated.rivalsOf(customerId, claim),
    },
    (row) => row.customerId,
  );
  private readonly declared = new Map<string, GatewayRow>();
  private readonly held = new Set<string>();
  /** What an effect is told from, as if the facts had been folded. */
  private readonly answers: FoldAnswers = {
    isHeld: (event) => this.held.has(event.id) || this.base.isHeld(event),
    map: {
      assignments: this.servers,
      delegations: this.customers,
      gateways: { get: (name) => this.declared.get(name) ?? this.base.map.gateways.get(name) },
      conflictsOf: (row, isMeant) => this.conflictsOf(row, isMeant),
      nestedWaitingFor: (serverId) => this.nestedWaitingFor(serverId),
      delegationHolder: (row, prefix) => this.delegationHolder(row, prefix),
    },
  };

  constructor(private readonly base: LogFold) {}

  /** Folds the next fact; its ordinal is where it would stand, behind all that the map has. */
  fold(event: LedgerEvent): void {
    if (this.base.isFrozen(event.stream)) this.held.add(event.id);
    else if (isGatewayEvent(event)) this.declare(event);
    else if (isAssignmentEvent(event)) this.assign(event);
    else if (isDelegationEvent(event)) this.delegate(event);
  }

  /** The effect of a fact that was folded here or into the map, once all of the trial is folded. */
  effectOf(event: LedgerEvent): FactEffect {
    return effectOf(this.answers, event);
  }

  /** The switch that a server that is sold would be on; undefined where nothing would be granted anywhere. */
  switchOf(serverId: string): SwitchName | undefined {
    const row = this.servers.get(serverId);
    return row?.port === undefined || !isAlive(row) ? undefined : switchOf(row.port.value);
  }

  /** Whose the server would be; undefined where billing never added it. */
  customerOf(serverId: string): CustomerId | undefined {
    return this.servers.get(serverId)?.customer?.value;
  }

  /** Whether these facts would change what is delegated to the customer. */
  delegatesTo(customerId: string): boolean {
    return this.customers.isChanged(customerId);
  }

  private declare(event: EventsOf<'GatewayDeclared' | 'GatewayRetired'>): void {
    const row = gateways.evolve(this.answers.map.gateways.get(event.data.switch), event);
    if (row !== undefined) this.declared.set(event.data.switch, row);
  }

  private assign(event: EventsOf<AssignmentEventType>): void {
    const after = assignments.evolve(this.servers.get(event.data.serverId), event);
    if (after !== undefined) this.servers.put(after, event);
  }

  private delegate(event: EventsOf<DelegationEventType>): void {
    const after = delegations.evolve(this.customers.get(event.data.customerId), event);
    if (after !== undefined) this.customers.put(after, event);
  }

  private conflictsOf(
    { serverId, claims }: Pick<AssignmentRow, 'serverId' | 'claims'>,
    isMeant: (claim: Claim) => boolean = () => true,
  ): Conflict<ServerId>[] {
    return claims.filter(isMeant).flatMap((claim) => {
      const holder = this.servers.blockerOf(serverId, claim);
      return holder === undefined ? [] : [{ claim: claim.key, holder }];
    });
  }

  private nestedWaitingFor(serverId: ServerId): Conflict<ServerId>[] {
    const claims = this.servers.get(serverId)?.claims ?? [];
    const nested = claims.flatMap((claim) =>
      this.servers
        .rivals(serverId, claim)
        .filter((other) => other.claim.since > claim.since && other.claim.key !== claim.key),
    );
    const keys = [...new Set(nested.map((other) => other.claim.key))].sort();
    return keys.map((claim) => ({ claim, holder: serverId }));
  }

  private delegationHolder({ customerId, claims }: DelegationRow, prefix: Ipv6Prefix): CustomerId | undefined {
    const claim = prefixIn(claims, prefix);
    return claim && this.customers.blockerOf(customerId, claim);
  }
}

function isGatewayEvent(event: LedgerEvent): event is EventsOf<'GatewayDeclared' | 'GatewayRetired'> {
  return gateways.handles.some((type) => type === event.type);
}

function isAssignmentEvent(event: LedgerEvent): event is EventsOf<AssignmentEventType> {
  return assignments.handles.some((type) => type === event.type);
}
