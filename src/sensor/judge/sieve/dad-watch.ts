const bitsOfWatch = 8_192;
const words = bitsOfWatch / 32;

/**
 * Addresses that somebody asked for in duplicate address detection a short while ago: a claim of one of them may be the
 * answer of an attacker, so the rules look at it. By hash: a claim of another address may be looked at in vain.
 */
export class DadWatch {
  private now = new Uint32Array(words);
  private before = new Uint32Array(words);
  private ends = Number.NEGATIVE_INFINITY;
  private watched = 0;
  private watchedBefore = 0;

  /** @param windowMs how long an address is watched at least; at most twice as long */
  constructor(private readonly windowMs: number) {}

  add(hash: number, time: number): void {
    if (time >= this.ends) this.turn(time);
    this.watched++;
    const word = (hash >>> 5) & (words - 1);
    this.now[word] = (this.now[word] ?? 0) | (1 << (hash & 31));
  }

  /** False when no address is watched. */
  get isWatching(): boolean {
    return this.watched + this.watchedBefore > 0;
  }

  has(hash: number): boolean {
    const word = (hash >>> 5) & (words - 1);
    return (((this.now[word] ?? 0) | (this.before[word] ?? 0)) & (1 << (hash & 31))) !== 0;
  }

  /** Lets go of what was watched long enough. */
  advance(time: number): void {
    if (this.watched + this.watchedBefore > 0 && time >= this.ends) this.turn(time);
  }

  private turn(time: number): void {
    const isLong = time >= this.ends + this.windowMs;
    [this.now, this.before] = [this.before, this.now];
    this.now.fill(0);
    if (isLong) this.before.fill(0);
    this.watchedBefore = isLong ? 0 : this.watched;
    this.watched = 0;
    this.ends = time + this.windowMs;
  }
}
