/**
 * What a caller may do: the scopes of a token are the roles of a user. `publisher`, `operator` and `link-source` are also
 * the scopes of event types. None stands above another: an `admin` sees users, tokens and webhooks, and nothing else.
 */
export const tokenScopes = [
  'publisher',
  'link-source',
  'operator',
  'viewer',
  'security-analyst',
  'auditor',
  'sensor',
  'admin',
  'containment',
] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** The roles a person can have; the others are those of programs, which call with a token. */
export const userRoles = [
  'viewer',
  'security-analyst',
  'auditor',
  'operator',
  'admin',
  'containment',
] as const satisfies readonly TokenScope[];
export type UserRole = (typeof userRoles)[number];

/** Who is calling, as its token or its session says. */
export interface Principal {
  readonly kind: 'token' | 'user';
  /** The token's id, or `user:<name>`: what an order or a log line names the caller by. */
  readonly callerId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** CloudEvents `source` this caller may publish as; undefined when it may publish nothing. */
  readonly source: string | undefined;
  /** The one sensor that a token of scope sensor speaks for; undefined for every other caller. */
  readonly sensor?: string | undefined;
  /** The public id of a user's session; undefined for a token. */
  readonly sessionId?: string | undefined;
}

/** Who acted, as an event keeps it: `token:<name>` or `user:<name>`. Never a secret. */
export const actorOf = ({ kind, name }: Pick<Principal, 'kind' | 'name'>): string => `${kind}:${name}`;

/** The caller as a sentence names it: `token k7m2p9qa`, `user anna`. */
export const spoken = ({ kind, callerId, name }: Principal): string =>
  kind === 'token' ? `token ${callerId}` : `user ${name}`;
