import type { VNode } from 'preact';
import { Section } from '../detail-sections.js';
import { shortText } from '../shown-text.js';
import { inWords } from '../violation.js';
import { type DevicePlan, type DeviceRow, type Guard, planInWords } from './device-facts.js';
import type { SeenPlan } from './order-dialogs.js';
import { GuardTable, PlanTable } from './plan-tables.js';
import { Standing } from './standing.js';

const waits: Readonly<Record<string, string>> = {
  operator: 'It waits for an operator.',
  mode: 'The device is only observed: nothing is written to it.',
};

/** What would change on a device. `onApprove`: undefined where this reader may not. */
export function PlanSection(props: {
  readonly plan: DevicePlan;
  readonly row: DeviceRow;
  readonly onApprove: ((seen: SeenPlan) => void) | undefined;
}): VNode {
  const { plan, row, onApprove } = props;
  const { planHash, lines } = plan;
  const add = lines.filter(({ change }) => change === 'add').length;
  const seen = { add, remove: lines.length - add };
  const isForApproval = onApprove !== undefined && row.plan.waitsFor === 'operator' && row.frozen === undefined;
  return (
    <Section title={`Plan: ${planInWords(seen) ?? 'nothing to do'}`}>
      {lines.length === 0 && <p class="none">The device holds what billing sold.</p>}
      {waits[row.plan.waitsFor] !== undefined && <p class="about">{waits[row.plan.waitsFor]}</p>}
      {lines.length > 0 && <PlanTable lines={lines} />}
      {isForApproval && planHash !== undefined && (
        <p class="buttons">
          <button type="button" class="primary" onClick={() => onApprove({ planHash, ...seen })}>
            Approve this plan…
          </button>
          <span class="code none">{planHash}</span>
        </p>
      )}
    </Section>
  );
}

/** What would change in the guard of a device. */
export function GuardSection(props: {
  readonly guard: Guard;
  readonly onApprove: ((seen: SeenPlan) => void) | undefined;
}): VNode {
  const { guard, onApprove } = props;
  const { mode, state, brake, idle, error, plan, planHash } = guard;
  const add = plan.filter(({ change }) => change === 'add').length;
  const seen = { add, remove: plan.length - add };
  const waitsForWord = brake !== undefined || idle !== undefined;
  return (
    <Section title={`Guard: ${planInWords(seen) ?? 'nothing to do'}`}>
      <p class="about">
        {inWords(mode)}, <Standing name={state} />
        {brake !== undefined && `, ${inWords(brake.code)}: ${shortText(brake.detail, 300)}`}
        {idle !== undefined && `, ${shortText(idle, 300)}`}
        {error !== undefined && `, ${shortText(error, 300)}`}
      </p>
      {plan.length > 0 && <GuardTable lines={plan} />}
      {onApprove !== undefined && waitsForWord && plan.length > 0 && planHash !== undefined && (
        <button type="button" class="primary" onClick={() => onApprove({ planHash, ...seen })}>
          Approve the guard’s plan…
        </button>
      )}
    </Section>
  );
}
