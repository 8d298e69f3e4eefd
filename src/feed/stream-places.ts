/** How many streams may be open at once. */
export interface StreamLimits {
  readonly ofOneCaller: number;
  readonly inAll: number;
}

/** Which limit leaves no place. */
export type NoPlace = { readonly refused: 'caller' | 'all'; readonly most: number };

/** Counts who holds an answer open: every stream costs memory for as long as its client likes. */
export class StreamPlaces {
  private readonly taken = new Map<string, number>();
  private all = 0;

  constructor(private readonly limits: StreamLimits) {}

  /** Streams open just now. */
  get size(): number {
    return this.all;
  }

  /** Takes a place for this caller; what gives it back (calling it again changes nothing), or why there is none. */
  take(caller: string): (() => void) | NoPlace {
    const { ofOneCaller, inAll } = this.limits;
    const own = this.taken.get(caller) ?? 0;
    if (own >= ofOneCaller) return { refused: 'caller', most: ofOneCaller };
    if (this.all >= inAll) return { refused: 'all', most: inAll };
    this.taken.set(caller, own + 1);
    this.all++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.giveBack(caller);
    };
  }

  private giveBack(caller: string): void {
    this.all--;
    const left = (this.taken.get(caller) ?? 1) - 1;
    if (left > 0) this.taken.set(caller, left);
    else this.taken.delete(caller);
  }
}
