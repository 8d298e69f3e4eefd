import { decodeEvent, type LedgerEvent, type StoredEvent, usualDelegatedLength } from '../../events/index.js';
import type { LiveMap } from '../projector/live-map.js';
import type { Candidate } from './check-event.js';
import { type DryReceipt, dryReceiptOf, factOf, receiptOf } from './receipt.js';
import type { Refusal } from './refusal.js';
import type { Settled } from './settle-batch.js';

/** What would have become of one event of a request. */
export type Rehearsed = { readonly refused: false; readonly receipt: DryReceipt } | Refusal;

/** What keeps a sale from a device. */
export interface Obstacles {
  /** Of each switch to which nothing is pushed: why. */
  readonly notEnabled: ReadonlyMap<string, string>;
  /** Why an IPv4 add-on there would get no address; `isNamed` where the sale names one. */
  readonly noIpv4: (switchName: string | undefined, isNamed: boolean) => string | undefined;
  /** Why a /64 that is ordered there for a server of the customer would not be allocated. */
  readonly noIpv6: (customerId: string, switchName: string) => string | undefined;
  /** Why a prefix of a length that is ordered for a customer at a site would not be allocated. */
  readonly noCustomerPrefix: (site: string, length: number) => string | undefined;
}

/**
 * What the events of a request would be answered if they were published now, in this order and by nobody else meanwhile.
 * The map is asked, never told: the new facts are folded in a trial on top of it.
 * @param settled with every event looked up that the log may hold already
 * @param now the engine's clock, ms since 1970: when they would be recorded
 */
export function rehearse(
  settled: readonly Settled[],
  liveMap: LiveMap,
  now: number,
  { notEnabled, noIpv4, noIpv6, noCustomerPrefix }: Obstacles,
): Rehearsed[] {
  const trial = liveMap.trial();
  let ordinal = liveMap.ordinal;
  const facts = new Map<Candidate, LedgerEvent>();
  for (const one of settled) {
    if (one.refused || one.to !== 'append') continue;
    const fact = factOf(one.candidate, { position: '', ordinal: ++ordinal, recordedAt: now });
    facts.set(one.candidate, fact);
    trial.fold(fact);
  }
  const rehearsed: Rehearsed[] = [];
  for (const one of settled) {
    if (one.refused) rehearsed.push(one);
    else if (one.to === 'answer') rehearsed.push({ refused: false, receipt: storedAlready(one.stored) });
    else if (one.to === 'repeat') rehearsed.push(needed(rehearsed[one.index]));
    else {
      const times = { time: one.candidate.time, recordedAt: now };
      const fact = needed(facts.get(one.candidate));
      const receipt = dryReceiptOf(one.candidate, trial.effectOf(fact), times);
      rehearsed.push({ refused: false, receipt: { ...receipt, ...withheldOf(fact) } });
    }
  }
  return rehearsed;

  /** What a server or a customer would not get although it is sold, because of where it would be. */
  function withheldOf({ type, data }: LedgerEvent): Pick<DryReceipt, 'withheld'> {
    if (type === 'CustomerPrefixOrdered') {
      const reason = noCustomerPrefix(data.site, data.length ?? usualDelegatedLength);
      return reason === undefined ? {} : { withheld: [{ what: data.orderId, reason }] };
    }
    if (!('serverId' in data) || data.serverId === undefined) return {};
    const place = trial.switchOf(data.serverId);
    const reason = notEnabled.get(place ?? '');
    const withheld = reason === undefined ? [] : [{ what: 'server', reason }];
    const noAddress = type === 'Ipv4AddOnBought' ? noIpv4(place, data.address !== undefined) : undefined;
    if (type === 'Ipv4AddOnBought' && noAddress !== undefined) withheld.push({ what: data.addOnId, reason: noAddress });
    const noPrefix = type === 'Ipv6PrefixOrdered' ? whyNoPrefix(data.serverId, place) : undefined;
    if (type === 'Ipv6PrefixOrdered' && noPrefix !== undefined) withheld.push({ what: data.orderId, reason: noPrefix });
    return withheld.length === 0 ? {} : { withheld };
  }

  /** Nobody can tell where the request itself changes what the customer has, or where the server is not sold yet. */
  function whyNoPrefix(serverId: string, place: string | undefined): string | undefined {
    const customerId = trial.customerOf(serverId);
    if (customerId === undefined || place === undefined || trial.delegatesTo(customerId)) return undefined;
    return noIpv6(customerId, place);
  }

  function storedAlready(event: StoredEvent): DryReceipt {
    const decoded = decodeEvent(event);
    const isFolded = decoded.readable && event.ordinal <= liveMap.ordinal;
    return { ...receiptOf(event, isFolded ? trial.effectOf(decoded.event) : undefined), dryRun: true };
  }
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('An event of a request was rehearsed before the one it repeats.');
  return value;
}
