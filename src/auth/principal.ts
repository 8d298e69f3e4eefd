/** What a token may do. `publisher`, `operator` and `link-source` are also the scopes of event types. */
export const tokenScopes = [
  'publisher',
  'link-source',
  'operator',
  'viewer',
  'security-analyst',
  'auditor',
  'sensor',
] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** Who is calling, as its token says. */
export interface Principal {
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  /** CloudEvents `source` this token may publish as; undefined when it may publish nothing. */
  readonly source: string | undefined;
  /** The one sensor that a token of scope sensor speaks for; undefined for every other token. */
  readonly sensor?: string | undefined;
}

/** Who acted, as an event keeps it: `token:<name>`. Never a secret. */
export const actorOf = ({ name }: Principal): string => `token:${name}`;
