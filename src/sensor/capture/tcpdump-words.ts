const KEPT = 4096;

/** What tcpdump tells on standard error: its counts, whenever it tells them, and the last of everything else. */
export class TcpdumpWords {
  /** Since this run began, as last told. */
  captured = 0;
  receivedByFilter = 0;
  droppedByKernel = 0;
  private rest = '';
  private line = '';

  /** Everything but counts, the last 4096 characters. */
  get words(): string {
    return this.rest + this.line;
  }

  take(text: string): void {
    const lines = (this.line + text).split('\n');
    this.line = (lines.pop() ?? '').slice(-KEPT);
    for (const line of lines) this.read(line);
  }

  /** At its end: a last line may have no newline. */
  end(): void {
    if (this.line !== '') this.take('\n');
  }

  private read(line: string): void {
    const captured = /(\d+) packets? captured/.exec(line)?.[1];
    const received = /(\d+) packets? received by filter/.exec(line)?.[1];
    const dropped = /(\d+) packets? dropped by kernel/.exec(line)?.[1];
    if (captured !== undefined) this.captured = Number(captured);
    if (received !== undefined) this.receivedByFilter = Number(received);
    if (dropped !== undefined) this.droppedByKernel = Number(dropped);
    if (/(?:^|: )\d+ packets? /.test(line)) return;
    this.rest = `${this.rest}${line}\n`.slice(-KEPT);
  }
}
