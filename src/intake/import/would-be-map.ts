import { contractOf } from '../../../events/index.js';
import { LogFold } from '../../../projections/index.js';
import type { BillingFact } from './billing-fact.js';

/** A claim of one server of the file that another one of it makes as well, and comes first. */
export interface FileConflict {
  readonly serverId: string;
  readonly claim: string;
  readonly holder: string;
}

/** The map that a file alone would make: tells what its own rows contest. */
export class WouldBeMap {
  private readonly fold = new LogFold();
  private ordinal = 0;

  add({ type, data, time }: BillingFact): void {
    const ordinal = this.ordinal++;
    const instant = new Date(time).toISOString();
    const contract = contractOf(type);
    const stream = contract?.stream?.(data) ?? '';
    this.fold.fold({
      id: String(ordinal),
      stream,
      type,
      data,
      metadata: { source: '', sourceId: '', schemaVersion: contract?.version ?? 1, time: instant, recordedAt: instant },
      revision: 0,
      position: String(ordinal),
      ordinal,
    });
  }

  *conflicts(): Iterable<FileConflict> {
    for (const { serverId, conflicts } of this.fold.map.bindings())
      for (const { claim, holder } of conflicts) yield { serverId, claim, holder };
  }
}
