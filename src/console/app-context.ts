import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Preferences } from './preferences.js';
import type { Place } from './place.js';
import type { Session } from './session.js';

/** What every view may know. */
export interface AppContext {
  readonly session: Session;
  readonly preferences: Preferences;
  readonly setPreferences: (preferences: Preferences) => void;
  readonly place: Place;
  /** Goes there; `replace` leaves no trace in the history. */
  readonly go: (place: Place, how?: 'push' | 'replace') => void;
  /** Tells the reader what happened, in a line that is read aloud; it goes by itself. */
  readonly say: (text: string, tone?: 'done' | 'failed') => void;
}

export const App = createContext<AppContext | undefined>(undefined);

export function useApp(): AppContext {
  const app = useContext(App);
  if (app === undefined) throw new Error('useApp is used outside of the page.');
  return app;
}
