/** An order that may be given, and the event that billing is asked for by it; empty where it asks nothing. */
export interface Ordered {
  readonly asked?: string;
  readonly prefix?: string;
}

/** A renumbering as the API tells it; times in RFC 3339. */
export interface Renumbering {
  readonly renumberingId: string;
  readonly etag: string;
  readonly serverId: string;
  readonly customerId?: string;
  readonly from: string;
  readonly to: string;
  readonly state: string;
  /** Absent until it is written down. */
  readonly since?: string;
  readonly waitsFor: string;
  readonly awaited?: { readonly type: string; readonly prefix: string };
  readonly orders: { readonly next?: Ordered; readonly despite?: Ordered; readonly back?: Ordered };
  readonly newHeldBy?: string;
  readonly whyNot?: string;
  readonly granted: { readonly from: boolean; readonly to: boolean };
  readonly announced: { readonly from: boolean; readonly to: boolean };
  readonly startedAt: string;
  readonly by: string;
  readonly reason?: string;
  readonly quietSeconds: number;
  readonly heard: {
    readonly frames: number;
    readonly last?: string;
    readonly watchedSince?: string;
    readonly quietAt?: string;
  };
}

export interface RenumberingList {
  readonly renumberings: readonly Renumbering[];
}

/** Those that end well pass these one after the other. */
const way = [
  'planned',
  'waiting-for-grant',
  'waiting-for-route',
  'both-live',
  'safe-to-remove',
  'waiting-for-release',
  'waiting-for-withdrawal',
  'finished',
] as const;
/** Those that are taken back. */
const wayBack = ['waiting-for-old', 'waiting-for-return', 'rolled-back'] as const;
const isOn = (steps: readonly string[], state: string): boolean => steps.includes(state);

/** Every state, in the order in which a list of them is read. */
export const allStates: readonly string[] = [...way, ...wayBack, 'void'];
export const allWaits = ['operator', 'billing', 'network', 'quiet', 'nobody'] as const;

export interface Step {
  readonly state: string;
  /** `before` it on the way: whether it ever stood there this does not say. */
  readonly stands: 'before' | 'here' | 'after';
}

/** The way of a renumbering, and where on it it is. */
export function stepsOf({ state }: Pick<Renumbering, 'state'>): Step[] {
  const steps: readonly string[] = isOn(way, state) ? way : isOn(wayBack, state) ? wayBack : [state];
  const here = steps.indexOf(state);
  return steps.map((one, at) => ({ state: one, stands: at < here ? 'before' : at === here ? 'here' : 'after' }));
}

/** Who has to do something, for a column. */
export const waitsInWords: Readonly<Record<string, string>> = {
  operator: 'an operator',
  billing: 'billing',
  network: 'the network',
  quiet: 'silence',
  nobody: 'nobody',
};

/** What is so, and what comes next, one or two sentences. */
export function saysNow(one: Renumbering): string {
  const { state, from, to, serverId, newHeldBy, heard, awaited } = one;
  switch (state) {
    case 'planned':
      return `Nothing was asked yet. To go on is to ask billing for ${to}.`;
    case 'waiting-for-grant':
      return newHeldBy === undefined
        ? `Billing was asked for ${to}. Keep ${from} until it is granted.`
        : `${to} is sold to ${serverId}, and ${newHeldBy} holds it before.`;
    case 'waiting-for-route': {
      const missing = one.announced.to ? from : to;
      return `${missing} is granted and not announced${one.whyNot === undefined ? ' yet' : `: ${one.whyNot}`}.`;
    }
    case 'both-live':
      return heard.watchedSince === undefined
        ? `Both are live, and no sensor of this engine hears the port of ${serverId}: whether ${from} is quiet cannot be said.`
        : `Both are live. ${from} is safe to remove once neighbour discovery did not name it for ${spoken(one.quietSeconds)}.`;
    case 'safe-to-remove':
      return `${from} was not heard by neighbour discovery for ${spoken(one.quietSeconds)}. To go on is to ask billing to release it.`;
    case 'waiting-for-withdrawal':
      return 'The route is on its way out: devices were not read back without it yet.';
    case 'finished':
      return one.granted.from
        ? `It was finished; billing has assigned ${from} again since.`
        : `${from} is released, and ${serverId} lives on ${to}.`;
    case 'rolled-back':
      return `${serverId} keeps ${from}.`;
    case 'void':
      return `${serverId} is not sold any more.`;
    default:
      return awaited === undefined ? '' : `Billing must publish ${awaited.type} ${awaited.prefix} for ${serverId}.`;
  }
}

/** What an order would do, one sentence. */
export function saysOrder({ from, to }: Renumbering, word: 'next' | 'back', { asked, prefix }: Ordered): string {
  if (asked === undefined) return 'It ends. Billing was asked for nothing, and hears nothing.';
  const wish = asked === 'Ipv6PrefixReleased' ? `to release ${prefix}` : `for ${prefix}`;
  const then =
    word === 'next' && prefix === from
      ? `Once it is released, ${from} is routed no more, and who still uses it is cut off.`
      : prefix === to && asked === 'Ipv6PrefixReleased'
        ? `${from} stays as it is.`
        : 'Nothing is taken away by that.';
  return `Billing is asked ${wish}. ${then}`;
}

/** Those that fit what the address asks for; without a state and who waits, those that are under way. */
export function fitting(
  all: readonly Renumbering[],
  { state, waits, text = '' }: { readonly state?: string; readonly waits?: string; readonly text?: string },
): Renumbering[] {
  return named(all, text).filter((one) => {
    if (state !== undefined ? one.state !== state : waits === undefined && one.waitsFor === 'nobody') return false;
    return waits === undefined || one.waitsFor === waits;
  });
}

/** Those that have a text somewhere in their names. */
export function named(all: readonly Renumbering[], text = ''): Renumbering[] {
  const sought = text.toLowerCase();
  return all.filter(({ renumberingId, serverId, customerId = '', from, to }) =>
    [renumberingId, serverId, customerId, from, to].some((name) => name.toLowerCase().includes(sought)),
  );
}

/** How many are in each state, those with none left out. */
export function countsOf(all: readonly Renumbering[]): { readonly state: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { state } of all) counts.set(state, (counts.get(state) ?? 0) + 1);
  return allStates.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [{ state, count }];
  });
}

/** Those that say the same stay the same objects. */
export function keptSame(before: readonly Renumbering[] | undefined, now: readonly Renumbering[]): Renumbering[] {
  const known = new Map((before ?? []).map((one) => [one.renumberingId, one]));
  return now.map((one) => {
    const former = known.get(one.renumberingId);
    return former !== undefined && JSON.stringify(former) === JSON.stringify(one) ? former : one;
  });
}

/** Seconds as a person says them: `72 h`, `90 min`, `5 s`. */
export function spoken(seconds: number): string {
  if (seconds > 0 && seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** `72 h`, `90 min`, `5 s` or `3 d` as seconds; undefined for anything else. */
export function secondsIn(text: string): number | undefined {
  const [, count, unit = 's'] = /^\s*(\d{1,7})\s*(s|min|h|d)?\s*$/.exec(text) ?? [];
  const seconds = Number(count) * { s: 1, min: 60, h: 3_600, d: 86_400 }[unit as 's' | 'min' | 'h' | 'd'];
  return seconds > 0 ? seconds : undefined;
}
