import { useEffect, useRef } from 'preact/hooks';
import type { Action } from './actions.js';
import type { Group, Line } from './grouped.js';
import { isTyping, keyOf } from './keys.js';
import type { Violation } from './violation.js';

interface FeedKeys {
  /** True while a dialog has the keys. */
  readonly isOff: boolean;
  readonly lines: readonly Line[];
  /** Of the line the reader is on; -1 for none. */
  readonly index: number;
  readonly line: Line | undefined;
  readonly mayTriage: boolean;
  /** What this reader may do. */
  readonly actions: readonly Action[];
  /** True while a violation is open beside the list. */
  readonly isOpen: boolean;
  setCursor(key: string | undefined): void;
  toggle(line: Line): void;
  open(violation: Violation | undefined): void;
  toggleAll(): void;
  openGroup(group: Group): void;
  begin(action: Action): void;
  mute(): void;
  showWaiting(): void;
  goToPort(port: string): void;
  escape(): void;
}

/** The keys of the feed, wherever the focus is but in a field. */
export function useFeedKeys(keys: FeedKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (key === undefined || latest.current.isOff) return;
      if (isTyping(event.target)) {
        if (key === 'Escape') (event.target as HTMLElement).blur();
        return;
      }
      // A button or link that has the focus is what Enter is for.
      if (key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button') !== null) return;
      if (press(latest.current, key)) event.preventDefault();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}

/** True where the key means something here. */
function press(keys: FeedKeys, key: string): boolean {
  const { lines, index, line, mayTriage } = keys;
  const goTo = (next: number): void => {
    const to = lines[Math.min(lines.length - 1, Math.max(0, next))];
    if (to === undefined) return;
    keys.setCursor(to.key);
    if (keys.isOpen && to.kind === 'violation') keys.open(to.violation);
  };
  /** The next violation in that direction; heads of groups are passed over. */
  const step = (by: 1 | -1): void => {
    for (let at = index + by; at >= 0 && at < lines.length; at += by) {
      if (lines[at]?.kind === 'violation') return goTo(at);
    }
  };
  switch (key) {
    case 'j':
    case 'ArrowDown':
      goTo(index + 1);
      return true;
    case 'k':
    case 'ArrowUp':
      goTo(index < 0 ? 0 : index - 1);
      return true;
    case 'J':
    case 'K':
      if (line !== undefined) keys.toggle(line);
      goTo(index + (key === 'J' ? 1 : -1));
      return true;
    case 'Home':
      goTo(0);
      return true;
    case 'End':
      goTo(lines.length - 1);
      return true;
    case 'PageDown':
    case 'PageUp':
      goTo(Math.max(0, index) + (key === 'PageDown' ? 15 : -15));
      return true;
    case ']':
      step(1);
      return true;
    case '[':
      step(-1);
      return true;
    case 'Enter':
      if (line?.kind === 'group') keys.openGroup(line.group);
      else keys.open(line?.violation);
      return true;
    case 'x':
      if (line !== undefined) keys.toggle(line);
      return true;
    case 'X':
      keys.toggleAll();
      return true;
    case 'n':
      keys.showWaiting();
      return true;
    case 'p': {
      const port = line?.kind === 'group' ? line.group.port : line?.violation.port;
      if (port !== undefined) keys.goToPort(port);
      return true;
    }
    case '/':
      document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
      return true;
    case 'Escape':
      keys.escape();
      return true;
    case 'm':
      if (mayTriage) keys.mute();
      return mayTriage;
    default: {
      const action = keys.actions.find((one) => one.key === key);
      if (action !== undefined) keys.begin(action);
      return action !== undefined;
    }
  }
}
