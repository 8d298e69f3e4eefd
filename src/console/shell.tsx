import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { zoneName } from './instant.js';
import { feed, type Place } from './place.js';
import { themes } from './preferences.js';
import { may, signOut } from './session.js';
import { Link } from './text.js';

/** What was last told to the reader. */
export interface Said {
  readonly text: string;
  readonly tone: 'done' | 'failed';
  readonly at: number;
}

/** The pages, in the order of the bar; a new page is one line here and one in `place.ts`. */
const pages: readonly {
  readonly name: string;
  readonly to: Place;
  readonly views: readonly Place['view'][];
  readonly needs: string;
}[] = [
  { name: 'Violations', to: feed, views: ['feed'], needs: 'GET /v1/violations' },
  { name: 'Ports', to: { view: 'ports' }, views: ['ports', 'port'], needs: 'GET /v1/map' },
];

const themeNames = { auto: 'Auto theme', light: 'Light', dark: 'Dark' } as const;

interface ShellProps {
  readonly said: Said | undefined;
  readonly onSignedOut: () => void;
  readonly children: ComponentChildren;
}

/** What stands around every page. */
export function Shell({ said, onSignedOut, children }: ShellProps): VNode {
  const { session, place, preferences, setPreferences } = useApp();
  const { zone, theme } = preferences;
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  const leave = (): void => void signOut().then(onSignedOut, onSignedOut);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">portledger</span>
        <nav aria-label="Pages">
          {pages
            .filter(({ needs }) => may(session, needs))
            .map(({ name, to, views }) => (
              <Link key={name} to={to} current={views.includes(place.view)}>
                {name}
              </Link>
            ))}
        </nav>
        <div class="tools">
          <button
            type="button"
            class="quiet"
            aria-label={`Times are ${zone === 'utc' ? 'UTC' : `local, ${zoneName('local')}`}; change`}
            onClick={() => setPreferences({ ...preferences, zone: zone === 'utc' ? 'local' : 'utc' })}
          >
            {zone === 'utc' ? 'UTC' : zoneName('local')}
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={`${themeNames[theme]}; change to ${themeNames[nextTheme]}`}
            onClick={() => setPreferences({ ...preferences, theme: nextTheme })}
          >
            {themeNames[theme]}
          </button>
          <span class="who" title={session.roles.join(', ')}>
            {session.name}
          </span>
          <button type="button" class="quiet" onClick={leave}>
            Sign out
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Saying said={said} />
    </div>
  );
}

const shownMs = 6_000;

function Saying({ said }: { readonly said: Said | undefined }): VNode {
  const [goneAt, setGone] = useState(0);
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setGone(said.at), said.tone === 'failed' ? 2 * shownMs : shownMs);
    return () => clearTimeout(timer);
  }, [said]);
  const isShown = said !== undefined && said.at !== goneAt;
  return (
    <div class={`saying ${said?.tone ?? ''}`} role="status" aria-live="polite">
      {isShown && <p>{said.text}</p>}
    </div>
  );
}
