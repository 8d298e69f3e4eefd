import { shortText } from './shown-text.js';

/** A server and its customer, as they were when the frame was heard. */
export interface Party {
  readonly serverId?: string;
  readonly customerId?: string;
}

/** A mute that lies over a violation. */
export interface Muted {
  readonly muteId: string;
  readonly until: string;
  readonly reason: string;
  readonly by: string;
}

/** A renumbering that explains why an address is heard which is not sold, or not yet. */
export interface Renumbered {
  readonly renumberingId: string;
  readonly serverId: string;
  readonly from: string;
  readonly to: string;
  /** In which of the two the claimed address lies. */
  readonly prefix: 'old' | 'new';
  readonly state: string;
}

/** A violation as the API lists it; times in RFC 3339. What the engine does not know is absent. */
export interface Violation {
  readonly violationId: string;
  /** Of the last event about it. */
  readonly position: string;
  readonly etag?: string;
  readonly state: string;
  readonly rule: string;
  readonly severity: string;
  readonly detail: string;
  readonly site: string;
  readonly survey?: boolean;
  readonly switch: string;
  readonly port?: string;
  readonly vlan?: number;
  readonly sensor: string;
  readonly attribution: string;
  readonly observation: string;
  readonly etherSource: string;
  readonly claimedMac: string;
  readonly claimedAddress?: string;
  readonly renumbering?: Renumbered;
  readonly offender?: Party;
  readonly victim?: Party;
  /** Frames heard so far. */
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly assignee?: string;
  readonly muted?: Muted;
  /** The mute that ended last over it. */
  readonly wasMuted?: Muted;
  /** A false positive that is heard again. */
  readonly asksForException?: boolean;
  readonly ticket?: string;
  readonly containmentAt?: string;
  readonly quiet?: boolean;
}

/** A page of the list, newest first. */
export interface ViolationPage {
  readonly violations: readonly Violation[];
  /** Of the last event about any violation: what `newSince` takes at the next visit. */
  readonly position: string;
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly next?: string;
}

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export const states = ['new', 'acknowledged', 'resolved', 'false-positive', 'exonerated'] as const;

/** A name of the API in words: `false-positive` is `false positive`. As safe to show as `shortText`. */
export const inWords = (name: string): string => shortText(name, 60).replaceAll('-', ' ');

const abbreviations = /\b(?:mac|nic|vlan|dad|arp|nd|na|ns|ra|rs)\b/g;

/** The name of a rule as a title: `mac-moved` is `MAC moved`. */
export function ruleTitle(name: string): string {
  const words = inWords(name)
    .replace(abbreviations, (word) => word.toUpperCase())
    .replaceAll('ipv', 'IPv');
  return words.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

/** How many violations, in words. */
export const countOf = (count: number): string =>
  count === 1 ? '1 violation' : `${count.toLocaleString('en')} violations`;
