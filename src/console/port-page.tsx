import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useApp } from './app-context.js';
import { Empty, Loading, Trouble } from './conditions.js';
import { DataTable } from './data-table.js';
import { Fact, Section } from './detail-sections.js';
import { Freshness } from './freshness.js';
import { Severity, State } from './marks.js';
import { type Binding, type EntryLine, entryLines, type OnDevice, type PortEvent } from './port-facts.js';
import { readPort } from './read-port.js';
import type { PortsPlace } from './ports-place.js';
import { shortText } from './shown-text.js';
import { Age, Instant, Link, Name } from './text.js';
import { usePolled } from './use-polled.js';
import { inWords, ruleTitle, type Violation } from './violation.js';

type PortPlace = Extract<PortsPlace, { view: 'port' }>;

/** One port: whose it is, what the switch should hold for it and holds, what happened, what was heard. */
export function PortPage({ place: { port } }: { readonly place: PortPlace }): VNode {
  useEffect(() => void (document.title = `${shortText(port, 60)} · portledger`), [port]);
  return <OpenPort key={port} port={port} />;
}

function OpenPort({ port }: { readonly port: string }): VNode {
  const { session, place, go } = useApp();
  const polled = usePolled((signal) => readPort(port, session, signal), port);
  const { value, why } = polled;
  useEffect(() => {
    const back = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && place.view === 'port') history.back();
    };
    document.addEventListener('keydown', back);
    return () => document.removeEventListener('keydown', back);
  }, [place, go]);
  return (
    <div class="port-page">
      <header>
        <h1>
          <Name text={port} />
        </h1>
        {value !== undefined && <p class="link-state">link {shortText(value.link, 200)}</p>}
        <Freshness polled={polled} />
      </header>
      {value === undefined && why === undefined && <Loading what="the port" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The port cannot be shown" detail={why} onRetry={polled.isRefused ? undefined : polled.again}>
          {polled.isRefused && (
            <p>
              <Link to={{ view: 'ports' }}>Find the port by its name</Link>
            </p>
          )}
        </Trouble>
      )}
      {value !== undefined && (
        <div class="port-panes">
          {value.servers.length === 0 && (
            <Empty title="Nobody">
              <p>Billing sold no server at this port. What speaks here all the same is a violation.</p>
            </Empty>
          )}
          {value.servers.map(({ binding, status }) => (
            <article key={binding.serverId} aria-label={`Server ${binding.serverId}`}>
              <Server binding={binding} />
              {status?.devices.map((device) => (
                <Entries key={device.device} device={device} />
              ))}
            </article>
          ))}
          <div class="happened">
            {value.violations !== undefined && <Violations violations={value.violations} port={port} />}
            <Events events={value.events} />
          </div>
        </div>
      )}
    </div>
  );
}

function Server({ binding }: { readonly binding: Binding }): VNode {
  const { serverId, state, customerId, vlan, mac, otherMacs, linkLocal, addresses, prefixes, conflicts } = binding;
  return (
    <Section title={`Server ${shortText(serverId)}`}>
      <dl class="facts">
        <Fact name="Server">
          <Link to={{ view: 'entity', kind: 'server', name: serverId }}>
            <Name text={serverId} />
          </Link>
        </Fact>
        <Fact name="State">{inWords(state)}</Fact>
        <Fact name="Customer">
          {customerId === undefined ? (
            'not told'
          ) : (
            <Link to={{ view: 'entity', kind: 'customer', name: customerId }}>
              <Name text={customerId} />
            </Link>
          )}
        </Fact>
        <Fact name="VLAN">{vlan ?? 'not told'}</Fact>
        <Fact name="MAC">{mac === undefined ? 'not told' : <Name text={mac} />}</Fact>
        {otherMacs.length > 0 && <Fact name="Also allowed">{shortText(otherMacs.join(', '), 400)}</Fact>}
        <Fact name="Link-local">{shortText(linkLocal ?? 'none')}</Fact>
        <Fact name="Addresses">
          <List
            items={[
              ...addresses.map(({ address, heldBy }) => heldText(address, heldBy)),
              ...prefixes.map(({ prefix, heldBy }) => heldText(prefix, heldBy)),
            ]}
          />
        </Fact>
        {conflicts.length > 0 && (
          <Fact name="Waits for">
            <List items={conflicts.map(({ claim, holder }) => `${claim}, held by ${holder}`)} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

const heldText = (what: string, heldBy: string | undefined): string =>
  heldBy === undefined ? what : `${what} (held by ${heldBy})`;

function List({ items }: { readonly items: readonly string[] }): VNode {
  if (items.length === 0) return <span class="none">none</span>;
  return (
    <ul class="plain">
      {items.map((item) => (
        <li key={item}>
          <Name text={item} />
        </li>
      ))}
    </ul>
  );
}

function Entries({ device }: { readonly device: OnDevice }): VNode {
  const lines = entryLines(device);
  const about = device.confirmed ? 'read back and as it should be' : `${device.state}, not confirmed`;
  return (
    <Section title={`On ${shortText(device.device)}`}>
      <p class="about">{shortText(`${device.mode}; ${about}`)}</p>
      <DataTable
        label={`Entries on ${device.device}`}
        columns={['Desired', 'Actual']}
        rows={lines}
        keyOf={({ line }) => line}
        cells={(entry) => (
          <>
            <td class="code">
              <Name text={entry.line} most={160} />
            </td>
            <td>
              <Actual entry={entry} />
            </td>
          </>
        )}
      />
    </Section>
  );
}

const actualMarks: Readonly<Record<EntryLine['actual'], string>> = {
  there: '✓',
  missing: '✕',
  'another MAC': '≠',
  'to go': '−',
  'not announced': '‖',
  withheld: '‖',
};

function Actual({ entry: { actual, reason } }: { readonly entry: EntryLine }): VNode {
  return (
    <span class={`actual ${actual.replaceAll(' ', '-')}`}>
      <span aria-hidden="true">{actualMarks[actual]}</span> {actual}
      {reason !== undefined && `: ${shortText(reason, 200)}`}
    </span>
  );
}

function Events({ events }: { readonly events: readonly PortEvent[] }): VNode {
  return (
    <Section title="Last events">
      {events.length === 0 ? (
        <p class="none">Nothing is stored of this port that you may read.</p>
      ) : (
        <ol class="history">
          {events.map(({ ordinal, type, time, effect }) => (
            <li key={ordinal}>
              <Instant at={time} /> <strong>{inWords(type)}</strong>
              {effect !== undefined && effect !== 'applied' && <span class="tag">{inWords(effect)}</span>}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Violations(props: { readonly violations: readonly Violation[]; readonly port: string }): VNode {
  const { violations, port } = props;
  return (
    <Section title="Violations">
      {violations.length === 0 ? (
        <p class="none">Nothing was heard here that billing did not sell.</p>
      ) : (
        <ul class="violations">
          {violations.map(({ violationId, severity, rule, claimedAddress, claimedMac, lastSeen, state }) => (
            <li key={violationId}>
              <Link to={{ view: 'feed', filter: { port }, open: violationId }}>
                <Severity name={severity} /> {ruleTitle(rule)} <Name text={claimedAddress ?? claimedMac} />
              </Link>
              <span class="after">
                <State name={state} /> <Age at={lastSeen} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
