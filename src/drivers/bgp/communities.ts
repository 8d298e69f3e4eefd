import type { Community, Route } from './bgp.port.js';

const isWithin = (number: number, most: number): boolean => Number.isInteger(number) && number >= 0 && number <= most;

/** True for two numbers of 16 bits (RFC 1997) and for three of 32 bits (RFC 8092). */
export function isCommunity(community: readonly number[]): boolean {
  if (community.length === 2) return community.every((part) => isWithin(part, 0xffff));
  return community.length === 3 && community.every((part) => isWithin(part, 0xffffffff));
}

/** The communities of a route as a set: sorted, the standard ones first, none twice. `64512:100 64512:1:2`. */
export function communitiesText({ communities = [] }: Pick<Route, 'communities'>): string {
  const inOrder = [...communities].sort(byNumbers);
  return [...new Set(inOrder.map((community) => community.join(':')))].join(' ');
}

export function byNumbers(one: Community, other: Community): number {
  if (one.length !== other.length) return one.length - other.length;
  for (const [index, part] of one.entries()) {
    const difference = part - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** MED and communities of a route, to tell whether they are the same. */
export function attributesOf(route: Pick<Route, 'med' | 'communities'>): string {
  return `${route.med} ${communitiesText(route)}`;
}
