import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import '../style/devices.css';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Freshness } from '../freshness.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { inWords } from '../violation.js';
import type { ForeignEntry } from './device-facts.js';
import { DeviceNow } from './device-now.js';
import type { DevicesPlace } from './devices-place.js';
import { FreezeDialog, ResumeDialog } from './freeze-dialogs.js';
import { HistorySection } from './history-section.js';
import { ForeignSection, OrphanSection, WithheldSection } from './kept-sections.js';
import { AdoptDialog, ApproveDialog, type SeenPlan } from './order-dialogs.js';
import { GuardSection, PlanSection } from './plan-sections.js';
import { PreflightSection } from './preflight-section.js';
import { deviceReader } from './read-device.js';
import { Standing } from './standing.js';

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
            <DeviceNow row={value.row} />
            <PlanSection
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
              <GuardSection
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
