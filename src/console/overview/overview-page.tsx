import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Freshness } from '../freshness.js';
import { pageOf, placeOf } from '../place.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Bars } from '../sparkline.js';
import '../style/overview.css';
import { Age, Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { inWords } from '../violation.js';
import { type Attention, listWords, type Overview, type OverviewDevice, rateInWords } from './facts.js';
import type { List } from './place.js';

/** What is billed, seen and pushed, what needs a human now, and how the engine is: the page to begin the day with. */
export function OverviewPage(): VNode {
  useEffect(() => void (document.title = 'Overview · portledger'), []);
  const polled = usePolled((signal) => ask<Overview>('/v1/overview', { signal }), 'overview');
  const { value, why, again } = polled;
  return (
    <div class="port-page overview">
      <header>
        <h1>Overview</h1>
        <Freshness polled={polled} />
      </header>
      {value === undefined && why === undefined && <Loading what="the overview" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The overview does not answer" detail={why} onRetry={again} />
      )}
      {value !== undefined && (
        <>
          <Numbers overview={value} />
          <div class="overview-panes">
            <Waiting attention={value.attention} />
            <Engine overview={value} />
          </div>
          <Devices devices={value.devices} />
        </>
      )}
    </div>
  );
}

function Numbers({ overview: { counts, counting } }: { readonly overview: Overview }): VNode {
  if (counts === undefined) {
    const { counted = 0, rows = 0 } = counting ?? {};
    return (
      <p class="numbers counting" role="status">
        Counting the servers: {counted.toLocaleString('en')} of {rows.toLocaleString('en')}…
      </p>
    );
  }
  const of = (list: List): VNode => <Gap list={list} count={counts.differences[list]} />;
  return (
    <section class="numbers" aria-label="Servers">
      <Number name="Billed" meaning="servers sold now" value={counts.billed} />
      <Number name="Seen" meaning="MACs on a port" value={counts.seen}>
        {of('billed-not-seen')}
        {of('seen-not-billed')}
      </Number>
      <Number name="Pushed" meaning="servers whole on their devices" value={counts.pushed}>
        {of('billed-not-pushed')}
        {of('pushed-not-billed')}
      </Number>
    </section>
  );
}

interface NumberProps {
  readonly name: string;
  readonly meaning: string;
  readonly value: number;
  readonly children?: preact.ComponentChildren;
}

function Number({ name, meaning, value, children }: NumberProps): VNode {
  return (
    <div class="number">
      <h2>{name}</h2>
      <p class="count">{value.toLocaleString('en')}</p>
      <p class="about">{meaning}</p>
      {children !== undefined && <ul class="plain">{children}</ul>}
    </div>
  );
}

function Gap({ list, count }: { readonly list: List; readonly count: number }): VNode {
  return (
    <li class={count === 0 ? 'even' : 'gap'}>
      <Link to={{ view: 'difference', list }}>
        <span aria-hidden="true">{count === 0 ? '✓' : '≠'}</span> {count.toLocaleString('en')}{' '}
        {listWords[list].title.toLowerCase()}
      </Link>
    </li>
  );
}

function Waiting({ attention }: { readonly attention: readonly Attention[] }): VNode {
  return (
    <section aria-label="Needs a human now">
      <h2>Needs a human now</h2>
      {attention.length === 0 ? (
        <p class="none">Nothing. What does appears here by itself.</p>
      ) : (
        <ul class="attention">
          {attention.map((one) => (
            <li key={one.text} class={one.urgency}>
              <span class="mark" aria-hidden="true">
                {one.urgency === 'now' ? '!' : '·'}
              </span>
              <Sign attention={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A link where the page is there and is for this reader. */
function Sign({ attention: { text, page } }: { readonly attention: Attention }): VNode {
  const { session } = useApp();
  const { pathname, search } = new URL(`/console/${page}`, location.origin);
  const place = placeOf(pathname, search);
  if (place === undefined || place.view === 'overview' || !may(session, pageOf(place).needs))
    return <Name text={text} most={400} />;
  return (
    <Link to={place}>
      <Name text={text} most={400} />
    </Link>
  );
}

function Engine({ overview }: { readonly overview: Overview }): VNode {
  const { live, lagEvents, eventsPerMinute, coverage, devices } = overview;
  const drifts = devices.flatMap(({ drift }) => drift.since ?? []).sort();
  const reconciles = devices.flatMap(({ lastReconcile }) => lastReconcile?.at ?? []).sort();
  const [drift] = drifts;
  const reconciled = reconciles.at(-1);
  return (
    <section aria-label="Engine">
      <h2>Engine</h2>
      <p class="rate">
        <Bars frames={eventsPerMinute} />
        <span>{rateInWords(eventsPerMinute)}</span>
      </p>
      <dl class="facts">
        <div>
          <dt>Map</dt>
          <dd>{live ? lagInWords(lagEvents) : 'the log is being replayed'}</dd>
        </div>
        <div>
          <dt>Watched</dt>
          <dd>
            {coverage === undefined
              ? 'being counted'
              : `${coverage.watched.toLocaleString('en')} of ${coverage.soldPorts.toLocaleString('en')} sold ports` +
                (coverage.silent > 0 ? `, ${coverage.silent.toLocaleString('en')} by a silent sensor` : '')}
          </dd>
        </div>
        <div>
          <dt>Drift</dt>
          <dd>{drift === undefined ? 'none' : <>the oldest for {<Age at={drift} />}</>}</dd>
        </div>
        <div>
          <dt>Reconciled</dt>
          <dd>{reconciled === undefined ? 'never wrote' : <>{<Age at={reconciled} />} ago</>}</dd>
        </div>
      </dl>
    </section>
  );
}

function lagInWords(lagEvents: number | undefined): string {
  if (lagEvents === undefined) return 'the log does not answer';
  if (lagEvents === 0) return 'live, nothing behind the log';
  return `${lagEvents.toLocaleString('en')} ${lagEvents === 1 ? 'event' : 'events'} behind the log`;
}

function Devices({ devices }: { readonly devices: readonly OverviewDevice[] }): VNode {
  if (devices.length === 0)
    return <p class="none">This engine drives no device: name some under gateways in its configuration.</p>;
  return (
    <section aria-label="Devices">
      <h2>Devices</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Devices">
        <table>
          <thead>
            <tr>
              {['Device', 'Mode', 'State', 'Plan', 'Drift', 'Reconciled'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {devices.map(({ device, mode, state, isFrozen, plan, drift, lastReconcile }) => (
              <tr key={device}>
                <td>
                  <Name text={device} />
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
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
