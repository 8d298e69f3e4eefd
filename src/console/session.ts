import { ask, Problem } from './api.js';

/** Who is signed in. */
export interface Session {
  /** As events name them, such as `user:anna`. */
  readonly who: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** The routes they may call, as OpenAPI writes them: `POST /v1/violations/{violationId}/acknowledge`. */
  readonly permissions: readonly string[];
}

/** Another way to sign in than by a password here, such as the company's own. */
export interface WayIn {
  readonly label: string;
  readonly path: string;
}

/** Who is signed in, or the ways to become it. Rejects with Unreachable, and with a Problem of the engine. */
export async function currentSession(): Promise<Session | { readonly waysIn: readonly WayIn[] }> {
  try {
    return await ask<Session>('/v1/session');
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    const { signIn: ways = {} } = error.body as { readonly signIn?: Readonly<Record<string, string>> };
    return {
      waysIn: ways['oidc'] === undefined ? [] : [{ label: 'Sign in with the company account', path: ways['oidc'] }],
    };
  }
}

/** Rejects with the Problem of a wrong password, of too many tries (429), or Unreachable. */
export const signIn = (user: string, password: string): Promise<Session> =>
  ask('/v1/session', { method: 'POST', body: { user, password } });

export const signOut = (): Promise<unknown> => ask('/v1/session', { method: 'DELETE' });

/** Whether the engine would let them: what it would not is not shown. @param route such as `GET /v1/violations/{}` */
export function may({ permissions }: Pick<Session, 'permissions'>, route: string): boolean {
  return permissions.some((one) => one.replace(/\{[^}]*\}/g, '{}') === route);
}
