import { hash } from 'node:crypto';
import { type EventData, formatInstant } from '../../../events/index.js';

/** The types an import may publish. */
export type ImportedType =
  | 'ServerAdded'
  | 'ServerMoved'
  | 'ServerNicReplaced'
  | 'ServerTransferred'
  | 'ServerRecordCorrected'
  | 'ServerRemoved'
  | 'Ipv6PrefixAssigned'
  | 'Ipv6PrefixReleased'
  | 'Ipv4AddOnBought'
  | 'Ipv4AddOnCancelled';

/** A fact of billing that a file states. */
export interface BillingFact<Type extends ImportedType = ImportedType> {
  readonly type: Type;
  readonly data: EventData<Type>;
  /** When it became true, ms since 1970. */
  readonly time: number;
}

/** A CloudEvent as `portledger publish` takes it. */
export interface ImportedEvent {
  readonly specversion: '1.0';
  readonly type: ImportedType;
  readonly source: string;
  readonly id: string;
  readonly subject: string;
  readonly time: string;
  readonly data: object;
}

/** The same fact is the same event whenever and from whichever file it is made: its id is a digest of what it says. */
export function eventOf({ type, data, time }: BillingFact, source: string): ImportedEvent {
  const instant = formatInstant(time);
  const id = `import-${digestOf([type, instant, ...Object.entries(data).sort(byName)])}`;
  return { specversion: '1.0', type, source, id, subject: data.serverId, time: instant, data };
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'hex').slice(0, 40);
}
