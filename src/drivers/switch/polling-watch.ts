/** Looks at a switch that does not call, again and again, and hints at each interface that looks different. */
export class PollingWatch {
  private timer: NodeJS.Timeout | undefined;
  private seen: ReadonlyMap<string, string> | undefined;
  private closed = false;

  /** `everyMs` counts from the end of one look to the start of the next. */
  constructor(
    private readonly look: () => Promise<ReadonlyMap<string, unknown>>,
    private readonly everyMs: number,
    private readonly onHint: (interfaceName: string | undefined) => void,
  ) {
    void this.again();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async again(): Promise<void> {
    const interfaces = await this.look().catch(() => undefined);
    if (this.closed) return;
    if (interfaces === undefined) this.lost();
    else this.compare(new Map([...interfaces].map(([name, state]) => [name, JSON.stringify(state)])));
    this.timer = setTimeout(() => void this.again(), this.everyMs);
  }

  /** Nobody knows what changes while the switch does not answer. */
  private lost(): void {
    this.seen = undefined;
  }

  private compare(now: ReadonlyMap<string, string>): void {
    const before = this.seen;
    this.seen = now;
    if (before === undefined) return this.onHint(undefined);
    for (const name of new Set([...before.keys(), ...now.keys()]))
      if (before.get(name) !== now.get(name)) this.onHint(name);
  }
}
