import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { shownInstant } from '../instant.js';
import { ordinalAt, type TimeAxis, timeOf } from './time-axis.js';

interface SliderProps {
  readonly axis: TimeAxis;
  readonly at: number;
  readonly other: number | undefined;
  readonly onAt: (ordinal: number) => void;
}

const width = 1000;
const height = 64;
const kinds = ['billing', 'network', 'security', 'journal', 'access', 'other'] as const;

/** The log along the time it was recorded in: how much when, and where the reader is. */
export function TimeSlider({ axis, at, other, onAt }: SliderProps): VNode {
  const { zone } = useApp().preferences;
  const [dragged, setDragged] = useState<number>();
  useEffect(() => setDragged(undefined), [at]);
  const shown = dragged ?? at;
  const span = axis.to - axis.from;
  const xOf = (time: number): number => ((time - axis.from) / span) * width;
  const most = Math.max(...axis.buckets.map(({ events }) => events));
  const time = (ordinal: number): string => shownInstant(new Date(timeOf(axis, ordinal)).toISOString(), zone);
  const step = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: axis.last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onAt(to);
  };
  return (
    <div class="time-slider">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {axis.buckets.map(({ from, to, first, events, kinds: counts }) => {
          // High enough to be seen beside a bucket of a thousand: by the square root.
          const tall = Math.max(2, Math.sqrt(events / most) * height);
          let top = height;
          return kinds.map((kind) => {
            const part = ((counts[kind] ?? 0) / events) * tall;
            top -= part;
            const box = { x: xOf(from), y: top, width: Math.max(1, xOf(to) - xOf(from) - 0.5), height: part };
            return part === 0 ? null : <rect key={`${first} ${kind}`} class={`time-${kind}`} {...box} />;
          });
        })}
        {other !== undefined && <Mark x={xOf(timeOf(axis, other))} name="time-other-mark" />}
        <Mark x={xOf(timeOf(axis, shown))} name="time-mark" />
      </svg>
      <input
        type="range"
        aria-label="Moment of the log"
        aria-valuetext={`#${shown}, about ${time(shown)}`}
        min={axis.from}
        max={axis.to}
        step={Math.max(1, Math.floor(span / 2_000))}
        value={timeOf(axis, shown)}
        onKeyDown={step}
        onInput={(event) => setDragged(ordinalAt(axis, Number(event.currentTarget.value)))}
        onChange={(event) => onAt(ordinalAt(axis, Number(event.currentTarget.value)))}
      />
      <p class="time-ends">
        <span>{shownInstant(new Date(axis.from).toISOString(), zone)}</span>
        {dragged !== undefined && <strong>{`#${dragged}, about ${time(dragged)}`}</strong>}
        <span class="time-legend">
          {kinds
            .filter((kind) => axis.buckets.some(({ kinds: counts }) => (counts[kind] ?? 0) > 0))
            .map((kind) => (
              <span key={kind}>
                <svg viewBox="0 0 8 8" aria-hidden="true">
                  <rect class={`time-${kind}`} width="8" height="8" />
                </svg>
                {kind}
              </span>
            ))}
        </span>
        <span>{shownInstant(new Date(axis.to).toISOString(), zone)}</span>
      </p>
    </div>
  );
}

const Mark = ({ x, name }: { readonly x: number; readonly name: string }): VNode => (
  <line class={name} x1={x} x2={x} y1={0} y2={height} vector-effect="non-scaling-stroke" />
);
