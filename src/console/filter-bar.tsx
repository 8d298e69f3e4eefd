import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { type Grouping, groupings } from './grouped.js';
import { type Filter, type FilterName, filterNames } from './filter.js';
import { shortText } from './shown-text.js';
import { inWords, severities, states } from './violation.js';

interface FilterBarProps {
  readonly filter: Filter;
  readonly group: Grouping | undefined;
  /** Up to where the reader had read at the last visit; undefined at the first. */
  readonly since: string | undefined;
  readonly onChange: (next: { readonly filter: Filter; readonly group?: Grouping }, how?: 'push' | 'replace') => void;
}

const withField: readonly FilterName[] = ['state', 'severity', 'muted', 'q'];
/** Filters that have no field of their own: they come by an address or a link, and go by a click. */
const chips = filterNames.filter((name) => !withField.includes(name));
const typingMs = 250;

/** Which violations are shown, and how they are put together. All of it stands in the address. */
export function FilterBar({ filter, group, since, onChange }: FilterBarProps): VNode {
  const { session } = useApp();
  const set = (name: FilterName, text: string, how?: 'push' | 'replace'): void => {
    const next = { ...filter };
    if (text === '') delete next[name];
    else next[name] = text;
    onChange({ filter: next, ...(group && { group }) }, how);
  };
  const regroup = (name: string): void => {
    const next = groupings.find((one) => one === name);
    onChange({ filter, ...(next && { group: next }) });
  };
  return (
    <div class="filters" role="search">
      <Search text={filter.q ?? ''} onText={(text) => set('q', text, 'replace')} />
      <Choice label="State" value={filter.state ?? ''} values={states} onChoice={(text) => set('state', text)} />
      <Choice
        label="Severity"
        value={filter.severity ?? ''}
        values={severities}
        onChoice={(text) => set('severity', text)}
      />
      <Choice
        label="Muted"
        value={filter.muted ?? ''}
        values={['false', 'true']}
        names={['not muted', 'muted']}
        onChoice={(text) => set('muted', text)}
      />
      <Choice label="Group by" value={group ?? ''} values={groupings} none="no groups" onChoice={regroup} />
      <button
        type="button"
        class="toggle"
        aria-pressed={filter.assignee === session.who}
        onClick={() => set('assignee', filter.assignee === session.who ? '' : session.who)}
      >
        Mine
      </button>
      {since !== undefined && (
        <button
          type="button"
          class="toggle"
          aria-pressed={filter.newSince === since}
          onClick={() => set('newSince', filter.newSince === since ? '' : since)}
        >
          New since last visit
        </button>
      )}
      {chips.map((name) => {
        const text = filter[name];
        const hasToggle = (name === 'assignee' && text === session.who) || (name === 'newSince' && text === since);
        if (text === undefined || hasToggle) return null;
        return (
          <button
            key={name}
            type="button"
            class="chip"
            aria-label={`Remove the filter ${name}`}
            onClick={() => set(name, '')}
          >
            {inWords(name)}: <bdi>{shortText(text, 40)}</bdi> <span aria-hidden="true">×</span>
          </button>
        );
      })}
    </div>
  );
}

/** The search field: what is typed is asked for when the typing stops. */
function Search({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }): VNode {
  const [typed, setTyped] = useState(text);
  const asked = useRef(text);
  // The page is drawn again with everything that is heard: typing must end all the same.
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    if (text !== asked.current) setTyped(text);
    asked.current = text;
  }, [text]);
  useEffect(() => {
    if (typed.trim() === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = typed.trim();
      tell.current(typed.trim());
    }, typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label class="search">
      <span class="hidden">Search</span>
      <input
        type="search"
        value={typed}
        placeholder="MAC, address, server, port…"
        maxLength={200}
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly names?: readonly string[];
  readonly none?: string;
  readonly onChoice: (value: string) => void;
}

function Choice({ label, value, values, names, none = 'all', onChoice }: ChoiceProps): VNode {
  const isPointed = useRef(false);
  const chosen = (field: HTMLSelectElement): void => {
    onChoice(field.value);
    // Who chose with the mouse goes on with the keys of the list, which a field with the focus would take for its own.
    if (isPointed.current) field.blur();
  };
  const isOwn = value === '' || values.includes(value);
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        value={value}
        onPointerDown={() => void (isPointed.current = true)}
        onKeyDown={() => void (isPointed.current = false)}
        onChange={(event) => chosen(event.currentTarget)}
      >
        <option value="">{none}</option>
        {values.map((one, at) => (
          <option key={one} value={one}>
            {names?.[at] ?? inWords(one)}
          </option>
        ))}
        {!isOwn && <option value={value}>{inWords(shortText(value, 40))}</option>}
      </select>
    </label>
  );
}
