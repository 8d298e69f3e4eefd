import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../api.js';
import { useApp } from '../app-context.js';
import { isTyping, keyOf } from '../keys.js';
import { shortText } from '../shown-text.js';
import { type Found, type Hit, onlyExact, placeOfHit, questionOf, whereOf } from './found.js';
import { useFound } from './use-found.js';

const listId = 'found-list';
const optionId = (index: number): string => `found-${index}`;

/** The box in the bar: a combobox (ARIA 1.2) whose list holds what is found while somebody types. */
export function FindBox(): VNode {
  const { go, place, say } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const finding = useFound(isOpen ? text : '');
  const groups = finding.found?.groups ?? [];
  const hits = groups.flatMap((group) => group.hits);
  const isShown = isOpen && text.trim() !== '' && finding.text === text.trim();
  const view = useRef(place.view);
  view.current = place.view;

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      // In the feed the key is that of its own search.
      if (keyOf(event) !== '/' || isTyping(event.target) || view.current === 'feed') return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);

  const close = (): void => {
    setOpen(false);
    setActive(-1);
  };
  const open = (hit: Pick<Hit, 'kind' | 'name'>): void => {
    close();
    setText('');
    input.current?.blur();
    go(placeOfHit(hit));
  };
  const submit = async (): Promise<void> => {
    const chosen = hits[active];
    const wanted = text.trim();
    if (chosen !== undefined) return open(chosen);
    if (wanted === '') return;
    // The list may still be that of what was typed before.
    const found =
      isShown && finding.found ? finding.found : await ask<Found>(questionOf(wanted)).catch(() => undefined);
    const exact = found && onlyExact(found.groups);
    if (exact !== undefined) return open(exact);
    if (found === undefined) say('The engine does not answer.', 'failed');
    close();
    go({ view: 'find', text: wanted });
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (isOpen && text !== '') setText('');
      else input.current?.blur();
      close();
    } else if (event.key === 'Enter') void submit();
    else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && hits.length > 0) {
      const by = event.key === 'ArrowDown' ? 1 : -1;
      const next = active + by;
      setActive(next < -1 ? hits.length - 1 : next >= hits.length ? -1 : next);
      setOpen(true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  useEffect(() => {
    if (active >= 0) document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  let number = 0;
  return (
    <div class="find-box">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Find anything"
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? optionId(active) : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="Find: MAC, address, server, port…"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onKeyDown={keyed}
      />
      <div id={listId} role="listbox" aria-label="Found" class="found-list" hidden={!isShown || hits.length === 0}>
        {isShown &&
          groups.map(({ kind, hits: some, more }) => (
            <div key={kind} role="group" aria-label={titleOf(kind)}>
              <div class="kind" aria-hidden="true">
                {titleOf(kind)}
                {more && ' (more fit)'}
              </div>
              {some.map((hit) => {
                const index = number++;
                return <Option key={hit.name} hit={hit} index={index} isActive={index === active} onOpen={open} />;
              })}
            </div>
          ))}
      </div>
      <div class="found-list nothing" role="status" hidden={!isShown || hits.length > 0}>
        {isShown && hits.length === 0 && (finding.why ?? understoodText(finding.found))}
      </div>
    </div>
  );
}

interface OptionProps {
  readonly hit: Hit;
  readonly index: number;
  readonly isActive: boolean;
  readonly onOpen: (hit: Hit) => void;
}

function Option({ hit, index, isActive, onOpen }: OptionProps): VNode {
  return (
    <div
      id={optionId(index)}
      role="option"
      aria-selected={isActive}
      class="hit"
      onMouseDown={(event) => {
        // The list would be gone before the click.
        event.preventDefault();
        onOpen(hit);
      }}
    >
      <bdi class="name">{shortText(hit.name, 60)}</bdi>
      <span class="where">{shortText(whereOf(hit) || hit.why, 120)}</span>
    </div>
  );
}

const titles: Readonly<Record<string, string>> = {
  address: 'Addresses',
  prefix: 'Prefixes',
  mac: 'MACs',
  server: 'Servers',
  customer: 'Customers',
  port: 'Ports',
  violation: 'Violations',
  event: 'Events',
};
export const titleOf = (kind: string): string => titles[kind] ?? kind;

/** What a text that found nothing was taken for. */
export function understoodText(found: Found | undefined): string {
  if (found === undefined) return 'Nothing is found.';
  const making = found.indexed < 1 ? ' The index is being made: beginnings are found once it is.' : '';
  const meant = found.understood.slice(0, 3).join('; or ');
  return `Nothing in the map. It looks like ${shortText(meant === '' ? 'no name' : meant, 300)}.${making}`;
}
