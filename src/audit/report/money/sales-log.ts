import { setImmediate as nextTurn } from 'node:timers/promises';
import { SaleFacts } from '../../../../projections/index.js';
import { KnownLog, type LogReader } from '../../known-log.js';
import { CarriedFamilies } from './carried-families.js';

/** What the reports about money ask: folded once, and then only what has been stored since. */
export class SalesLog {
  readonly facts = new SaleFacts();
  readonly carried = new CarriedFamilies();
  private reading = Promise.resolve();

  constructor(readonly log: LogReader) {}

  /** Reads on to the end of the log, one reader at a time. Rejects with a StoreError. */
  upToDate(): Promise<void> {
    this.reading = this.reading.catch(() => {}).then(() => this.read());
    return this.reading;
  }

  private async read(): Promise<void> {
    const known = await KnownLog.open(this.log);
    for await (const page of known.after(this.facts.ordinal)) {
      for (const event of page) {
        this.carried.take(event);
        this.facts.take(event);
      }
      // An engine has other work between two pages.
      await nextTurn();
    }
  }
}
