import type { VNode } from 'preact';
import '../style/devices.css';
import '../style/pools.css';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Empty } from '../conditions.js';
import { DataTable } from '../data-table.js';
import { ListPage } from '../list-page.js';
import { Age, Instant, Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import {
  type Delegation,
  number,
  type Pool,
  type Pools,
  type PoolUse,
  purposeInWords,
  type WaitingOrder,
  whenEmpty,
} from './pool.js';
import type { PoolsPlace } from './pools-place.js';
import { UseBar } from './use-bar.js';

/** How full the pools of addresses and the prefixes of customers are, when they will be empty, and who waits. */
export function PoolsPage({ place: { customer } }: { readonly place: PoolsPlace }): VNode {
  const { go } = useApp();
  const query = customer === undefined ? '' : `?customer=${encodeURIComponent(customer)}`;
  const polled = usePolled((signal) => ask<Pools>(`/v1/pools${query}`, { signal }), query);
  return (
    <ListPage
      name="Pools"
      style="port-page devices pools"
      polled={polled}
      find={{
        ...{ label: 'Find the prefixes of a customer', placeholder: 'customer', text: customer },
        onFind: (wanted) => go({ view: 'pools', ...(wanted !== undefined && { customer: wanted }) }),
      }}
    >
      {(pools) => <Found pools={pools} customer={customer} />}
    </ListPage>
  );
}

function Found({ pools: found, customer }: { readonly pools: Pools; readonly customer: string | undefined }): VNode {
  const { pools, delegations, furtherCustomers, waiting } = found;
  return (
    <>
      {waiting.length > 0 && <h2>Waiting</h2>}
      <DataTable label="Waiting" columns={waitingColumns} rows={waiting} keyOf={keyOfOrder} cells={orderCells} />
      <h2>Of sites</h2>
      {pools.length === 0 && (
        <Empty title="No pool yet">
          <p>
            Billing names what it sells. To have it chosen, an operator publishes{' '}
            <span class="code">AddressPoolAdded</span>.
          </p>
        </Empty>
      )}
      <DataTable label="Pools" columns={poolColumns} rows={pools} keyOf={({ poolId }) => poolId} cells={poolCells} />
      <h2>Of customers</h2>
      {customer !== undefined && (
        <p class="about">
          Of <Name text={customer} /> alone. <Link to={{ view: 'pools' }}>Of all customers</Link>
        </p>
      )}
      <DataTable
        label="Prefixes of customers"
        columns={delegationColumns}
        rows={delegations}
        keyOf={({ customerId, prefix }) => `${customerId} ${prefix}`}
        cells={delegationCells}
        none="None."
      />
      {furtherCustomers > 0 && (
        <p class="about">And those of {number(furtherCustomers)} further customers: find one by its id.</p>
      )}
    </>
  );
}

const useColumns = ['Use', 'Free', 'Of', 'A day', 'Empty'];
const poolColumns = ['Pool', 'Prefix', 'Site', 'For', ...useColumns];
const delegationColumns = ['Customer', 'Prefix', 'Order', ...useColumns];
const waitingColumns = ['Whose', 'Add-on or order', 'Sold', 'Why it waits'];

const keyOfOrder = ({ serverId, customerId, addOnId, orderId }: WaitingOrder): string =>
  [serverId, customerId, addOnId, orderId].join(' ');

function orderCells({ serverId, customerId, addOnId, orderId, boughtAt, reason }: WaitingOrder): VNode {
  return (
    <>
      <td>
        <Whose serverId={serverId} customerId={customerId} />
      </td>
      <td>
        <Name text={addOnId ?? orderId ?? ''} />
      </td>
      <td>
        <Age at={boughtAt} />
      </td>
      <td class="wraps">
        <Name text={reason} most={400} />
      </td>
    </>
  );
}

function Whose({ serverId, customerId }: Pick<WaitingOrder, 'serverId' | 'customerId'>): VNode {
  const kind = serverId === undefined ? 'customer' : 'server';
  const name = serverId ?? customerId ?? '';
  return (
    <Link to={{ view: 'entity', kind, name }}>
      <Name text={name} />
    </Link>
  );
}

function poolCells(pool: Pool): VNode {
  const { poolId, state, prefix = '', site = '', use } = pool;
  return (
    <>
      <td>
        <Name text={poolId} />
      </td>
      <td>
        <Name text={prefix} />
      </td>
      <td>
        <Name text={site} />
      </td>
      <td>{state === 'retired' ? <span class="none">retired</span> : <Name text={purposeInWords(pool)} />}</td>
      <UseCells use={use} />
    </>
  );
}

function delegationCells({ customerId, prefix, orderId, heldBy, use }: Delegation): VNode {
  return (
    <>
      <td>
        <Whose customerId={customerId} />
      </td>
      <td>
        <Name text={prefix} />
        {heldBy !== undefined && (
          <div class="medium">
            waits for that of <Name text={heldBy} />
          </div>
        )}
      </td>
      <td>{orderId === undefined ? <span class="none">by name</span> : <Name text={orderId} />}</td>
      <UseCells use={use} />
    </>
  );
}

function UseCells({ use }: { readonly use: PoolUse | undefined }): VNode {
  if (use === undefined) return <td colSpan={useColumns.length} />;
  const empty = whenEmpty(use, Date.now());
  return (
    <>
      <td>
        <UseBar use={use} />
      </td>
      <td class="count">{use.free === 0 ? <strong class="bad">0</strong> : number(use.free)}</td>
      <td class="count">{number(use.size)}</td>
      <td class="count">{use.forecast.netUsePerDay.toFixed(2)}</td>
      <td>{typeof empty === 'string' ? empty : <Instant at={empty.at} />}</td>
    </>
  );
}
