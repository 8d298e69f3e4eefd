import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { post } from '../api.js';
import { useApp } from '../app-context.js';
import { Section } from '../detail-sections.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import type { Parked } from './parked.js';
import { SkipDialog } from './skip-dialog.js';

interface ParkedProps {
  /** Undefined where this reader may not see them. */
  readonly streams: readonly Parked[] | undefined;
  /** Reads them again. */
  readonly again: () => void;
}

/** What cannot be read, and what an operator may do about it. */
export function ParkedEvents({ streams, again }: ParkedProps): VNode {
  const [skipping, setSkipping] = useState<Parked>();
  return (
    <Section title="Parked events">
      {streams === undefined && <p class="none">Shown to operators and auditors.</p>}
      {streams?.length === 0 && <p class="none">None: every event can be read, and no stream is frozen.</p>}
      {streams?.map((one) => (
        <ParkedEvent key={`${one.stream} ${one.parked.id}`} one={one} onSkip={() => setSkipping(one)} />
      ))}
      {skipping !== undefined && <SkipDialog one={skipping} onClose={() => setSkipping(undefined)} onDone={again} />}
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
