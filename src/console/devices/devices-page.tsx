import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import '../style/devices.css';
import { useApp } from '../app-context.js';
import { Empty } from '../conditions.js';
import { DataTable } from '../data-table.js';
import { ListPage } from '../list-page.js';
import { may } from '../session.js';
import { Age, Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { inWords } from '../violation.js';
import { type DeviceRow, planInWords } from './device-facts.js';
import { FreezeDialog, ResumeDialog } from './freeze-dialogs.js';
import { readDevices } from './read-device.js';
import { FrozenBy, RoomBar, Standing } from './standing.js';

/** Every device: how it stands, and what waits for a person. */
export function DevicesPage(): VNode {
  const { session } = useApp();
  const polled = usePolled(readDevices, 'devices');
  const [dialog, setDialog] = useState<'freeze' | 'resume'>();
  const { value, again } = polled;
  const frozenAll = value?.frozen !== undefined;
  const close = (): void => setDialog(undefined);
  const buttons = value !== undefined && value.devices.length > 0 && (
    <span class="buttons">
      {may(session, 'POST /v1/freeze') && !frozenAll && (
        <button type="button" onClick={() => setDialog('freeze')}>
          Freeze every device…
        </button>
      )}
      {may(session, 'POST /v1/resume') && frozenAll && (
        <button type="button" onClick={() => setDialog('resume')}>
          Resume every device…
        </button>
      )}
    </span>
  );
  return (
    <ListPage name="Devices" style="port-page devices" polled={polled} tools={buttons}>
      {({ devices }) => (
        <>
          {devices.length === 0 && (
            <Empty title="No devices">
              <p>This engine drives no device: name some under gateways in its configuration.</p>
            </Empty>
          )}
          <DataTable
            label="All devices"
            columns={columns}
            rows={devices}
            keyOf={({ device }) => device}
            cells={cellsOf}
          />
          {dialog === 'freeze' && <FreezeDialog device={undefined} onDone={again} onClose={close} />}
          {dialog === 'resume' && <ResumeDialog device={undefined} onDone={again} onClose={close} />}
        </>
      )}
    </ListPage>
  );
}

const columns = ['Device', 'Mode', 'State', 'Waiting plan', 'Drift', 'Last reconcile', 'Entries', 'Routes'];

function cellsOf(row: DeviceRow): VNode {
  const { device, mode, state, plan, drift, lastReconcile, headroom, entries, routes, frozen, brake, error } = row;
  const unsold = { pending: 0, level: 'unknown' };
  return (
    <>
      <td>
        <Link to={{ view: 'device', device }}>
          <Name text={device} />
        </Link>
        {row.switch !== device && (
          <div class="none">
            of <Name text={row.switch} />
          </div>
        )}
      </td>
      <td>{inWords(mode)}</td>
      <td class="wraps">
        <Standing name={state} />
        {frozen !== undefined && (
          <div class="none">
            <FrozenBy frozen={frozen} />
          </div>
        )}
        {frozen === undefined && brake !== undefined && <div class="none">{inWords(brake.code)}</div>}
        {error !== undefined && (
          <div class="none">
            <Name text={error} most={160} />
          </div>
        )}
      </td>
      <td>
        {planInWords(plan) ?? <span class="none">none</span>}
        {plan.waitsFor === 'operator' && (
          <div>
            <strong class="medium">waits for an operator</strong>
          </div>
        )}
        {plan.waitsFor === 'mode' && <div class="none">only observed</div>}
      </td>
      <td>
        {drift.since === undefined ? (
          <span class="none">none</span>
        ) : (
          <>
            {drift.lines} for <Age at={drift.since} />
          </>
        )}
      </td>
      <td>
        {lastReconcile === undefined ? (
          <span class="none">none yet</span>
        ) : (
          <>
            <Standing name={lastReconcile.outcome} /> <Age at={lastReconcile.at} />
          </>
        )}
      </td>
      <td>
        <RoomBar room={headroom?.neighbours ?? { ...unsold, used: entries }} what="entries" />
      </td>
      <td>
        <RoomBar room={headroom?.routes ?? { ...unsold, used: routes }} what="routes" />
      </td>
    </>
  );
}
