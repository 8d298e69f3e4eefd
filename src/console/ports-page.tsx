import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from './api.js';
import { useApp } from './app-context.js';
import { Empty, Loading, Trouble } from './conditions.js';
import { LongTable } from './long-table.js';
import type { MapPage } from './port-facts.js';
import { SearchForm } from './search-form.js';
import { Link, Name } from './text.js';
import { usePolled } from './use-polled.js';
import { inWords } from './violation.js';

const limit = 500;
const columns = [
  ['Port', 26],
  ['Server', 22],
  ['Customer', 22],
  ['VLAN', 8],
  ['State', 12],
  ['Link', 10],
] as const;

/** The ports that billing sold, and the way to any port by its name. */
export function PortsPage(): VNode {
  const { go } = useApp();
  useEffect(() => void (document.title = 'Ports · portledger'), []);
  const [text, setText] = useState('');
  const { value, why, again } = usePolled((signal) => ask<MapPage>(`/v1/map?limit=${limit}`, { signal }), 'ports');
  const wanted = text.trim().toLowerCase();
  const shown = (value?.bindings ?? []).filter(
    ({ port, serverId, customerId, mac }) =>
      port !== undefined &&
      [port, serverId, customerId, mac].some((one) => one?.toLowerCase().includes(wanted) === true),
  );
  const search = (): void => {
    const port = text.includes(':') ? text.trim() : shown[0]?.port;
    if (port !== undefined) go({ view: 'port', port });
  };
  return (
    <div class="port-page listing">
      <header>
        <h1>Ports</h1>
        <SearchForm
          label="Find a port"
          placeholder="switch:interface, server, customer, MAC"
          action="Go"
          text={text}
          onText={setText}
          onSearch={search}
        />
      </header>
      {value === undefined && why === undefined && <Loading what="the ports" />}
      {why !== undefined && <Trouble title="The map does not answer" detail={why} onRetry={again} />}
      {value !== undefined && shown.length === 0 && <NoPort isFiltered={wanted !== ''} />}
      <LongTable
        label="Ports sold"
        columns={columns}
        rows={shown}
        keyOf={({ serverId }) => serverId}
        cells={({ port = '', serverId, customerId, vlan, state, link }) => (
          <>
            <td>
              <Link to={{ view: 'port', port }}>
                <Name text={port} />
              </Link>
            </td>
            <td>
              <Name text={serverId} />
            </td>
            <td>{customerId !== undefined && <Name text={customerId} />}</td>
            <td>{vlan}</td>
            <td>{inWords(state)}</td>
            <td>{inWords(link)}</td>
          </>
        )}
      />
      {value?.next !== undefined && (
        <p class="foot">The first {limit} servers are listed; name any other port in the field above.</p>
      )}
    </div>
  );
}

function NoPort({ isFiltered }: { readonly isFiltered: boolean }): VNode {
  if (isFiltered) return <Empty title="No port fits" />;
  return (
    <Empty title="No port is sold">
      <p>What billing sells appears here by itself; the field above leads to any port by its name.</p>
    </Empty>
  );
}
