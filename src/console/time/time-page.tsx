import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { Empty, Loading } from '../conditions.js';
import { isTyping, keyOf } from '../keys.js';
import { useCounts } from '../log/log-counts.js';
import '../style/log.css';
import '../style/time.css';
import { DevicePanel } from './device-panel.js';
import { DifferencePanel } from './difference-panel.js';
import { EventPanel } from './event-panel.js';
import { MapPanel } from './map-panel.js';
import { axisOf } from './time-axis.js';
import { type TimePlace, type TimeTab, timeTabs } from './time-place.js';
import { TimeSlider } from './time-slider.js';
import { ViolationsPanel } from './violations-panel.js';

const tabNames: Readonly<Record<TimeTab, string>> = {
  event: 'Event',
  map: 'Map',
  device: 'Device',
  violations: 'Open violations',
  difference: 'Difference',
};
const panels = {
  event: EventPanel,
  map: MapPanel,
  device: DevicePanel,
  violations: ViolationsPanel,
  difference: DifferencePanel,
} as const;
const buckets = 160;

/** The log as a stretch of time: any moment of it, what was so then, and what differs between two. */
export function TimePage({ place }: { readonly place: TimePlace }): VNode {
  const { go } = useApp();
  const counted = useCounts(buckets);
  const axis = counted && axisOf(counted.buckets);
  const end = axis?.last;
  // Without a moment in the address it is the end that was there when the page was opened: it moves for nobody.
  const opened = useRef<number | undefined>(undefined);
  opened.current ??= counted !== undefined && counted.counted >= counted.size ? end : undefined;
  const at = place.at ?? opened.current ?? end;
  const tab = place.tab ?? 'event';
  useEffect(() => void (document.title = `${at === undefined ? 'Time' : `#${at}`} · portledger`), [at]);
  const move = (to: number): void => {
    if (end !== undefined && to !== at) go({ ...place, at: Math.max(0, Math.min(end, to)) }, 'replace');
  };
  const latest = useRef({ at, end, move, place });
  latest.current = { at, end, move, place };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const now = latest.current;
      const key = keyOf(event);
      if (key === undefined || isTyping(event.target) || now.at === undefined || now.end === undefined) return;
      const to = { ArrowLeft: now.at - 1, ArrowRight: now.at + 1, Home: 0, End: now.end }[key];
      const chosen = timeTabs[Number(key) - 1];
      if (to !== undefined) now.move(to);
      else if (chosen !== undefined) go({ ...now.place, tab: chosen });
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [go]);

  if (counted === undefined) return <Loading what="the log" />;
  if (axis === undefined || at === undefined) return <Empty title="The log is empty" />;
  const Panel = panels[tab];
  return (
    <div class="port-page time-page">
      <header>
        <h1>{`As of #${at}`}</h1>
        <div class="buttons">
          <button type="button" disabled={at === 0} onClick={() => move(at - 1)}>
            ← Previous event
          </button>
          <button type="button" disabled={at >= axis.last} onClick={() => move(at + 1)}>
            Next event →
          </button>
        </div>
        <label class="choice">
          <span>Only facts true by</span>
          <input
            type="text"
            class="time-valid"
            placeholder="2026-01-31T03:14:00Z"
            value={place.valid ?? ''}
            onChange={(event) => {
              const { valid: _gone, ...rest } = place;
              const text = event.currentTarget.value.trim();
              go(text === '' ? rest : { ...rest, valid: text });
            }}
          />
        </label>
        {counted.counted < counted.size && (
          <p class="none" role="status">
            {`${counted.counted.toLocaleString('en')} of ${counted.size.toLocaleString('en')} events are counted so far`}
          </p>
        )}
      </header>
      <TimeSlider axis={axis} at={Math.min(at, axis.last)} other={place.other} onAt={move} />
      <nav class="time-tabs" aria-label="At this moment">
        {timeTabs.map((one) => (
          <button
            key={one}
            type="button"
            class="toggle"
            aria-pressed={one === tab}
            onClick={() => go({ ...place, tab: one })}
          >
            {tabNames[one]}
          </button>
        ))}
      </nav>
      <section aria-label={tabNames[tab]}>
        <Panel place={place} at={at} />
      </section>
    </div>
  );
}
