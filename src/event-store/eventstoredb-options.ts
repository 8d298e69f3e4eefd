/** Which log on which server, and how patient to be with it. */
export interface EventStoreDbOptions {
  /** `esdb://...` or `esdb+discover://...`, without user and password. */
  readonly connectionString: string;
  /** JSON `{"username": ..., "password": ...}`. */
  readonly credentialsFile?: string | undefined;
  /** The streams of this log are called `<namespace>.<stream>` on the server. */
  readonly namespace: string;
  /** Holds the local index, which is made anew where it is missing; made where its parent exists. */
  readonly directory: string;
  /** Milliseconds between heartbeats; two without one mean that the log is not being followed. */
  readonly heartbeatMs: number;
  /** Milliseconds that one call may go without an answer. */
  readonly deadlineMs: number;
  /** The engine's clock, milliseconds since 1970; default the system's. */
  readonly now?: (() => number) | undefined;
}
