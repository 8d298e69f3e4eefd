import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { age, shownInstant, zoneName } from './instant.js';
import { type Place, pathOf } from './place.js';
import { shortText } from './shown-text.js';

/** A name that a stranger may have written: a text node, spelt, cut, and alone in its direction. */
export function Name({ text, most = 80 }: { readonly text: string; readonly most?: number }): VNode {
  const short = shortText(text, most);
  return (
    <bdi class="name" title={short === text && text.length < 24 ? undefined : shortText(text, 1_000)}>
      {short}
    </bdi>
  );
}

/** An instant in the reader's zone, and the other zone on hovering. */
export function Instant({ at }: { readonly at: string }): VNode {
  const { zone } = useApp().preferences;
  const other = zone === 'utc' ? 'local' : 'utc';
  return (
    <time dateTime={at} title={shortText(`${shownInstant(at, other)} ${zoneName(other, new Date(at))}`)}>
      {shortText(shownInstant(at, zone), 40)}
    </time>
  );
}

/** How long ago, kept up to date. */
export function Age({ at }: { readonly at: string }): VNode {
  const now = useNow(age(at, Date.now()).endsWith(' s') ? 1_000 : 20_000);
  const { zone } = useApp().preferences;
  return (
    <time dateTime={at} title={shortText(`${shownInstant(at, zone)} ${zoneName(zone, new Date(at))}`)}>
      {age(at, now)}
    </time>
  );
}

function useNow(everyMs: number): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return Date.now();
}

interface LinkProps {
  readonly to: Place;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly children: preact.ComponentChildren;
}

/** A link within the console: a real address, followed without loading the page again. */
export function Link({ to, class: name, current = false, label, children }: LinkProps): VNode {
  const { go } = useApp();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  };
  return (
    <a href={pathOf(to)} class={name} aria-current={current ? 'page' : undefined} aria-label={label} onClick={follow}>
      {children}
    </a>
  );
}
