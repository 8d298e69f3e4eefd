import type { VNode } from 'preact';
import { useApp } from '../app-context.js';
import { DataTable } from '../data-table.js';
import { pageOf } from '../place.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Age, Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import type { OverviewDevice } from './facts.js';

/** The devices with how they stand, each the way to its page where the reader may see that. */
export function DeviceList({ devices }: { readonly devices: readonly OverviewDevice[] }): VNode {
  const { session } = useApp();
  const mayOpen = may(session, pageOf({ view: 'devices' }).needs);
  if (devices.length === 0)
    return <p class="none">This engine drives no device: name some under gateways in its configuration.</p>;
  return (
    <section aria-label="Devices">
      <h2>Devices</h2>
      <DataTable
        label="Devices"
        columns={['Device', 'Mode', 'State', 'Plan', 'Drift', 'Reconciled']}
        rows={devices}
        keyOf={({ device }) => device}
        cells={({ device, mode, state, isFrozen, plan, drift, lastReconcile }) => (
          <>
            <td>
              {mayOpen ? (
                <Link to={{ view: 'device', device }}>
                  <Name text={device} />
                </Link>
              ) : (
                <Name text={device} />
              )}
            </td>
            <td>{inWords(mode)}</td>
            <td>{isFrozen ? 'frozen' : inWords(state)}</td>
            <td>{plan.add + plan.remove === 0 ? 'nothing to do' : `+${plan.add} −${plan.remove}`}</td>
            <td>{drift.since === undefined ? 'none' : <Age at={drift.since} />}</td>
            <td>
              {lastReconcile === undefined ? (
                'never'
              ) : (
                <>
                  {<Age at={lastReconcile.at} />} ago, {shortText(inWords(lastReconcile.outcome))}
                </>
              )}
            </td>
          </>
        )}
      />
    </section>
  );
}
