import { type Filter, filterNames } from './filter.js';
import type { Violation } from './violation.js';

/** What violations can be put together by, as the API takes it. */
export const groupings = ['port', 'rule', 'offender', 'victim', 'customer', 'rule-port'] as const;
export type Grouping = (typeof groupings)[number];

/** One line of the list: a violation, or a group of many. */
export type Line =
  | { readonly kind: 'violation'; readonly key: string; readonly violation: Violation }
  | { readonly kind: 'group'; readonly key: string; readonly group: Group };

/** A group as the engine counts it, of the whole list and not of what is read of it. What nobody knows is absent. */
export interface Group {
  readonly rule?: string;
  readonly switch?: string;
  readonly port?: string;
  readonly serverId?: string;
  readonly customerId?: string;
  /** Added to the filters of the list it makes it hold exactly this group. */
  readonly filter: Filter;
  readonly violations: number;
  readonly open: number;
  /** The worst of it. */
  readonly severity: string;
  readonly frames: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Id of the one heard last. */
  readonly newest: string;
  /** Frames of each of the last 24 hours, oldest first. */
  readonly day: { readonly frames: readonly number[] };
}

export interface GroupsAnswer {
  readonly groups: readonly Group[];
  /** Groups that are not in the answer. */
  readonly left: number;
  /** Of all groups. */
  readonly violations: number;
}

export const linesOf = (violations: readonly Violation[]): Line[] =>
  violations.map((violation) => ({ kind: 'violation', key: violation.violationId, violation }));

export const groupLines = (groups: readonly Group[]): Line[] =>
  groups.map((group) => ({ kind: 'group', key: keyOfGroup(group), group }));

export const keyOfGroup = ({ filter }: Group): string => `group ${JSON.stringify(filter)}`;

/** The filters of a list and of a group in it together; of what is not known there may be several. */
export function narrowed(list: Filter, group: Filter): Filter {
  const unknown = [list.unknown, group.unknown].flatMap((text) => text?.split(',') ?? []);
  const all: Filter = { ...list, ...group };
  if (unknown.length > 0) all.unknown = [...new Set(unknown)].join(',');
  return Object.fromEntries(filterNames.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/**
 * The groups as they are now, each where it stood: a line never moves under the reader's eyes. What is new goes on top, or
 * below all while the reader is somewhere.
 */
export function standing(before: readonly Group[], now: readonly Group[], isHeld: boolean): readonly Group[] {
  const fresh = new Map(now.map((group) => [keyOfGroup(group), group]));
  const kept: Group[] = [];
  for (const old of before) {
    const key = keyOfGroup(old);
    const group = fresh.get(key);
    if (group !== undefined) kept.push(group);
    fresh.delete(key);
  }
  const come = [...fresh.values()];
  return isHeld ? [...kept, ...come] : [...come, ...kept];
}
