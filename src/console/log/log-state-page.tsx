import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { may } from '../session.js';
import '../style/log.css';
import { Link } from '../text.js';
import { usePolled } from '../use-polled.js';
import { Streams } from './log-counts-tables.js';
import { useCounts } from './log-counts.js';
import { LogProof, type Proved } from './log-proof.js';
import { ParkedEvents } from './parked-events.js';
import type { Parked } from './parked.js';

interface State extends Proved {
  readonly parked: readonly Parked[] | undefined;
}

/** What the log is made of, what cannot be read in it, and what is proved of it. */
export function LogStatePage(): VNode {
  const { session } = useApp();
  useEffect(() => void (document.title = 'Streams, parked, proof · portledger'), []);
  const mayPark = may(session, 'GET /v1/parked');
  const polled = usePolled<State>(async (signal) => {
    const [parked, tree, health] = await Promise.all([
      mayPark ? ask<{ streams: Parked[] }>('/v1/parked', { signal }) : undefined,
      ask<State['tree']>('/v1/audit/tree', { signal }),
      ask<State['health']>('/v1/log/health', { signal }),
    ]);
    return { parked: parked?.streams, tree, health };
  }, 'log-state');
  const counted = useCounts(1);
  const { value, why } = polled;
  return (
    <div class="port-page log-state">
      <header>
        <h1>Streams, parked, proof</h1>
        <Link to={{ view: 'log' }}>All events</Link>
        {value !== undefined && why !== undefined && (
          <p class="connection offline" role="alert">
            <span class="lamp" aria-hidden="true" /> {why}
          </p>
        )}
      </header>
      {value === undefined && why === undefined && <Loading what="the state of the log" />}
      {value === undefined && why !== undefined && (
        <Trouble title="The log is not shown" detail={why} onRetry={polled.again} />
      )}
      {value !== undefined && (
        <div class="log-state-panes">
          <div>
            <ParkedEvents streams={value.parked} again={polled.again} />
            <LogProof proved={value} />
          </div>
          <Streams counted={counted} />
        </div>
      )}
    </div>
  );
}
