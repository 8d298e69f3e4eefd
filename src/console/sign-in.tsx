import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { sentenceOf } from './api.js';
import { type Session, signIn, type WayIn } from './session.js';

interface SignInProps {
  readonly waysIn: readonly WayIn[];
  readonly onSignedIn: (session: Session) => void;
}

/** Who is there? */
export function SignIn({ waysIn, onSignedIn }: SignInProps): VNode {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const user = useRef<HTMLInputElement>(null);
  // Before the first key: who sees the field may type.
  useLayoutEffect(() => {
    document.title = 'Sign in · portledger';
    user.current?.focus();
  }, []);

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const textOf = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    setProblem(undefined);
    try {
      onSignedIn(await signIn(textOf('user'), textOf('password')));
    } catch (error) {
      setBusy(false);
      setProblem(sentenceOf(error));
    }
  };

  return (
    <main class="alone">
      <form class="sign-in" onSubmit={(event) => void submit(event)}>
        <h1>portledger</h1>
        <label>
          User
          <input ref={user} name="user" autocomplete="username" required autocapitalize="none" spellcheck={false} />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <button class="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
        {waysIn.map(({ label, path }) => (
          <a key={path} class="button" href={path}>
            {label}
          </a>
        ))}
      </form>
    </main>
  );
}
