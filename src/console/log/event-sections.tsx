import type { VNode } from 'preact';
import { Fact, Section } from '../detail-sections.js';
import { age } from '../instant.js';
import type { Place } from '../place.js';
import { shownText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { EventJson } from './event-json.js';
import { factsOf, latenessOf } from './event-words.js';
import type { EventsPlace } from './log-place.js';
import type { Named, Opened } from './opened-event.js';

/** What an event says, what led to it and what it led to, and how it is proved. */
export function EventSections({ opened, place }: { readonly opened: Opened; readonly place: EventsPlace }): VNode {
  const { event, causes, effects, whole, lookedTo } = opened;
  const { metadata, unreadable } = event;
  const late = latenessOf(event);
  const about = subjectOf(event.stream);
  return (
    <>
      <p class="sentence">
        <strong>
          <Name text={event.type} />
        </strong>{' '}
        in{' '}
        <Link to={{ view: 'log', stream: event.stream }}>
          <Name text={event.stream} />
        </Link>
        {about !== undefined && (
          <>
            {' · '}
            <Link to={about.to}>{about.name}</Link>
          </>
        )}
      </p>
      {unreadable !== undefined && (
        <p class="problem">
          It cannot be read: <Name text={unreadable} most={300} />
        </p>
      )}
      <dl class="facts">
        <Fact name="Became true">
          <Instant at={String(metadata?.time ?? '')} />
        </Fact>
        <Fact name="Recorded">
          <Instant at={String(metadata?.recordedAt ?? '')} />
          {late !== undefined && late > 300_000 && (
            <span class="tag">told {age(String(metadata?.time), Date.parse(String(metadata?.recordedAt)))} late</span>
          )}
        </Fact>
        <Fact name="By">
          <Link to={{ view: 'log', source: String(metadata?.source ?? '') }}>
            <Name text={String(metadata?.source ?? '')} />
          </Link>
        </Fact>
        <Fact name="Id">
          <span class="code">
            <Name text={event.id} />
          </span>
        </Fact>
      </dl>
      <Section title="Says">
        <dl class="facts">
          {factsOf(event).map(({ name, text }) => (
            <Fact key={name} name={shownText(name).slice(0, 60)}>
              <Name text={text} most={500} />
            </Fact>
          ))}
        </dl>
      </Section>
      <Chain title="Caused by" events={causes} place={place} none="It names no other event as its cause." />
      <Chain
        title="Led to"
        events={effects}
        place={place}
        none={whole ? 'Nothing that the log holds.' : `Nothing up to #${lookedTo}, and no line on a device.`}
      />
      <Proof opened={opened} />
      <EventJson event={event} />
    </>
  );
}

interface ChainProps {
  readonly title: string;
  readonly events: readonly Named[];
  readonly place: EventsPlace;
  readonly none: string;
}

function Chain({ title, events, place, none }: ChainProps): VNode {
  return (
    <Section title={title}>
      {events.length === 0 && <p class="none">{none}</p>}
      <ol class="history">
        {events.map(({ ordinal, type, stream, time, lines }) => (
          <li key={ordinal}>
            <Instant at={time} />
            <Link to={{ ...place, ordinal }}>
              #{ordinal} <Name text={type} />
            </Link>{' '}
            <span class="none">
              <Name text={stream} />
            </span>
            {lines !== undefined && <span class="tag">{lines === 1 ? '1 line' : `${lines} lines`}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Proof({ opened: { event, checkpoint } }: { readonly opened: Opened }): VNode {
  const isIn = checkpoint !== undefined && event.ordinal < checkpoint.size;
  return (
    <Section title="Proof">
      <p>
        {checkpoint === undefined &&
          'No checkpoint was signed yet: this engine has no signing key, or no time came for it.'}
        {checkpoint !== undefined && isIn && (
          <>
            <span class="log-proved" aria-hidden="true">
              ✓
            </span>{' '}
            In the checkpoint over {checkpoint.size.toLocaleString('en')} events, signed by{' '}
            <Name text={checkpoint.origin} />.
          </>
        )}
        {checkpoint !== undefined && !isIn && (
          <>
            Not in a checkpoint yet: the last one is over {checkpoint.size.toLocaleString('en')} events, signed by{' '}
            <Name text={checkpoint.origin} />.
          </>
        )}
      </p>
      <p class="none">
        To check it yourself: <span class="code">portledger audit prove '#{event.ordinal}'</span>
      </p>
    </Section>
  );
}

/** The page about what a stream is of, where there is one. */
function subjectOf(stream: string): { readonly name: string; readonly to: Place } | undefined {
  const after = (beginning: string): string | undefined =>
    stream.startsWith(beginning) && stream.length > beginning.length ? stream.slice(beginning.length) : undefined;
  const [port, violation] = [after('port-'), after('violation-')];
  if (port !== undefined) return { name: 'the port', to: { view: 'port', port } };
  if (violation !== undefined) return { name: 'the violation', to: { view: 'feed', filter: {}, open: violation } };
  return undefined;
}
