import type { EventData, EventType } from '../../events/index.js';
import type { idFromContent } from './content-id.js';

/**
 * What may be published from outside: of each type, the field of its data that names what the fact is about, and the shape
 * that this client writes. A copy, so that nobody loads the contracts for it; a test holds it against the catalogue.
 */
export const publishedTypes = {
  ServerAdded: { about: 'serverId', version: 1 },
  ServerMoved: { about: 'serverId', version: 1 },
  ServerNicReplaced: { about: 'serverId', version: 1 },
  ServerTransferred: { about: 'serverId', version: 1 },
  ServerSuspended: { about: 'serverId', version: 1 },
  ServerResumed: { about: 'serverId', version: 1 },
  ServerRemoved: { about: 'serverId', version: 1 },
  ServerRecordCorrected: { about: 'serverId', version: 1 },
  ServerMacAdded: { about: 'serverId', version: 1 },
  ServerMacRemoved: { about: 'serverId', version: 1 },
  Ipv6PrefixAssigned: { about: 'serverId', version: 1 },
  Ipv6PrefixReleased: { about: 'serverId', version: 1 },
  Ipv4AddOnBought: { about: 'serverId', version: 1 },
  Ipv4AddOnCancelled: { about: 'serverId', version: 1 },
  Ipv6PrefixOrdered: { about: 'serverId', version: 1 },
  Ipv6PrefixOrderCancelled: { about: 'serverId', version: 1 },
  AddOnRateSet: { about: 'product', version: 1 },
  CustomerPrefixDelegated: { about: 'customerId', version: 1 },
  CustomerPrefixWithdrawn: { about: 'customerId', version: 1 },
  CustomerPrefixOrdered: { about: 'customerId', version: 1 },
  CustomerPrefixOrderCancelled: { about: 'customerId', version: 1 },
  ContainmentRefused: { about: 'serverId', version: 1 },
  GatewayDeclared: { about: 'switch', version: 1 },
  GatewayRetired: { about: 'switch', version: 1 },
  AddressPoolAdded: { about: 'poolId', version: 1 },
  AddressPoolRetired: { about: 'poolId', version: 1 },
  LinkUp: { about: 'port', version: 1 },
  LinkDown: { about: 'port', version: 1 },
  ExceptionGranted: { about: 'exceptionId', version: 1 },
  ExceptionEnded: { about: 'exceptionId', version: 1 },
  SiteSurveyStarted: { about: 'site', version: 1 },
  SiteSurveyEnded: { about: 'site', version: 1 },
} as const satisfies Partial<Record<EventType, { readonly about: string; readonly version: number }>>;

/** An event type that a billing system, an operator or a link source publishes. */
export type PublishedType = keyof typeof publishedTypes;

/** A value of the published language as a billing system has it: a checked name is a text to whoever writes it. */
type Plain<Value> = Value extends string
  ? keyof Value extends keyof string
    ? Value
    : string
  : Value extends number
    ? number
    : Value extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : Value;

/** The data of a fact, its names and addresses in any spelling the engine takes. */
export type FactData<Type extends PublishedType> = {
  readonly [Field in keyof EventData<Type>]: Plain<EventData<Type>[Field]>;
};

/** A fact to be published. Its subject follows from its data. */
export type Fact<Type extends PublishedType = PublishedType> = {
  [One in Type]: {
    readonly type: One;
    readonly data: FactData<One>;
    /** Unique within the source, such as the number of the order; the same again is stored once. See `idFromContent`. */
    readonly id: string | typeof idFromContent;
    /** When the fact became true; a text is RFC 3339 with a zone. */
    readonly time: string | Date;
    /** Default: the source of the client. The engine takes only the one bound to the token. */
    readonly source?: string;
  };
}[Type];
