import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, post } from '../api.js';
import { useApp } from '../app-context.js';
import { Loading, Trouble } from '../conditions.js';
import { Fact, Section } from '../detail-sections.js';
import { FormDialog } from '../form-dialog.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import '../style/log.css';
import { Instant, Link, Name } from '../text.js';
import { type Polled, usePolled } from '../use-polled.js';
import { checkpointOf } from './event-words.js';
import type { Counted } from './counted.js';
import { useCounts } from './log-counts.js';

interface NamedEvent {
  readonly id: string;
  readonly ordinal: number;
  readonly type: string;
  readonly recordedAt: string;
}

interface Parked {
  readonly stream: string;
  readonly parked: NamedEvent;
  readonly reason: string;
  readonly held: number;
}

interface State {
  readonly parked: readonly Parked[] | undefined;
  readonly tree: { readonly logId: string; readonly size: number; readonly root: string; readonly checkpoint?: string };
  readonly health: { readonly ok: boolean; readonly readOnly: boolean; readonly detail: string };
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
            <ParkedEvents streams={value.parked} polled={polled} />
            <Verified state={value} />
          </div>
          <Streams counted={counted} />
        </div>
      )}
    </div>
  );
}

interface ParkedProps {
  readonly streams: readonly Parked[] | undefined;
  readonly polled: Polled<State>;
}

function ParkedEvents({ streams, polled }: ParkedProps): VNode {
  const [skipping, setSkipping] = useState<Parked>();
  return (
    <Section title="Parked events">
      {streams === undefined && <p class="none">Shown to operators and auditors.</p>}
      {streams?.length === 0 && <p class="none">None: every event can be read, and no stream is frozen.</p>}
      {streams?.map((one) => (
        <ParkedEvent key={`${one.stream} ${one.parked.id}`} one={one} onSkip={() => setSkipping(one)} />
      ))}
      {skipping !== undefined && (
        <SkipDialog one={skipping} onClose={() => setSkipping(undefined)} onDone={polled.again} />
      )}
    </Section>
  );
}

function ParkedEvent({ one, onSkip }: { readonly one: Parked; readonly onSkip: () => void }): VNode {
  const { session, say } = useApp();
  const { stream, parked, reason, held } = one;
  const path = `/v1/parked/${encodeURIComponent(stream)}`;
  const retry = async (): Promise<void> => {
    try {
      const answer = await post<{ readable: boolean; reason?: string }>(`${path}/retry`);
      if (answer.readable) say('The installed code can read it: restart the engine to fold it.');
      else say(`Still unreadable: ${shortText(answer.reason ?? '', 200)}`, 'failed');
    } catch (error) {
      say(`Not asked: ${error instanceof Error ? error.message : String(error)}`, 'failed');
    }
  };
  return (
    <article class="log-parked" aria-label={`Parked in ${shortText(stream, 60)}`}>
      <p>
        <Link to={{ view: 'log', ordinal: parked.ordinal }}>
          #{parked.ordinal} <Name text={parked.type} />
        </Link>{' '}
        in{' '}
        <Link to={{ view: 'log', stream }}>
          <Name text={stream} />
        </Link>
        , recorded <Instant at={parked.recordedAt} />
      </p>
      <p class="problem">
        <Name text={reason} most={300} />
      </p>
      <p class="none">
        {held === 0 ? 'No later event waits behind it.' : `${held} later events of the stream wait behind it.`} Its last
        good state stays on the devices.
      </p>
      <div class="buttons">
        {may(session, 'POST /v1/parked/{}/retry') && (
          <button type="button" onClick={() => void retry()}>
            Read it again
          </button>
        )}
        {may(session, 'POST /v1/parked/{}/skip') && (
          <button type="button" onClick={onSkip}>
            Skip it…
          </button>
        )}
      </div>
    </article>
  );
}

interface SkipProps {
  readonly one: Parked;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function SkipDialog({ one: { stream, parked, held }, onClose, onDone }: SkipProps): VNode {
  const { say } = useApp();
  const [reason, setReason] = useState('');
  const skip = async (): Promise<void> => {
    const body = { eventId: parked.id, reason: reason.trim() };
    await post(`/v1/parked/${encodeURIComponent(stream)}/skip`, body);
    say(`#${parked.ordinal} is skipped: the stream is read on.`);
    onDone();
  };
  return (
    <FormDialog
      title={`Skip #${parked.ordinal}`}
      label="Skip it"
      isReady={reason.trim() !== ''}
      onDo={skip}
      onClose={onClose}
    >
      <p class="explains">
        It stays in the log and never counts.{' '}
        {held === 0 ? 'Nothing waits behind it.' : `${held} held events are folded.`} What that changes on the map
        reaches the devices.
      </p>
      <label>
        Why it is passed over
        <textarea
          data-first
          rows={3}
          maxLength={500}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}

function Streams({ counted }: { readonly counted: Counted | undefined }): VNode {
  if (counted === undefined)
    return (
      <Section title="Streams">
        <Loading what="the counts" />
      </Section>
    );
  const { size, counted: done, beginnings, types } = counted;
  return (
    <>
      <Section title="Streams">
        <p class="about" role="status">
          {done < size
            ? `${done.toLocaleString('en')} of ${size.toLocaleString('en')} events are counted so far.`
            : `${size.toLocaleString('en')} events.`}
        </p>
        <Counts
          name="Beginning"
          rows={beginnings.map(({ beginning, events }) => ({
            ...{ name: beginning, events },
            to: beginning.endsWith('-')
              ? { view: 'log' as const, beginning }
              : { view: 'log' as const, stream: beginning },
          }))}
        />
      </Section>
      <Section title="Types">
        <Counts
          name="Type"
          rows={types.map(({ type, events }) => ({ name: type, events, to: { view: 'log' as const, type } }))}
        />
      </Section>
    </>
  );
}

interface CountRow {
  readonly name: string;
  readonly events: number;
  readonly to: { readonly view: 'log' };
}

function Counts({ name, rows }: { readonly name: string; readonly rows: readonly CountRow[] }): VNode {
  return (
    <table class="log-counts">
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">Events</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>
              <Link to={row.to}>
                <Name text={row.name} most={60} />
              </Link>
            </td>
            <td>{row.events.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Verified({ state: { tree, health } }: { readonly state: State }): VNode {
  const checkpoint = checkpointOf(tree.checkpoint);
  return (
    <Section title="Proof">
      <dl class="facts">
        <Fact name="Log">
          <span class="code">
            <Name text={tree.logId} />
          </span>
        </Fact>
        <Fact name="Size">{tree.size.toLocaleString('en')} events</Fact>
        <Fact name="Root">
          <span class="code">
            <Name text={tree.root} />
          </span>
        </Fact>
        <Fact name="Checkpoint">
          {checkpoint === undefined ? (
            'None was signed yet.'
          ) : (
            <>
              over {checkpoint.size.toLocaleString('en')} events, signed by <Name text={checkpoint.origin} />;{' '}
              {(tree.size - checkpoint.size).toLocaleString('en')} events came since
            </>
          )}
        </Fact>
        <Fact name="Storage">
          <span class={health.ok ? 'log-proved' : 'problem'}>{health.ok ? '✓ as written' : '✕ not as written'}</span>
          {health.readOnly && <span class="tag">takes nothing now</span>}
        </Fact>
        <Fact name="Verified">
          <Name text={health.detail} most={400} />
        </Fact>
      </dl>
      {tree.checkpoint !== undefined && (
        <details>
          <summary>The signed checkpoint</summary>
          <pre class="code log-raw" tabIndex={0} aria-label="The signed checkpoint">
            {tree.checkpoint
              .split('\n')
              .map((line) => shortText(line, 400))
              .join('\n')}
          </pre>
        </details>
      )}
      <p class="none">
        To check it yourself: <span class="code">portledger audit verify</span>
      </p>
    </Section>
  );
}
