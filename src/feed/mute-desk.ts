import { randomUUID } from 'node:crypto';
import { catalogue, decodeData, type StoredEvent } from '../../events/index.js';
import type { MuteRow } from '../../projections/index.js';
import type { EventStore, NewEvent } from '../event-store/event-store.port.js';
import type { LiveMap } from '../projector/live-map.js';
import type { MuteOrder } from './mute-question.js';
import { newEvent } from './triage-desk.js';

export type MuteOutcome =
  | { readonly outcome: 'done'; readonly mute: MuteRow }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'over'; readonly mute: MuteRow }
  | { readonly outcome: 'malformed'; readonly why: string }
  /** It is stored; the map does not show it yet. */
  | { readonly outcome: 'unsettled' };

const reachedWithinMs = 10_000;

/** Sets and ends mutes. Each has a stream of its own, which holds those two events and no other. */
export class MuteDesk {
  constructor(
    private readonly store: Pick<EventStore, 'append'>,
    private readonly liveMap: LiveMap,
    /** Wall clock, ms since 1970. */
    private readonly now: () => number = Date.now,
  ) {}

  async mute({ scope, reason, until }: MuteOrder, by: string): Promise<MuteOutcome> {
    const muteId = `mute-${randomUUID().slice(24)}`;
    return this.say('ViolationMuted', -1, { muteId, ...scope, reason, until, by });
  }

  async end(muteId: string, by: string, reason: string | undefined): Promise<MuteOutcome> {
    const mute = this.liveMap.map.mutes.get(muteId);
    if (mute === undefined) return { outcome: 'unknown' };
    if (mute.endedAt !== undefined || mute.until <= this.now()) return { outcome: 'over', mute };
    return this.say('ViolationMuteEnded', 0, { muteId, by, ...(reason !== undefined && { reason }) });
  }

  private async say(
    type: 'ViolationMuted' | 'ViolationMuteEnded',
    expected: number,
    said: Readonly<Record<string, unknown>> & { readonly muteId: string },
  ): Promise<MuteOutcome> {
    const read = decodeData(type, catalogue[type].version, said);
    if (!read.readable) return { outcome: 'malformed', why: read.reason };
    const event = newEvent(type, read.data, this.now());
    const stored = await storedOnce(this.store, `mute-${said.muteId}`, expected, event);
    const { muteId } = said;
    if (stored === undefined) {
      const mute = this.liveMap.map.mutes.get(muteId);
      return mute === undefined ? { outcome: 'unsettled' } : { outcome: 'over', mute };
    }
    if (!(await this.liveMap.reached(stored.ordinal, reachedWithinMs))) return { outcome: 'unsettled' };
    const mute = this.liveMap.map.mutes.get(muteId);
    return mute === undefined ? { outcome: 'unsettled' } : { outcome: 'done', mute };
  }
}

/** The event as stored; undefined where the stream was not at the expected revision: somebody else came first. */
async function storedOnce(
  store: Pick<EventStore, 'append'>,
  stream: string,
  expected: number,
  event: NewEvent,
): Promise<StoredEvent | undefined> {
  const answer = await store.append({ stream, expected, events: [event] });
  if (answer.outcome === 'stored') return answer.events[0];
  if (answer.outcome === 'wrong-revision') return undefined;
  throw new Error(`${stream}: ${event.type} was not stored, the log answered ${answer.outcome}`);
}
