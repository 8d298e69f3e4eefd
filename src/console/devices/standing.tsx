import type { VNode } from 'preact';
import { useApp } from '../app-context.js';
import { may } from '../session.js';
import { shortText } from '../shown-text.js';
import { Instant, Link, Name } from '../text.js';
import { inWords } from '../violation.js';
import type { Because, Frozen, Room } from './device-facts.js';

const marks: Readonly<Record<string, string>> = {
  equal: '✓',
  confirmed: '✓',
  pass: '✓',
  present: '✓',
  absent: '✓',
  differs: '≠',
  partial: '≠',
  braked: '‖',
  frozen: '‖',
  unknown: '?',
  failing: '✕',
  failed: '✕',
  fail: '✕',
  starting: '…',
};

/** How something stands: a sign, and the word for it. */
export function Standing({ name, text }: { readonly name: string; readonly text?: string }): VNode {
  return (
    <span class={`standing ${marks[name] === undefined ? '' : name}`}>
      <span aria-hidden="true">{marks[name] ?? '·'}</span> {text ?? inWords(name)}
    </span>
  );
}

/** Entries or routes: how many of how many, and what is sold and not there yet. */
export function RoomBar({ room, what }: { readonly room: Room; readonly what: string }): VNode {
  const { limit, used, pending, level } = room;
  const waiting = pending > 0 ? `, ${pending} to come` : '';
  if (limit === undefined)
    return (
      <span class="room">
        {used} {what}
        {waiting}
      </span>
    );
  return (
    <span class={`room ${level === 'ok' ? '' : shortText(level, 20)}`}>
      <meter
        min={0}
        max={limit}
        high={limit * 0.85}
        low={limit * 0.7}
        optimum={0}
        value={Math.min(limit, used)}
        aria-label={what}
      />{' '}
      {used} of {limit} {what}
      {waiting}
      {level !== 'ok' && <strong> {inWords(level)}</strong>}
    </span>
  );
}

/** By whom, since when and why nothing is written. */
export function FrozenBy({ frozen }: { readonly frozen: Frozen }): VNode {
  return (
    <>
      {frozen.every === true ? 'every device frozen' : 'frozen'} by <Name text={frozen.by} /> since{' '}
      <Instant at={frozen.since} />: <Name text={frozen.reason} most={240} />
    </>
  );
}

/** The event behind a line. */
export function Cause({ because }: { readonly because: Because }): VNode {
  const mayRead = may(useApp().session, 'GET /v1/log');
  if (because === 'drift') return <span>drift: the device changed by itself</span>;
  if (because === 'configuration') return <span>the configuration</span>;
  const { type, time, source, ordinal } = because;
  const number = <span class="none">#{ordinal}</span>;
  return (
    <span title={source === undefined ? undefined : shortText(source, 200)}>
      {type === undefined ? 'event' : <strong>{shortText(type, 60)}</strong>}{' '}
      {mayRead ? <Link to={{ view: 'log', ordinal }}>{number}</Link> : number}
      {time !== undefined && (
        <>
          {' '}
          <Instant at={time} />
        </>
      )}
    </span>
  );
}
