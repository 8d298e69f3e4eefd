import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { ask, Problem, sentenceOf } from '../api.js';
import { Loading, Trouble } from '../conditions.js';
import { Fact, Section } from '../detail-sections.js';
import { age } from '../instant.js';
import type { Place } from '../place.js';
import { shownText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { checkpointOf, factsOf, latenessOf } from './event-words.js';
import type { LogEvent } from './log-list.js';
import type { EventsPlace } from './log-place.js';

/** Another event, named. */
interface Named {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly ordinal: number;
  readonly time: string;
  readonly lines?: number;
}

interface Opened {
  readonly event: LogEvent;
  readonly causes: readonly Named[];
  readonly effects: readonly Named[];
  readonly lookedTo: number;
  readonly whole: boolean;
  /** The checkpoint that was signed last. */
  readonly checkpoint: ReturnType<typeof checkpointOf>;
}

interface DetailProps {
  readonly place: EventsPlace;
  readonly ordinal: number;
  readonly onClose: () => void;
}

/** One event: what it says, what led to it and what it led to, and how it is proved. */
export function EventDetail({ place, ordinal, onClose }: DetailProps): VNode {
  const [opened, setOpened] = useState<Opened>();
  const [why, setWhy] = useState<string>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    setWhy(undefined);
    const read = async (): Promise<void> => {
      const [event, tree] = await Promise.all([
        ask<Omit<Opened, 'checkpoint'>>(`/v1/log/event?ordinal=${ordinal}`, { signal }),
        ask<{ checkpoint?: string }>('/v1/audit/tree', { signal }),
      ]);
      setOpened({ ...event, checkpoint: checkpointOf(tree.checkpoint) });
    };
    read().catch((error: unknown) => {
      if (signal.aborted) return;
      const isUnknown = error instanceof Problem && error.status === 404;
      setWhy(isUnknown ? `The log holds no event #${ordinal}.` : sentenceOf(error));
    });
    return () => ending.abort();
  }, [ordinal, turn]);
  const isThis = opened?.event.ordinal === ordinal;
  return (
    <aside class="detail log-detail" aria-label={`Event #${ordinal}`}>
      <header>
        <h2>{`Event #${ordinal}`}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {why !== undefined && (
        <Trouble title="The event is not shown" detail={why} onRetry={() => setTurn((count) => count + 1)} />
      )}
      {why === undefined && !isThis && <Loading what="the event" />}
      {why === undefined && isThis && opened !== undefined && <Sections opened={opened} place={place} />}
    </aside>
  );
}

function Sections({ opened, place }: { readonly opened: Opened; readonly place: EventsPlace }): VNode {
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
      <Raw event={event} />
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

function Raw({ event }: { readonly event: LogEvent }): VNode {
  const { say } = useApp();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLPreElement>(null);
  const text = JSON.stringify(event, undefined, 2);
  const select = (): void => {
    if (box.current !== null) getSelection()?.selectAllChildren(box.current);
    say('Selected: copy it with Ctrl C.');
  };
  const copy = (): void => {
    // Browsers lend the clipboard to pages of https and of this machine only.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) select();
    else clipboard.writeText(text).then(() => say('Copied.'), select);
  };
  return (
    <Section title="Raw">
      <div class="buttons">
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide JSON' : 'Show JSON'}
        </button>
        {isOpen && (
          <button type="button" onClick={copy}>
            Copy
          </button>
        )}
      </div>
      {isOpen && (
        <pre ref={box} class="code log-raw" tabIndex={0} aria-label="The event as JSON">
          {text.split('\n').map(shownText).join('\n')}
        </pre>
      )}
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
