/** How full a pool, or a prefix, is: counts, and the forecast of the engine. */
export interface PoolUse {
  readonly size: number;
  readonly taken: number;
  readonly cooling: number;
  readonly keptBack: number;
  readonly free: number;
  readonly forecast: { readonly netUsePerDay: number; readonly emptyAt?: string };
}

export interface Pool {
  readonly poolId: string;
  readonly state: 'in-use' | 'retired';
  readonly prefix?: string;
  readonly site?: string;
  readonly purpose?: string;
  readonly countedLength?: number;
  readonly use?: PoolUse;
}

export interface Delegation {
  readonly customerId: string;
  readonly prefix: string;
  readonly use?: PoolUse;
  readonly heldBy?: string;
  readonly orderId?: string;
}

/** Something that was sold without naming it, and waits. */
export interface WaitingOrder {
  readonly serverId?: string;
  readonly customerId?: string;
  readonly addOnId?: string;
  readonly orderId?: string;
  readonly boughtAt: string;
  readonly reason: string;
}

/** The answer of `GET /v1/pools`. */
export interface Pools {
  readonly pools: readonly Pool[];
  readonly delegations: readonly Delegation[];
  readonly furtherCustomers: number;
  readonly waiting: readonly WaitingOrder[];
}

const purposes: Readonly<Record<string, string>> = {
  'ipv4-add-on': 'IPv4 add-ons',
  'server-prefix': 'servers',
  'customer-prefix': 'customers',
};

/** What a pool is for, and what it is counted in. */
export function purposeInWords({ purpose = '', countedLength }: Pool): string {
  const words = purposes[purpose] ?? purpose;
  return countedLength === undefined ? words : `${words}, in /${countedLength}s`;
}

/** The parts of a range that are not free, in the order in which they are drawn. */
export const parts = [
  ['taken', 'taken'],
  ['cooling', 'cooling down'],
  ['keptBack', 'kept back'],
] as const;

/** All of it in one sentence. */
export function useInWords(use: PoolUse): string {
  const said = parts.flatMap(([part, words]) => (use[part] === 0 ? [] : [`${number(use[part])} ${words}`]));
  return [`${number(use.free)} of ${number(use.size)} free`, ...said].join(', ');
}

/** What lies further ahead is no forecast any more. */
const farMs = 10 * 365 * 86_400_000;

/** When it is empty if it goes on so; the instant where it can be told. */
export function whenEmpty({ free, forecast: { emptyAt } }: PoolUse, now: number): { readonly at: string } | string {
  if (free === 0) return 'now';
  if (emptyAt === undefined) return 'not in sight';
  return Date.parse(emptyAt) - now > farMs ? 'after 10 years' : { at: emptyAt };
}

/** A thousand and more are read by their groups. */
export const number = (count: number): string => count.toLocaleString('en');
