import type { MuteRow } from './mutes.projection.js';
import type { ViolationRow } from './violations.projection.js';

/** What a mute hides: one violation, what a rule finds at a port, or what it finds of a customer's frames. */
export type MuteScope =
  | { readonly violationId: string }
  | { readonly rule: string; readonly port: string }
  | { readonly rule: string; readonly customerId: string };

type Named = Pick<MuteRow, 'violationId' | 'rule' | 'port' | 'customerId'>;
/** What of a violation says whether a mute hides it. */
export type Mutable = Pick<ViolationRow, 'violationId' | 'rule' | 'port' | 'offenderCustomerId'>;

/** The scope these fields name; undefined where they name none of the three: such a mute hides nothing. */
export function muteScopeOf({ violationId, rule, port, customerId }: Named): MuteScope | undefined {
  const named = [violationId, rule, port, customerId].filter((one) => one !== undefined).length;
  if (violationId !== undefined) return named === 1 ? { violationId } : undefined;
  if (rule === undefined || named !== 2) return undefined;
  if (port !== undefined) return { rule, port };
  return customerId === undefined ? undefined : { rule, customerId };
}

/** True for a violation inside the scope, whether the mute counts or not. */
export function isInScope(scope: MuteScope, violation: Mutable): boolean {
  if ('violationId' in scope) return violation.violationId === scope.violationId;
  if (violation.rule !== scope.rule) return false;
  if ('port' in scope) return violation.port === scope.port;
  return violation.offenderCustomerId === scope.customerId;
}

/** True while the mute counts: nobody ended it, and its time is not over. `now` is ms since 1970. */
export function isMuting({ until, endedAt }: MuteRow, now: number): boolean {
  return endedAt === undefined && now < until;
}

/** All mutes by what they are about: told of each as it changes, asked for one violation at a time. */
export class Mutes {
  private readonly byScope = new Map<string, Map<string, MuteRow>>();

  put(mute: MuteRow): void {
    const scope = muteScopeOf(mute);
    if (scope === undefined) return;
    const key = keyOf(scope);
    const same = this.byScope.get(key) ?? new Map<string, MuteRow>();
    this.byScope.set(key, same.set(mute.muteId, mute));
  }

  /** Every mute there ever was that hides anything. */
  *all(): Generator<MuteRow, undefined> {
    for (const same of this.byScope.values()) yield* same.values();
  }

  /** Every mute there ever was about exactly this scope. */
  about(scope: MuteScope): MuteRow[] {
    return [...(this.byScope.get(keyOf(scope))?.values() ?? [])];
  }

  /** Every mute there ever was over this violation. */
  over({ violationId, rule, port, offenderCustomerId: customerId }: Mutable): MuteRow[] {
    if (this.byScope.size === 0) return [];
    return [
      ...this.about({ violationId }),
      ...(port === undefined ? [] : this.about({ rule, port })),
      ...(customerId === undefined ? [] : this.about({ rule, customerId })),
    ];
  }

  /** The mute that hides this violation now; of several the one that lasts longest. */
  muting(violation: Mutable, now: number): MuteRow | undefined {
    return latest(
      this.over(violation).filter((mute) => isMuting(mute, now)),
      (mute) => mute.until,
    );
  }

  /** The mute that was the last to end over this violation; undefined while it is muted, and where none ever was. */
  formerlyMuting(violation: Mutable & Pick<ViolationRow, 'firstSeen'>, now: number): MuteRow | undefined {
    const all = this.over(violation);
    if (all.some((mute) => isMuting(mute, now))) return undefined;
    return latest(
      all.filter((mute) => endOf(mute) > violation.firstSeen),
      endOf,
    );
  }
}

/** When a mute ended, or ends at the latest; ms since 1970. */
export function endOf({ until, endedAt }: MuteRow): number {
  return Math.min(until, endedAt ?? until);
}

function latest(mutes: readonly MuteRow[], by: (mute: MuteRow) => number): MuteRow | undefined {
  return [...mutes].sort((a, b) => by(b) - by(a) || (a.muteId < b.muteId ? -1 : 1))[0];
}

function keyOf(scope: MuteScope): string {
  if ('violationId' in scope) return `violation ${scope.violationId}`;
  return 'port' in scope ? `port ${scope.rule} ${scope.port}` : `customer ${scope.rule} ${scope.customerId}`;
}
