/** What the streams of one log are called on a server that may hold others. */
export class StreamNames {
  /** Says which log this is; no part of it. */
  readonly log: string;
  /** Shows that the log can be followed; no part of it. */
  readonly heartbeat: string;
  private readonly prefix: string;

  constructor(readonly namespace: string) {
    this.prefix = `${namespace}.`;
    this.log = `${namespace}-log`;
    this.heartbeat = `${namespace}-heartbeat`;
  }

  /** What a subscription has to pass: the streams of the log, the heartbeat, and some more whose names begin so. */
  get filterPrefixes(): string[] {
    return [this.prefix, this.heartbeat];
  }

  onServer(stream: string): string {
    return `${this.prefix}${stream}`;
  }

  /** The stream of the log that a name on the server means; undefined for everything else there. */
  ofLog(name: string): string | undefined {
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : undefined;
  }
}
