/** At most so many reads a second are caused by hints on one device; what comes meanwhile is joined to the next. */
export const readsPerSecond = 5;
/** "ifOperStatus is about to enter down" (RFC 2863): the state may change just after it was announced, so it is read once more. */
const againMs = 2_000;

type Interfaces = ReadonlySet<string | undefined>;

/**
 * Lets the hints of one device through as few reads: one at once, then one each 200 ms while hints keep coming, and
 * every interface once more 2 to 4 s after its hint.
 */
export class HintGate {
  private waiting = new Set<string | undefined>();
  /** To be read once more: by the next turn of `late`, and by the one after it. */
  private again = { next: new Set<string | undefined>(), afterNext: new Set<string | undefined>() };
  private pause: NodeJS.Timeout | undefined;
  private late: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param read is given interfaces, undefined among them for all */
  constructor(private readonly read: (interfaces: Interfaces) => void) {}

  hint(interfaceName: string | undefined): void {
    if (this.closed) return;
    this.waiting.add(interfaceName);
    this.later(interfaceName);
    if (this.pause === undefined) this.pass();
  }

  /** Reads once, 2 to 4 s from now. */
  later(interfaceName: string | undefined): void {
    if (this.closed) return;
    if (this.late !== undefined) this.again.afterNext.add(interfaceName);
    else {
      this.again.next.add(interfaceName);
      this.late = setTimeout(() => this.passAgain(), againMs);
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.pause);
    clearTimeout(this.late);
  }

  private pass(): void {
    const now = this.waiting;
    this.waiting = new Set();
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.waiting.size > 0) this.pass();
    }, 1_000 / readsPerSecond);
    this.read(now);
  }

  private passAgain(): void {
    const now = this.again.next;
    this.again = { next: this.again.afterNext, afterNext: new Set() };
    this.late = this.again.next.size === 0 ? undefined : setTimeout(() => this.passAgain(), againMs);
    this.read(now);
  }
}
