import type { AddOnId, Currency, CustomerId, ServerId } from '../../events/index.js';
import type { Invoice, InvoiceLine } from './invoice.js';
import type { SaleFacts } from './sale-facts.js';

/** What an add-on cost a customer in a month as an earlier invoice said it, and as it is known now. */
export interface Correction {
  readonly serverId: ServerId;
  readonly addOnId: AddOnId;
  readonly customerId: CustomerId;
  readonly currency: Currency;
  readonly thenMinor: bigint;
  readonly nowMinor: bigint;
  /** Below zero: a credit. */
  readonly differenceMinor: bigint;
  /** Ids of the events that were learnt since and made the difference. */
  readonly because: readonly string[];
}

/**
 * The credits and charges that bring an invoice which has gone out to what is known now: with them it adds up to the invoice as it
 * would be made today, for every customer and currency.
 */
export function corrections(facts: SaleFacts, then: Known, now: Known): Correction[] {
  const [before, after] = [sums(then.invoice.lines), sums(now.invoice.lines)];
  const late = new LateFacts(facts, then.ordinal, now.ordinal, now.invoice.month.to);
  const found: Correction[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, fresh] = [before.get(key), after.get(key)];
    const sample = fresh?.sample ?? old?.sample;
    const [thenMinor, nowMinor] = [old?.sum ?? 0n, fresh?.sum ?? 0n];
    if (sample === undefined || thenMinor === nowMinor) continue;
    const { serverId, addOnId, customerId, currency } = sample;
    const cited = [...(fresh?.cited ?? [])].filter((id) => old?.cited.has(id) !== true);
    const because = late.named(sample, [...cited, ...(old?.cited ?? [])]);
    const differenceMinor = nowMinor - thenMinor;
    found.push({ serverId, addOnId, customerId, currency, thenMinor, nowMinor, differenceMinor, because });
  }
  return found.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** An invoice, and the ordinal up to which its facts were known. */
export interface Known {
  readonly invoice: Invoice;
  readonly ordinal: number;
}

interface Sum {
  sum: bigint;
  readonly sample: InvoiceLine;
  readonly cited: Set<string>;
}

const keyOf = (line: Pick<InvoiceLine, 'serverId' | 'addOnId' | 'customerId' | 'currency'>): string =>
  `${line.serverId} ${line.addOnId} ${line.customerId} ${line.currency}`;

function sums(lines: readonly InvoiceLine[]): Map<string, Sum> {
  const found = new Map<string, Sum>();
  for (const line of lines) {
    const sum = found.get(keyOf(line)) ?? { sum: 0n, sample: line, cited: new Set<string>() };
    sum.sum += BigInt(line.amountMinor);
    for (const id of [line.began.event, line.ended.event, line.boughtBy, line.pricedBy])
      if (id !== undefined) sum.cited.add(id);
    found.set(keyOf(line), sum);
  }
  return found;
}

/** What was learnt between two invoices of a month. */
class LateFacts {
  private readonly ids = new Set<string>();
  private readonly ofServer = new Map<ServerId, { readonly id: string; readonly addOnId: AddOnId | undefined }[]>();

  constructor(facts: SaleFacts, after: number, upTo: number, before: number) {
    const isLate = (fact: { foldedAt: number; time: number }): boolean =>
      fact.foldedAt > after && fact.foldedAt <= upTo && fact.time < before;
    for (const rate of facts.rates) if (isLate(rate)) this.ids.add(rate.id);
    for (const [serverId, all] of facts.ofServers()) {
      const late = all.filter(isLate);
      if (late.length === 0) continue;
      for (const { id } of late) this.ids.add(id);
      const named = late.filter(({ type }) => !type.startsWith('Ipv6'));
      this.ofServer.set(
        serverId,
        named.map(({ id, data }) => ({ id, addOnId: 'addOnId' in data ? data.addOnId : undefined })),
      );
    }
  }

  /** Those of the server or of this add-on, and those of others that a line names. */
  named({ serverId, addOnId }: InvoiceLine, cited: readonly string[]): string[] {
    const own = (this.ofServer.get(serverId) ?? []).filter((one) => (one.addOnId ?? addOnId) === addOnId);
    return [...new Set([...own.map(({ id }) => id), ...cited.filter((id) => this.ids.has(id))])].sort();
  }
}
