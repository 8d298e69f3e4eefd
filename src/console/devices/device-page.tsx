import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import '../style/devices.css';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Fact, Section } from '../detail-sections.js';
import { Freshness } from '../freshness.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Age, Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { inWords } from '../violation.js';
import { type DevicePlan, type DeviceRow, type ForeignEntry, type Guard, planInWords } from './device-facts.js';
import type { DevicesPlace } from './devices-place.js';
import { FreezeDialog, ResumeDialog } from './freeze-dialogs.js';
import { HistorySection } from './history-section.js';
import {
  ForeignSection,
  GuardTable,
  OrphanSection,
  PlanTable,
  PreflightSection,
  WithheldSection,
} from './line-tables.js';
import { AdoptDialog, ApproveDialog, type SeenPlan } from './order-dialogs.js';
import { deviceReader } from './read-device.js';
import { FrozenBy, RoomBar, Standing } from './standing.js';

type DevicePlace = Extract<DevicesPlace, { view: 'device' }>;

type Dialog =
  | { readonly kind: 'freeze' | 'resume' }
  | { readonly kind: 'approve' | 'approve-guard'; readonly seen: SeenPlan }
  | { readonly kind: 'adopt'; readonly entry: ForeignEntry };

/** One device: what would change and why, what was done, and an operator's word on it. */
export function DevicePage({ place: { device } }: { readonly place: DevicePlace }): VNode {
  return <OpenDevice key={device} device={device} />;
}

function OpenDevice({ device }: { readonly device: string }): VNode {
  const { session } = useApp();
  useEffect(() => void (document.title = `${shortText(device, 60)} · portledger`), [device]);
  const read = useMemo(() => deviceReader(device, session), [device, session]);
  const polled = usePolled(read, device);
  const [dialog, setDialog] = useState<Dialog>();
  const { value, why, again } = polled;
  const close = (): void => setDialog(undefined);
  const isFrozen = value?.row.frozen?.every === false;
  return (
    <div class="port-page devices">
      <header>
        <h1>
          <Name text={device} />
        </h1>
        {value !== undefined && (
          <p>
            {inWords(value.row.mode)}, <Standing name={value.row.state} />
          </p>
        )}
        <Freshness polled={polled} />
        {value !== undefined && (
          <span class="buttons">
            {may(session, 'POST /v1/freeze') && !isFrozen && (
              <button type="button" onClick={() => setDialog({ kind: 'freeze' })}>
                Freeze…
              </button>
            )}
            {may(session, 'POST /v1/resume') && isFrozen && (
              <button type="button" onClick={() => setDialog({ kind: 'resume' })}>
                Resume…
              </button>
            )}
          </span>
        )}
      </header>
      {value === undefined && why === undefined && <Loading what="the device" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The device cannot be shown" detail={why} onRetry={again}>
          <p>
            <Link to={{ view: 'devices' }}>All devices</Link>
          </p>
        </Trouble>
      )}
      {value !== undefined && (
        <div class="device-panes">
          <div>
            <Facts row={value.row} />
            <Plan
              plan={value.plan}
              row={value.row}
              onApprove={
                may(session, 'POST /v1/plans/{}/apply') && value.row.mode !== 'observe'
                  ? (seen) => setDialog({ kind: 'approve', seen })
                  : undefined
              }
            />
            <OrphanSection lines={value.plan.lines} />
            <ForeignSection
              entries={value.plan.foreign}
              onAdopt={
                may(session, 'POST /v1/devices/{}/adopt') && value.row.mode !== 'observe'
                  ? (entry) => setDialog({ kind: 'adopt', entry })
                  : undefined
              }
            />
            <WithheldSection plan={value.plan} />
            <PreflightSection checks={value.plan.preflight ?? []} />
            {value.guard !== undefined && (
              <GuardPlan
                guard={value.guard}
                onApprove={
                  may(session, 'POST /v1/devices/{}/guard/plans/{}/apply')
                    ? (seen) => setDialog({ kind: 'approve-guard', seen })
                    : undefined
                }
              />
            )}
          </div>
          <HistorySection device={device} page={value.history} />
        </div>
      )}
      {dialog?.kind === 'freeze' && <FreezeDialog device={device} onDone={again} onClose={close} />}
      {dialog?.kind === 'resume' && <ResumeDialog device={device} onDone={again} onClose={close} />}
      {(dialog?.kind === 'approve' || dialog?.kind === 'approve-guard') && (
        <ApproveDialog
          device={device}
          seen={dialog.seen}
          current={dialog.kind === 'approve' ? value?.plan.planHash : value?.guard?.planHash}
          isGuard={dialog.kind === 'approve-guard'}
          onDone={again}
          onClose={close}
        />
      )}
      {dialog?.kind === 'adopt' && <AdoptDialog device={device} entry={dialog.entry} onDone={again} onClose={close} />}
    </div>
  );
}

function Facts({ row }: { readonly row: DeviceRow }): VNode {
  const { frozen, brake, error, drift, lastReconcile, headroom } = row;
  return (
    <Section title="Now">
      <dl class="facts">
        <Fact name="Switch">
          <Name text={row.switch} />
        </Fact>
        {frozen !== undefined && (
          <Fact name="Frozen">
            <FrozenBy frozen={frozen} />
          </Fact>
        )}
        {brake !== undefined && brake.code !== 'frozen' && (
          <Fact name="Brake">
            <strong>{inWords(brake.code)}</strong>: <Name text={brake.detail} most={400} />
          </Fact>
        )}
        {error !== undefined && (
          <Fact name="Error">
            <span class="bad">
              <Name text={error} most={400} />
            </span>
          </Fact>
        )}
        <Fact name="Drift">
          {drift.since === undefined ? (
            'none'
          ) : (
            <>
              {drift.lines === 1 ? '1 line' : `${drift.lines} lines`} changed by the device itself, since{' '}
              <Age at={drift.since} />
            </>
          )}
        </Fact>
        <Fact name="Last reconcile">
          {lastReconcile === undefined ? (
            'none yet'
          ) : (
            <>
              <Standing name={lastReconcile.outcome} /> <Age at={lastReconcile.at} /> ago
            </>
          )}
        </Fact>
        <Fact name="Room">
          {headroom === undefined ? (
            'not read yet'
          ) : (
            <>
              <RoomBar room={headroom.neighbours} what="entries" />
              <br />
              <RoomBar room={headroom.routes} what="routes" />
            </>
          )}
        </Fact>
      </dl>
    </Section>
  );
}

const waits: Readonly<Record<string, string>> = {
  operator: 'It waits for an operator.',
  mode: 'The device is only observed: nothing is written to it.',
};

function Plan(props: {
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

function GuardPlan(props: {
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
