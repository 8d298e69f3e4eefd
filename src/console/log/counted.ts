/** What was recorded in one stretch of time, as the engine counts it. */
export interface Bucket {
  readonly from: string;
  readonly to: string;
  readonly events: number;
  /** Ordinal of the first of them. */
  readonly first: number;
  readonly kinds: Readonly<Record<string, number>>;
}

/** How many events there are of what, as far as the engine has counted. */
export interface Counted {
  readonly size: number;
  readonly counted: number;
  readonly buckets: readonly Bucket[];
  readonly types: readonly { readonly type: string; readonly events: number }[];
  readonly beginnings: readonly { readonly beginning: string; readonly events: number }[];
}
