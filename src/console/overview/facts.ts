import type { List } from './place.js';

/** What `GET /v1/overview` answers. */
export interface Overview {
  readonly live: boolean;
  readonly lagEvents?: number;
  readonly eventsPerMinute: readonly number[];
  readonly counts?: {
    readonly billed: number;
    readonly seen: number;
    readonly pushed: number;
    readonly differences: Readonly<Record<List, number>>;
  };
  readonly counting?: { readonly counted: number; readonly rows: number };
  readonly devices: readonly OverviewDevice[];
  readonly coverage?: {
    readonly soldPorts: number;
    readonly watched: number;
    readonly notWatched: number;
    readonly silent: number;
  };
  readonly attention: readonly Attention[];
}

export interface OverviewDevice {
  readonly device: string;
  readonly switch: string;
  readonly mode: string;
  readonly state: string;
  readonly plan: { readonly add: number; readonly remove: number; readonly waitsFor: string };
  readonly drift: { readonly lines: number; readonly since?: string };
  readonly isFrozen: boolean;
  readonly lastReconcile?: { readonly at: string; readonly outcome: string };
}

export interface Attention {
  readonly what: string;
  readonly urgency: 'now' | 'soon';
  readonly text: string;
  readonly page: string;
}

/** What `GET /v1/overview/{list}` answers. */
export interface DifferencePage {
  readonly total: number;
  readonly servers: readonly {
    readonly serverId?: string;
    readonly customerId?: string;
    readonly port?: string;
    readonly vlan?: number;
    readonly mac?: string;
    readonly device?: string;
    readonly why: string;
  }[];
  readonly next?: string;
}

/** The lists in words, and what an empty one means. */
export const listWords: Readonly<Record<List, { readonly title: string; readonly none: string }>> = {
  'billed-not-seen': {
    title: 'Billed, not seen',
    none: 'Every server that is billed was seen on its own port and VLAN.',
  },
  'seen-not-billed': { title: 'Seen, not billed', none: 'No MAC was seen where nobody was sold it.' },
  'billed-not-pushed': {
    title: 'Billed, not pushed',
    none: 'Nothing that is billed is missing on the devices of its switch.',
  },
  'pushed-not-billed': {
    title: 'Pushed, not billed',
    none: 'No device holds a line of ours for a server that is not billed.',
  },
};

/** `1,234 events in the last hour, 12 in this minute`. */
export function rateInWords(perMinute: readonly number[]): string {
  const sum = perMinute.reduce((total, count) => total + count, 0);
  const events = `${sum.toLocaleString('en')} ${sum === 1 ? 'event' : 'events'}`;
  return `${events} in the last hour, ${(perMinute.at(-1) ?? 0).toLocaleString('en')} in this minute`;
}
