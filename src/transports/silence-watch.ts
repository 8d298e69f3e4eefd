/** Breaks a connection that has fallen silent, or that nobody wants any more. */
export class SilenceWatch {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;
  private readonly stop = (): void => this.controller.abort();

  /** @param silenceMs the longest silence, ms */
  constructor(
    private readonly silenceMs: number,
    private readonly wanted: AbortSignal | undefined,
  ) {
    wanted?.addEventListener('abort', this.stop);
    this.timer = setTimeout(this.stop, this.silenceMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.stop, this.silenceMs);
  }

  end(): void {
    clearTimeout(this.timer);
    this.wanted?.removeEventListener('abort', this.stop);
    this.stop();
  }
}
