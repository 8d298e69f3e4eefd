import type { Zone } from './instant.js';

/** `auto` follows the reader's system. */
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What this reader chose on this machine. */
export interface Preferences {
  readonly zone: Zone;
  readonly theme: Theme;
}

const key = 'portledger';

export function readPreferences(): Preferences {
  try {
    const { zone, theme } = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>;
    return { zone: zone === 'local' ? 'local' : 'utc', theme: themes.find((one) => one === theme) ?? 'auto' };
  } catch {
    return { zone: 'utc', theme: 'auto' };
  }
}

/** Keeps them where the browser lets us; and dresses the page. */
export function keepPreferences(preferences: Preferences): void {
  document.documentElement.dataset['theme'] = preferences.theme;
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}
