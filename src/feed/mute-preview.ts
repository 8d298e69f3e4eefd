import { isOpen, type MuteScope } from '../../projections/index.js';
import type { ViolationIndex } from './violation-index.js';
import { mutedTest, type SlotTest } from './violation-test.js';
import { type Viewing, type ViolationView, violationView } from './violation-view.js';
import { type MuteView, muteViews } from './mute-view.js';
import { mutesLike } from './mute-question.js';

const mostSamples = 20;

/** What a mute of this scope would do if it were set now. */
export interface MutePreview {
  readonly scope: MuteScope;
  /** Violations that would be muted and are not: what disappears where muted ones are not shown. */
  readonly hides: number;
  /** How many of them somebody has something to do about. */
  readonly open: number;
  /** Violations of the scope that are muted already. */
  readonly alreadyMuted: number;
  /** Of those it hides the ones heard last, at most 20. */
  readonly sample: readonly ViolationView[];
  /** Mutes, past ones too, that hide or hid something of this scope: a wrong one is seen before it is set again. */
  readonly similar: readonly MuteView[];
}

/** Counts every violation of the scope; the numbers are exact. */
export function mutePreview(index: ViolationIndex, scope: MuteScope, viewing: Viewing): MutePreview {
  const { columns } = index;
  const isMuted = mutedTest(index, viewing.now);
  const hidden: number[] = [];
  let [open, alreadyMuted] = [0, 0];
  for (const slot of slotsIn(index, scope)) {
    if (isMuted(slot)) {
      alreadyMuted++;
      continue;
    }
    hidden.push(slot);
    if (isOpen(columns.stateOf(slot) ?? 'resolved')) open++;
  }
  const sample = hidden.sort((a, b) => columns.compare(b, a)).slice(0, mostSamples);
  return {
    scope,
    hides: hidden.length,
    open,
    alreadyMuted,
    sample: sample.map((slot) => violationView(index.rowAt(slot), viewing)),
    similar: muteViews(mutesLike(scope, index), viewing.now),
  };
}

function* slotsIn(index: ViolationIndex, scope: MuteScope): Generator<number> {
  if ('violationId' in scope) {
    const slot = index.slotOf(scope.violationId);
    if (slot >= 0) yield slot;
    return;
  }
  const isIn = scopeTest(index, scope);
  for (let slot = 0; slot < index.columns.length; slot++) if (isIn(slot)) yield slot;
}

function scopeTest(
  { columns: { names, named } }: ViolationIndex,
  scope: Exclude<MuteScope, { violationId: string }>,
): SlotTest {
  const rule = names.find(scope.rule);
  const [column, name] =
    'port' in scope ? ([named.port, scope.port] as const) : ([named.offenderCustomerId, scope.customerId] as const);
  const other = names.find(name);
  if (rule === undefined || other === undefined) return () => false;
  return (slot) => named.rule[slot] === rule && column[slot] === other;
}
