import type { VNode } from 'preact';
import { Bars } from '../sparkline.js';
import { Age } from '../text.js';
import { type Overview, rateInWords } from './facts.js';

/** How the engine is: its rate, how far its map is, who is watched. */
export function Engine({ overview }: { readonly overview: Overview }): VNode {
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
