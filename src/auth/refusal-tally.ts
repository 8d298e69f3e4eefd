const windowMs = 60_000;
const mostAddresses = 20;
const mostNames = 5;

/** What was refused to one address within a minute. */
export interface Refusals {
  /** Undefined for all those addresses that were too many to be kept apart. */
  readonly address: string | undefined;
  readonly count: number;
  /** ms since 1970. */
  readonly first: number;
  readonly last: number;
  /** The first five that were named. */
  readonly names: readonly string[];
  readonly reasons: readonly string[];
}

interface Tally {
  count: number;
  readonly first: number;
  last: number;
  readonly names: Set<string>;
  readonly reasons: Set<string>;
}

/**
 * Counts what strangers cause, by address and minute: at most twenty addresses and one for all others, so that a flood of
 * refusals stores 21 events a minute. A minute begins with its first refusal, and is told when it is over.
 */
export class RefusalTally {
  private readonly tallies = new Map<string | undefined, Tally>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tell: (refusals: Refusals) => void,
    private readonly now: () => number = Date.now,
  ) {}

  add(
    from: string | undefined,
    { name, reason }: { readonly name?: string | undefined; readonly reason: string },
  ): void {
    const now = this.now();
    const isKept = from !== undefined && (this.tallies.has(from) || this.tallies.size < mostAddresses);
    const address = isKept ? from : undefined;
    const tally = this.tallies.get(address) ?? {
      count: 0,
      first: now,
      last: now,
      names: new Set<string>(),
      reasons: new Set<string>(),
    };
    this.tallies.set(address, tally);
    tally.count++;
    tally.last = now;
    if (name !== undefined && tally.names.size < mostNames) tally.names.add(name);
    tally.reasons.add(reason);
    this.timer ??= setTimeout(() => this.flush(), windowMs).unref();
  }

  /** Tells what was counted, and begins anew. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const tallies = [...this.tallies];
    this.tallies.clear();
    for (const [address, { count, first, last, names, reasons }] of tallies)
      this.tell({ address, count, first, last, names: [...names], reasons: [...reasons] });
  }
}
