import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Empty, Loading, Trouble } from '../conditions.js';
import { Fact, Section } from '../detail-sections.js';
import type { FindPlace } from '../find/find-place.js';
import type { Standing } from '../find/found.js';
import { RenumberingsOf } from '../renumberings/renumberings-of.js';
import { renumberingsPage } from '../renumberings/renumberings-place.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { type ChainFact, type EntityFacts, mayAskLog, readEntity } from './entity.js';
import { EventLink } from './event-link.js';
import { PairFact } from './pair.js';
import { TimeLine } from './time-line.js';

type EntityPlace = Extract<FindPlace, { view: 'entity' }>;

const kindNames = {
  address: 'Address',
  prefix: 'Prefix',
  mac: 'MAC',
  server: 'Server',
  customer: 'Customer',
} as const;
/** Every read of the log is recorded, so it is not read again by itself. */
const never = 2 ** 30;

/** One thing: where it stands now, who had it when, and the events that made it so. */
export function EntityPage({ place }: { readonly place: EntityPlace }): VNode {
  const { kind, name, knownAt } = place;
  useEffect(() => void (document.title = `${shortText(name, 60)} · portledger`), [name]);
  return <OpenEntity key={`${kind} ${name} ${knownAt ?? ''}`} place={place} />;
}

function OpenEntity({ place }: { readonly place: EntityPlace }): VNode {
  const { session } = useApp();
  const { kind, name, knownAt } = place;
  const { value, why, again } = usePolled(
    (signal) => readEntity({ kind, name, knownAt }, session, signal),
    `${kind} ${name}`,
    never,
  );
  return (
    <div class="port-page">
      <header>
        <h1>
          {kindNames[kind]} <Name text={name} />
        </h1>
        <button type="button" onClick={again}>
          Read again
        </button>
      </header>
      {value === undefined && why === undefined && <Loading what="what is known of it" />}
      {why !== undefined && <Trouble title="It cannot be shown" detail={why} onRetry={again} />}
      {value !== undefined && <Facts place={place} facts={value} />}
    </div>
  );
}

function Facts({ place, facts }: { readonly place: EntityPlace; readonly facts: EntityFacts }): VNode {
  const { session } = useApp();
  const { hit, intervals, chain, servers, pair } = facts;
  const isLogged = place.kind !== 'customer';
  return (
    <div class="entity">
      <Section title="Now">
        {hit === undefined && <p class="none">The map does not have it now.</p>}
        {hit !== undefined && (
          <dl class="facts">
            {hit.now.map((one) => (
              <Fact key={`${one.role} ${one.server ?? one.port ?? one.switch}`} name={roleNames[one.role] ?? one.role}>
                <Who standing={one} />
              </Fact>
            ))}
            {hit.now.length === 0 && <Fact name="Has it">nobody</Fact>}
            {hit.past.map((one) => (
              <Fact key={`${one.server} ${one.until}`} name="Before">
                <Who standing={one} />
              </Fact>
            ))}
            {pair !== undefined && <PairFact pair={pair} />}
          </dl>
        )}
        {servers.length > 0 && (
          <ul class="plain hits">
            {servers.map(({ serverId, port, state }) => (
              <li key={serverId}>
                <Link to={{ view: 'entity', kind: 'server', name: serverId }}>
                  <Name text={serverId} />
                </Link>{' '}
                {port !== undefined && (
                  <Link to={{ view: 'port', port }}>
                    <Name text={port} />
                  </Link>
                )}{' '}
                {shortText(state)}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {place.kind === 'server' && may(session, renumberingsPage.needs) && <RenumberingsOf serverId={place.name} />}
      {isLogged && !mayAskLog(session) && (
        <Empty title="Its history is not for your roles">
          <p>Who had it when is answered from the log, and needs the role auditor. Above is what the map says now.</p>
        </Empty>
      )}
      {intervals !== undefined && (
        <Section title="Who had it when">
          <KnownAt place={place} />
          {intervals.length === 0 ? (
            <p class="none">Nobody was sold it, as far as is known.</p>
          ) : (
            <TimeLine intervals={intervals} />
          )}
        </Section>
      )}
      {chain.length > 0 && <Chain chain={chain} />}
    </div>
  );
}

const roleNames: Readonly<Record<string, string>> = {
  holder: 'Has it',
  waiting: 'Waits for it',
  beside: 'May speak with it',
  seen: 'Heard at',
  gateway: 'Gateway of',
};

function Who({
  standing: { server, customer, port, switch: name, state, until },
}: {
  readonly standing: Standing;
}): VNode {
  return (
    <>
      {server !== undefined && (
        <Link to={{ view: 'entity', kind: 'server', name: server }}>
          <Name text={server} />
        </Link>
      )}{' '}
      {customer !== undefined && (
        <Link to={{ view: 'entity', kind: 'customer', name: customer }}>
          <Name text={customer} />
        </Link>
      )}{' '}
      {port !== undefined && (
        <Link to={{ view: 'port', port }}>
          <Name text={port} />
        </Link>
      )}
      {port === undefined && name !== undefined && <Name text={name} />} {state !== undefined && shortText(state)}
      {until !== undefined && (
        <>
          {' '}
          until <Instant at={until} />
        </>
      )}
    </>
  );
}

/** The other axis: what had been told by a moment. */
function KnownAt({ place }: { readonly place: EntityPlace }): VNode {
  const { go } = useApp();
  const { kind, name, knownAt } = place;
  const [text, setText] = useState(knownAt ?? '');
  const submit = (event: Event): void => {
    event.preventDefault();
    const wanted = text.trim();
    go({ view: 'entity', kind, name, ...(wanted === '' ? {} : { knownAt: wanted }) });
  };
  return (
    <form class="known-at" onSubmit={submit}>
      <label>
        As known at{' '}
        <input
          type="text"
          value={text}
          placeholder="today; or 2026-01-31T03:14:00Z, or #1200"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button>Show</button>
    </form>
  );
}

function Chain({ chain }: { readonly chain: readonly ChainFact[] }): VNode {
  return (
    <Section title="Why: events, and what they did to devices">
      <ul class="plain hits">
        {chain.map(({ fact, effect, lines }) => (
          <li key={fact.ordinal}>
            <EventLink fact={fact} /> {shortText(effect)}
            {lines.length > 0 && (
              <ul class="lines">
                {lines.map(({ device, line, outcome }, index) => (
                  <li key={index}>
                    <Name text={device} /> <code>{shortText(line, 200)}</code> {shortText(outcome)}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
