const keptMs = 60_000;

/**
 * Keeps the last answer for a minute, so that its further pages cost nothing; no more than one, because it may be large.
 * An answer that failed is not kept.
 */
export class Kept<Answer> {
  private last: { readonly key: string; readonly answer: Promise<Answer> } | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** The answer kept under this key, or the one that `make` gives. */
  get(key: string, make: () => Promise<Answer>): Promise<Answer> {
    if (this.last?.key === key) return this.last.answer;
    const kept = { key, answer: make() };
    const forget = (): void => {
      if (this.last === kept) this.last = undefined;
    };
    this.last = kept;
    kept.answer.catch(forget);
    clearTimeout(this.timer);
    this.timer = setTimeout(forget, keptMs).unref();
    return kept.answer;
  }
}
