import type { VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { whenSignedOut } from './api.js';
import { App } from './app-context.js';
import { homeOf, pathOf, type Place, placeOf } from './place.js';
import { keepPreferences, readPreferences } from './preferences.js';
import { currentSession, type Session, type WayIn } from './session.js';
import { type Said, Shell } from './shell.js';
import { SignIn } from './sign-in.js';
import { Loading, Trouble } from './conditions.js';
import { View } from './view.js';
import { viewFor } from './views.js';

type Who = 'asking' | 'unreachable' | { readonly waysIn: readonly WayIn[] } | Session;

const nobody = { waysIn: [] };

/** The whole page: who is there, where they are, and how they like it. */
export function Console(): VNode {
  const [who, setWho] = useState<Who>('asking');
  const [named, setPlace] = useState(() => placeOf(location.pathname, location.search));
  const [preferences, setPreferences] = useState(readPreferences);
  const [said, setSaid] = useState<Said>();

  const askWho = useCallback(() => {
    currentSession().then(setWho, () => setWho('unreachable'));
  }, []);
  useEffect(() => {
    whenSignedOut(() => setWho((now) => (typeof now === 'object' && 'waysIn' in now ? now : nobody)));
    askWho();
    const onPop = (): void => setPlace(placeOf(location.pathname, location.search));
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }, [askWho]);
  // Read while the engine is asked who is there: both are needed before anything is seen.
  useEffect(() => {
    if (named !== undefined) void viewFor(named.view).catch(() => undefined);
  }, []);
  useEffect(() => keepPreferences(preferences), [preferences]);
  useEffect(() => {
    if (who !== 'unreachable') return undefined;
    const timer = setTimeout(askWho, 2_000);
    return () => clearTimeout(timer);
  }, [who, askWho]);

  const go = useCallback((to: Place, how: 'push' | 'replace' = 'push') => {
    const path = pathOf(to);
    if (path !== location.pathname + location.search) {
      if (how === 'push') history.pushState(undefined, '', path);
      else history.replaceState(undefined, '', path);
    }
    setPlace(to);
  }, []);
  const say = useCallback((text: string, tone: Said['tone'] = 'done') => setSaid({ text, tone, at: Date.now() }), []);

  if (who === 'asking') return <Loading what="the console" />;
  if (who === 'unreachable')
    return (
      <main class="alone">
        <Trouble title="The engine does not answer" detail="Trying again every two seconds." onRetry={askWho} />
      </main>
    );
  if ('waysIn' in who) return <SignIn waysIn={who.waysIn} onSignedIn={setWho} />;
  const place = named ?? homeOf(who);
  return (
    <App.Provider value={{ session: who, preferences, setPreferences, place, go, say }}>
      <Shell said={said} onSignedOut={() => setWho(nobody)}>
        <View place={place} />
      </Shell>
    </App.Provider>
  );
}
