import { useEffect, useRef, useState } from 'preact/hooks';
import { isTyping, keyOf } from './keys.js';
import type { Page } from './place.js';

interface ShellKeys {
  readonly pages: readonly Page[];
  readonly isHelpOpen: boolean;
  readonly go: (page: Page) => void;
  readonly help: () => void;
}

/**
 * The keys that work on every page: `?`, and `g` with the letter of a page. They are heard before those of the page, so that
 * the letter after `g` means nothing else.
 * @returns whether `g` was pressed and the letter is awaited
 */
export function useShellKeys(keys: ShellKeys): boolean {
  const latest = useRef(keys);
  latest.current = keys;
  const [isGoing, setGoing] = useState(false);
  useEffect(() => {
    let awaitsLetter = false;
    const waitFor = (is: boolean): void => {
      awaitsLetter = is;
      setGoing(is);
    };
    const pressed = (event: KeyboardEvent): void => {
      const { pages, isHelpOpen, go, help } = latest.current;
      const key = keyOf(event);
      if (isHelpOpen) return event.stopPropagation();
      if (key === undefined || key === 'Shift' || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (awaitsLetter) {
        waitFor(false);
        const page = pages.find(({ letter }) => letter === key);
        if (page !== undefined) go(page);
      } else if (key === 'g') waitFor(true);
      else if (key === '?') help();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    const pointed = (): void => waitFor(false);
    window.addEventListener('keydown', pressed, true);
    window.addEventListener('pointerdown', pointed, true);
    return () => {
      window.removeEventListener('keydown', pressed, true);
      window.removeEventListener('pointerdown', pointed, true);
    };
  }, []);
  return isGoing;
}
