import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { zoneName } from './instant.js';
import { FindBox } from './find/find-box.js';
import { findPage } from './find/find-place.js';
import { HelpDialog } from './help-dialog.js';
import { pageOf, pagesFor } from './place.js';
import { themes } from './preferences.js';
import { may, signOut } from './session.js';
import { Instant, Link } from './text.js';
import { useEngineAway } from './use-engine-away.js';
import { useShellKeys } from './use-shell-keys.js';

/** What was last told to the reader. */
export interface Said {
  readonly text: string;
  readonly tone: 'done' | 'failed';
  readonly at: number;
}

const themeNames = { auto: 'Auto theme', light: 'Light', dark: 'Dark' } as const;

interface ShellProps {
  readonly said: Said | undefined;
  readonly onSignedOut: () => void;
  readonly children: ComponentChildren;
}

/** What stands around every page. */
export function Shell({ said, onSignedOut, children }: ShellProps): VNode {
  const { session, place, go, preferences, setPreferences } = useApp();
  const { zone, theme } = preferences;
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
  const [isHelpOpen, setHelp] = useState(false);
  const pages = pagesFor(session);
  const here = pageOf(place);
  const isGoing = useShellKeys({ pages, isHelpOpen, go: ({ start }) => go(start), help: () => setHelp(true) });
  const leave = (): void => void signOut().then(onSignedOut, onSignedOut);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="bar">
        <span class="brand">portledger</span>
        <nav aria-label="Pages">
          {pages.map((page) => (
            <Link key={page.step} to={page.start} current={page === here}>
              {page.name}
              {isGoing && <kbd aria-hidden="true">{page.letter}</kbd>}
            </Link>
          ))}
        </nav>
        {may(session, findPage.needs) && <FindBox />}
        <div class="tools">
          <button type="button" class="quiet" aria-label="Keys" title="Keys: ?" onClick={() => setHelp(true)}>
            ?
          </button>
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
      <Away />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Saying said={said} />
      {isHelpOpen && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

/** Over every page, also over one that reads nothing again by itself. */
function Away(): VNode | null {
  const since = useEngineAway();
  if (since === undefined) return null;
  return (
    <p class="away" role="status">
      The engine has not answered since {<Instant at={new Date(since).toISOString()} />}. What is shown is as it was
      then.
    </p>
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
