/** Lets one request at a time work on an event id, so that what it looked up is still so when it appends. */
export class InFlight {
  private readonly busy = new Map<string, Promise<void>>();

  /** Runs `work` as soon as no other work on any of these ids is under way. */
  async run<Result>(ids: readonly string[], work: () => Promise<Result>): Promise<Result> {
    for (let other = this.firstBusy(ids); other !== undefined; other = this.firstBusy(ids)) await other;
    let finished: () => void = () => {};
    const finish = new Promise<void>((resolve) => (finished = resolve));
    for (const id of ids) this.busy.set(id, finish);
    try {
      return await work();
    } finally {
      for (const id of ids) this.busy.delete(id);
      finished();
    }
  }

  private firstBusy(ids: readonly string[]): Promise<void> | undefined {
    for (const id of ids) {
      const other = this.busy.get(id);
      if (other !== undefined) return other;
    }
    return undefined;
  }
}
