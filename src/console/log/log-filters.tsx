import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { shortText } from '../shown-text.js';
import { Link, Name } from '../text.js';
import { type EventsPlace, filterOf, type LogFilter, type LogFilterName, ordinalOf, queryOf } from './log-place.js';
import type { Counted } from './counted.js';
import { spanOf, spanText } from './span.js';
import { otherwise, standsAs, withStanding } from './type-choice.js';

interface FiltersProps {
  readonly place: EventsPlace;
  /** What there is to choose from; undefined while it is counted. */
  readonly counted: Counted | undefined;
}

/** Which events are shown. All of it stands in the address. */
export function LogFilters({ place, counted }: FiltersProps): VNode {
  const { go, say } = useApp();
  const filter = filterOf(place);
  const show = (next: LogFilter, more: Partial<EventsPlace> = {}): void => {
    const { oldest, from, ordinal } = place;
    const kept = { ...(oldest && { oldest }), ...(from !== undefined && { from }) };
    go({ view: 'log', ...next, ...kept, ...(ordinal !== undefined && { ordinal }), ...more });
  };
  const set = (name: LogFilterName, text: string): void => {
    const { [name]: _gone, ...rest } = filter;
    show(text === '' ? rest : { ...rest, [name]: text });
  };
  const setStream = (text: string): void => {
    const { stream: _stream, beginning: _beginning, ...rest } = filter;
    if (text === '') show(rest);
    else show(text.endsWith('*') ? { ...rest, beginning: text.slice(0, -1) } : { ...rest, stream: text });
  };
  const jump = (text: string): void => {
    const { from: _from, ...rest } = place;
    const ordinal = ordinalOf(text);
    if (text === '') go(rest);
    else if (ordinal === undefined) say('An event is named by its number, such as #123.', 'failed');
    else go({ ...rest, from: ordinal, ordinal });
  };
  const axis = filter.time !== undefined ? 'time' : 'recorded';
  const [from, to] = spanOf(filter[axis]);
  const setSpan = (name: 'recorded' | 'time', ends: readonly [string, string]): void => {
    const { recorded: _recorded, time: _time, ...rest } = filter;
    const text = spanText(ends);
    show(text === '' ? rest : { ...rest, [name]: text });
  };
  const exported = queryOf(filter);
  if (place.oldest !== true) exported.set('backwards', 'true');
  return (
    <div class="filters log-filters" role="search">
      <Field
        label="Stream"
        hint="server-17, server-*"
        value={filter.stream ?? (filter.beginning === undefined ? '' : `${filter.beginning}*`)}
        onValue={setStream}
        isFirst
      />
      <Types filter={filter} counted={counted} onChoice={show} />
      <Field label="Source" hint="who wrote it" value={filter.source ?? ''} onValue={(text) => set('source', text)} />
      <label class="choice">
        <span class="hidden">Which time</span>
        <select
          value={axis}
          onChange={(event) => setSpan(event.currentTarget.value === 'time' ? 'time' : 'recorded', [from, to])}
        >
          <option value="recorded">recorded</option>
          <option value="time">became true</option>
        </select>
      </label>
      <Field label="From" hint="2026-01-31T03:14Z" value={from} onValue={(text) => setSpan(axis, [text, to])} />
      <Field label="To" hint="2026-01-31T04:00Z" value={to} onValue={(text) => setSpan(axis, [from, text])} />
      <Field label="Go to" hint="#123" value={place.from === undefined ? '' : `#${place.from}`} onValue={jump} />
      <button
        type="button"
        class="toggle"
        aria-pressed={place.oldest === true}
        onClick={() => {
          const { oldest, ...rest } = place;
          go(oldest === true ? rest : { ...rest, oldest: true });
        }}
      >
        Oldest first
      </button>
      <a class="button" href={`/v1/log/export?${exported.toString()}`} download>
        Export what fits
      </a>
      <Link to={{ view: 'log-state' }} class="button">
        Streams, parked, proof
      </Link>
    </div>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onValue: (text: string) => void;
  readonly isFirst?: boolean;
}

/** A text that is asked for with Enter, or by going on to another field. */
function Field({ label, hint, value, onValue, isFirst = false }: FieldProps): VNode {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const done = (): void => {
    if (typed.trim() !== value) onValue(typed.trim());
  };
  return (
    <form
      class="log-field"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label>
        <span>{label}</span>
        <input
          type="text"
          value={typed}
          placeholder={hint}
          maxLength={300}
          spellcheck={false}
          autocomplete="off"
          data-slash={isFirst ? '' : undefined}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={done}
        />
      </label>
    </form>
  );
}

interface TypesProps {
  readonly filter: LogFilter;
  readonly counted: Counted | undefined;
  readonly onChoice: (filter: LogFilter) => void;
}

/** Each type that the log has, with its number: all, only some, or all but some. */
function Types({ filter, counted, onChoice }: TypesProps): VNode {
  const types = otherwise(counted?.types ?? [], filter);
  const said = filter.type ?? (filter.notType === undefined ? 'all' : `not ${filter.notType}`);
  return (
    <details class="log-types">
      <summary>
        Types: <bdi>{shortText(said, 40)}</bdi>
      </summary>
      <div class="log-menu">
        <button type="button" disabled={said === 'all'} onClick={() => onChoice(withStanding(filter, undefined))}>
          All types
        </button>
        <ul>
          {types.map(({ type, events }) => {
            const standing = standsAs(filter, type);
            return (
              <li key={type}>
                <Name text={type} most={50} />
                <span class="none">{events.toLocaleString('en')}</span>
                {(['only', 'not'] as const).map((what) => (
                  <button
                    key={what}
                    type="button"
                    class="toggle"
                    aria-label={`${what} ${shortText(type, 50)}`}
                    aria-pressed={standing === what}
                    onClick={() => onChoice(withStanding(filter, { type, what }))}
                  >
                    {what}
                  </button>
                ))}
              </li>
            );
          })}
        </ul>
      </div>
    </details>
  );
}
