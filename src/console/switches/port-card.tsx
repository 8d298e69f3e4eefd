import type { VNode } from 'preact';
import { Fact } from '../detail-sections.js';
import { memo } from '../memo.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import type { FrontPort } from './front.js';
import { symbols, titles } from './port-states.js';

/** What is known of the port that is pointed at: whose it is, and why it is in its state. */
export const PortCard = memo(({ port }: { readonly port: FrontPort }): VNode => {
  const { servers, moreServers, violationId } = port;
  return (
    <section class="port-card" aria-label="Port">
      <h2>
        <Link to={{ view: 'port', port: port.port }}>
          <Name text={port.port} />
        </Link>
        <span class={`port-state ${port.state}`}>
          <span aria-hidden="true">{symbols[port.state]}</span> {titles[port.state]}
        </span>
      </h2>
      <p class="sentence">
        {shortText(port.why, 300)}
        {violationId !== undefined && (
          <>
            {' · '}
            <Link to={{ view: 'feed', filter: { port: port.port }, open: violationId }}>the violation</Link>
          </>
        )}
      </p>
      {port.also.map(({ state, why }) => (
        <p key={state} class="also">
          also {titles[state]}: {shortText(why, 200)}
        </p>
      ))}
      <dl class="facts">
        <Fact name="Link">{port.link}</Fact>
        {servers.length === 0 && <Fact name="Server">none is sold here</Fact>}
        {servers.map(({ serverId, state, customerId, vlan, mac, addresses, moreAddresses }) => (
          <Fact key={serverId} name="Server">
            <Name text={serverId} /> {state !== 'active' && <em>{state}</em>}
            {customerId !== undefined && (
              <>
                {' of '}
                <Name text={customerId} />
              </>
            )}
            {vlan !== undefined && `, VLAN ${vlan}`}
            {mac !== undefined && (
              <>
                {', '}
                <Name text={mac} />
              </>
            )}
            <span class="addresses">
              {addresses.map((address) => (
                <Name key={address} text={address} />
              ))}
              {moreAddresses !== undefined && `and ${moreAddresses} more`}
            </span>
          </Fact>
        ))}
        {moreServers !== undefined && <Fact name="">and {moreServers} more servers</Fact>}
      </dl>
    </section>
  );
});
