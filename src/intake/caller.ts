/** Who publishes, as far as the intake cares: what the token lets it publish, and as which CloudEvents `source`. */
export interface Caller {
  readonly callerId: string;
  readonly scopes: readonly string[];
  readonly source: string | undefined;
}
