// A live map that violations are put into, as the projector would from the log.
import { type EventType, formatInstant, type StoredEvent } from '../../events/index.js';
import { Mutes, RenumberedPrefixes } from '../../projections/index.js';
import type { ViolationIndex } from '../../src/feed/violation-index.js';
import type { Viewing } from '../../src/feed/violation-view.js';
import { LiveMap } from '../../src/projector/live-map.js';

export const startMs = Date.UTC(2026, 10, 2);

/** For views of which no more is asked. */
export const nothingKnown = () => ({
  inSurvey: () => false,
  mutes: new Mutes(),
  renumbered: new RenumberedPrefixes(),
  now: startMs,
});

/** What an index knows of mutes and renumberings, looked at then. */
export const lookingAt = ({ mutes, renumbered }: ViolationIndex, now: number): Viewing => ({
  ...nothingKnown(),
  mutes,
  renumbered,
  now,
});

/** Events of violations v0, v1, ...; ordinal and position count on from the events given before. */
export class ViolationLog {
  readonly liveMap = new LiveMap('00000000-0000-4000-8000-000000000000');
  private ordinal = 0;

  constructor() {
    this.liveMap.becameLive();
  }

  fold(...events: readonly StoredEvent[]): void {
    this.liveMap.foldPage(events);
  }

  detected(id: string, more: Record<string, unknown> = {}): StoredEvent {
    const frameTime = formatInstant(startMs + this.ordinal * 1000);
    return this.stored('ViolationDetected', id, {
      violationId: id,
      rule: 'address-spoof',
      ruleVersion: 1,
      severity: 'high',
      sensor: 'leaf1-e66',
      attribution: 'interface',
      site: 'default',
      switch: 'leaf1',
      port: 'leaf1:Ethernet66',
      vlan: 66,
      observation: 'arp-reply',
      etherSource: '52:54:00:00:00:66',
      claimedMac: '52:54:00:00:00:66',
      claimedAddress: '198.51.100.16',
      frameTime,
      offenderServerId: 'srv-66',
      offenderCustomerId: 'cust-66',
      victimServerId: 'srv-16',
      victimCustomerId: 'cust-16',
      detail: 'one sentence',
      ...more,
    });
  }

  repeated(id: string, count = 1): StoredEvent {
    const time = formatInstant(startMs + this.ordinal * 1000);
    const data = { violationId: id, count, firstFrameTime: time, lastFrameTime: time };
    return this.stored('ViolationRepeated', id, data);
  }

  exonerated(id: string, eventId: string): StoredEvent {
    return this.stored('ViolationExonerated', id, { violationId: id, eventId, reason: 'the sale was stored late' });
  }

  /** Any other event of a violation; `data` besides its id. */
  told(type: EventType, id: string, data: object): StoredEvent {
    return this.stored(type, id, { violationId: id, ...data });
  }

  muted(muteId: string, scope: object, until: string): StoredEvent {
    const data = { muteId, ...scope, until, reason: 'known', by: 'token:a' };
    return { ...this.stored('ViolationMuted', '', data), stream: `mute-${muteId}` };
  }

  muteEnded(muteId: string, by = 'token:a'): StoredEvent {
    return { ...this.stored('ViolationMuteEnded', '', { muteId, by }), stream: `mute-${muteId}` };
  }

  /** Any event of a renumbering; `data` besides its id and server. */
  renumbered(type: EventType, renumberingId: string, data: object): StoredEvent {
    const event = this.stored(type, '', { renumberingId, serverId: 'srv-66', ...data });
    return { ...event, stream: `renumbering-${renumberingId}` };
  }

  renumberingStarted(renumberingId: string, data: object = {}): StoredEvent {
    const prefixes = { from: '2001:db8::/64', to: '2001:db8:1::/48' };
    return this.renumbered('RenumberingStarted', renumberingId, {
      ...prefixes,
      quietSeconds: 60,
      by: 'token:a',
      ...data,
    });
  }

  private stored(type: string, id: string, data: object): StoredEvent {
    const ordinal = this.ordinal++;
    const time = formatInstant(startMs + ordinal * 1000);
    return {
      id: `00000000-0000-5000-8000-${ordinal.toString().padStart(12, '0')}`,
      stream: `violation-${id}`,
      type,
      data,
      metadata: { source: 'urn:portledger:sensor:x', sourceId: `${ordinal}`, schemaVersion: 1, time, recordedAt: time },
      revision: 0,
      position: String(ordinal),
      ordinal,
    };
  }
}
