import type { EngineClient } from '../../cli/engine-client.js';
import { type LineOutcome, Publisher } from '../publisher.js';
import { type BillingFact, eventOf } from './billing-fact.js';
import type { Row } from './row.js';

/** Sends what rows say to the engine, in batches and in the order of the file, and tells which rows it refused. */
export class Sending {
  acknowledged = 0;
  refused = 0;
  /** Events whose claim another server holds. */
  conflicted = 0;
  private readonly publisher: Publisher;
  /** Rows of which some event is not answered yet. */
  private readonly open = new Map<number, { readonly row: Row; left: number; readonly reasons: string[] }>();

  constructor(
    client: Pick<EngineClient, 'request'>,
    private readonly source: string,
    /** True for asking only: nothing is stored. */
    isDryRun: boolean,
    private readonly onRefused: (row: Row, reasons: readonly string[]) => void,
    /** Waits before something is sent again; may reject with a CliError to end it all. */
    pause?: (ms: number) => Promise<unknown>,
  ) {
    const path = isDryRun ? '/v1/events?dryRun=true' : '/v1/events';
    this.publisher = new Publisher(client, (outcome) => this.take(outcome), pause, path);
  }

  /** Rejects with a CliError when the engine will not take any more. */
  async add(row: Row, facts: readonly BillingFact[]): Promise<void> {
    this.open.set(row.number, { row, left: facts.length, reasons: [] });
    for (const fact of facts) {
      const event = eventOf(fact, this.source);
      const text = JSON.stringify(event);
      await this.publisher.addEvent({ number: row.number, text, bytesRead: row.bytesRead }, event);
    }
  }

  flush(): Promise<void> {
    return this.publisher.flush();
  }

  /** Resolves when nothing is on its way any more, however that ended. */
  settled(): Promise<void> {
    return this.publisher.settled();
  }

  /** How long it waited because the engine takes only so many events a second of one caller, s. */
  get limitedSeconds(): number {
    return Math.round(this.publisher.limitedMs / 100) / 10;
  }

  private take(outcome: LineOutcome): void {
    const open = this.open.get(outcome.line);
    if (open === undefined) throw new Error(`The engine answered for row ${outcome.line}, of which nothing is open.`);
    open.left--;
    if (outcome.stored) {
      this.acknowledged++;
      if (outcome.conflicts.length > 0) this.conflicted++;
    } else {
      this.refused++;
      open.reasons.push(`${outcome.status} ${outcome.code}: ${outcome.detail}`);
    }
    if (open.left > 0) return;
    this.open.delete(outcome.line);
    if (open.reasons.length > 0) this.onRefused(open.row, open.reasons);
  }
}
