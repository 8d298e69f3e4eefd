import type { Belongings, NumberRange, Released } from './kind.js';

const dayMs = 86_400_000;
/** How far back the use of a range is looked at. */
const forecastDays = 30;

/** How full a range is, and when it will be empty if it goes on as in the last 30 days. */
export interface RangeUse {
  readonly size: number;
  /** Claimed by servers, whoever allocated it. */
  readonly taken: number;
  /** Given back, and kept from others for a while. */
  readonly cooling: number;
  /** Never handed out: network, broadcast, reserved and gateway addresses. */
  readonly keptBack: number;
  readonly free: number;
  /** What is taken less what is given back, a day, over the last 30 days; below 0 where more came back. */
  readonly netUsePerDay: number;
  /** Ms since 1970; undefined where the use does not grow, and for a range that is empty already. */
  readonly emptyAt: number | undefined;
}

export interface Users<Thing> {
  readonly holders: Iterable<Belongings<Thing>>;
  /** True for what nobody claims, and is kept from others for a while. */
  readonly isCooling: (released: Released<Thing>) => boolean;
  readonly distinct: (things: readonly Thing[]) => readonly Thing[];
}

/** @param now ms since 1970 */
export function useOf<Thing>(
  range: NumberRange<Thing>,
  { holders, isCooling, distinct }: Users<Thing>,
  now: number,
): RangeUse {
  const from = now - forecastDays * dayMs;
  const isRecent = (time: number): boolean => time > from && time <= now;
  const [held, cool]: [Thing[], Thing[]] = [[], []];
  let net = 0;
  for (const holder of holders) {
    for (const { thing, since } of holder.held) {
      if (!range.overlaps(thing)) continue;
      held.push(thing);
      if (isRecent(since)) net += range.count(thing);
    }
    for (const one of holder.released) {
      const { thing, since, until } = one;
      if (!range.overlaps(thing)) continue;
      if (isCooling(one)) cool.push(thing);
      net += ((isRecent(since) ? 1 : 0) - (isRecent(until) ? 1 : 0)) * range.count(thing);
    }
  }
  const sum = (things: readonly Thing[]): number =>
    distinct(things).reduce((total, thing) => total + range.count(thing), 0);
  const { size } = range;
  const { free } = range.free;
  const taken = Math.min(sum(held), size - free);
  const cooling = Math.min(sum(cool), size - free - taken);
  const netUsePerDay = net / forecastDays;
  return {
    ...{ size, taken, cooling, keptBack: size - taken - cooling - free, free },
    netUsePerDay,
    emptyAt: free > 0 && netUsePerDay > 0 ? now + Math.ceil((free / netUsePerDay) * dayMs) : undefined,
  };
}
