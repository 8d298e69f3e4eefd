import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, Problem, sentenceOf } from '../api.js';
import { Loading, Trouble } from '../conditions.js';
import { EventSections } from './event-sections.js';
import { checkpointOf } from './event-words.js';
import type { EventsPlace } from './log-place.js';
import type { Opened } from './opened-event.js';

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
      {why === undefined && isThis && opened !== undefined && <EventSections opened={opened} place={place} />}
    </aside>
  );
}
