import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Empty, Loading, Trouble } from '../conditions.js';
import { DataTable } from '../data-table.js';
import { Freshness } from '../freshness.js';
import { pageOf, type Place } from '../place.js';
import { may } from '../session.js';
import '../style/overview.css';
import { Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { type DifferencePage as Page, listWords } from './facts.js';
import type { OverviewPlace } from './place.js';

type DifferencePlace = Extract<OverviewPlace, { view: 'difference' }>;

const limit = 200;

/** The servers behind one difference of the overview, each with why it is here. */
export function DifferencePage({ place: { list, cursor } }: { readonly place: DifferencePlace }): VNode {
  const { title, none } = listWords[list];
  useEffect(() => void (document.title = `${title} · portledger`), [title]);
  const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) });
  const path = `/v1/overview/${list}?${query}`;
  return <OpenList key={path} path={path} title={title} none={none} place={{ view: 'difference', list }} />;
}

interface ListProps {
  readonly path: string;
  readonly title: string;
  readonly none: string;
  readonly place: DifferencePlace;
}

function OpenList({ path, title, none, place }: ListProps): VNode {
  const { session } = useApp();
  const polled = usePolled((signal) => ask<Page>(path, { signal }), path);
  const { value, why, isRefused, again } = polled;
  const port: Place = { view: 'port', port: '' };
  const mayOpenPorts = may(session, pageOf(port).needs);
  return (
    <div class="port-page overview">
      <header>
        <h1>{title}</h1>
        {value !== undefined && <p class="about">{value.total.toLocaleString('en')} in all</p>}
        <Freshness polled={polled} />
      </header>
      <p class="about">
        <Link to={{ view: 'overview' }}>Back to the overview</Link>
      </p>
      {value === undefined && why === undefined && <Loading what="the list" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The list cannot be shown" detail={why} onRetry={isRefused ? undefined : again} />
      )}
      {value !== undefined && value.servers.length === 0 && (
        <Empty title="None">
          <p>{none}</p>
        </Empty>
      )}
      <DataTable
        label={title}
        columns={['Server', 'Customer', 'Port', 'VLAN', 'MAC', 'Why']}
        rows={value?.servers ?? []}
        keyOf={(_, line) => line}
        cells={(one) => (
          <>
            <td>{one.serverId !== undefined && <Name text={one.serverId} />}</td>
            <td>{one.customerId !== undefined && <Name text={one.customerId} />}</td>
            <td>
              {one.port !== undefined &&
                (mayOpenPorts ? (
                  <Link to={{ view: 'port', port: one.port }}>
                    <Name text={one.port} />
                  </Link>
                ) : (
                  <Name text={one.port} />
                ))}
            </td>
            <td>{one.vlan}</td>
            <td>{one.mac !== undefined && <Name text={one.mac} />}</td>
            <td class="why">
              <Name text={one.why} most={300} />
            </td>
          </>
        )}
      />
      {value?.next !== undefined && (
        <p class="foot">
          <Link to={{ ...place, cursor: value.next }}>The next {limit}</Link>
        </p>
      )}
    </div>
  );
}
