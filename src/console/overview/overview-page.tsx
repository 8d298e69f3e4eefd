import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Freshness } from '../freshness.js';
import { pageOf, placeOf } from '../place.js';
import { may } from '../session.js';
import '../style/overview.css';
import { Link, Name } from '../text.js';
import { usePolled } from '../use-polled.js';
import { DeviceList } from './device-list.js';
import { Engine } from './engine-section.js';
import type { Attention, Overview } from './facts.js';
import { Numbers } from './numbers.js';

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
          <DeviceList devices={value.devices} />
        </>
      )}
    </div>
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
