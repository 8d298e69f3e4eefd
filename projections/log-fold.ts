import { decodeEvent, type EventMetadata, type LedgerEvent, parseInstant, type StoredEvent } from '../events/index.js';
import { type FoldImage, restoreImage } from './fold-image.js';
import { type MapChanged, NetworkMap } from './network-map.js';
import { unreachable } from './projection.js';

/** A stream with an unreadable event at its head: that one is parked, all later ones are held. */
export interface FrozenStream {
  readonly stream: string;
  readonly parked: StoredEvent;
  readonly reason: string;
  readonly held: readonly StoredEvent[];
}

export interface FoldOptions {
  /** Fold only facts with `time` up to this instant, ms since 1970. An EventSkipped is folded whatever its time. */
  readonly at?: number;
  readonly onChange?: MapChanged;
}

/**
 * Folds stored events, in log order, into the map. Live, restart, rebuild and audit all go through here.
 * Total: an event that cannot be read freezes its stream and nothing else.
 */
export class LogFold {
  readonly map: NetworkMap;
  /** Ordinal of the last event folded; -1 before the first. */
  ordinal = -1;
  private readonly at: number;
  private readonly frozen = new Map<string, { parked: StoredEvent; reason: string; held: StoredEvent[] }>();

  constructor(options: FoldOptions = {}) {
    this.at = options.at ?? Number.POSITIVE_INFINITY;
    this.map = new NetworkMap(options.onChange);
  }

  /** Folds the next event; one that was folded before is passed by, so a page handed over again changes nothing. */
  fold(stored: StoredEvent): void {
    if (stored.ordinal <= this.ordinal) return;
    this.ordinal = stored.ordinal;
    const frozen = this.frozen.size === 0 ? undefined : this.frozen.get(stored.stream);
    if (frozen === undefined) this.foldInto(stored, stored.ordinal);
    else if (stored.type !== 'EventSkipped') this.hold(frozen, stored);
    else this.release(frozen, stored);
  }

  frozenStreams(): FrozenStream[] {
    return [...this.frozen]
      .map(([stream, rest]) => ({ stream, ...rest }))
      .sort((a, b) => (a.stream < b.stream ? -1 : 1));
  }

  isFrozen(stream: string): boolean {
    return this.frozen.has(stream);
  }

  /** True for an event that waits behind an unreadable one, and for the unreadable one itself. */
  isHeld(event: { readonly stream: string; readonly id: string }): boolean {
    const frozen = this.frozen.get(event.stream);
    return frozen !== undefined && [frozen.parked, ...frozen.held].some((one) => one.id === event.id);
  }

  /** Everything the fold remembers as it is now; `releaseImage` must be called once nobody reads it any more. */
  image(): FoldImage {
    const frozen = this.frozenStreams().map((one) => ({ ...one, held: [...one.held] }));
    return { ordinal: this.ordinal, ...this.map.image(), frozen };
  }

  /** An image of this fold is read no more. */
  releaseImage(): void {
    this.map.releaseImage();
  }

  /**
   * Takes up where the fold stood that gave these bytes: from here on it answers and folds as that one would.
   * Only for a fold that has folded nothing; one made with `at` takes up only what holds no fact of a later time.
   * @throws RangeError when the bytes are not those of an image, or the fold is not empty
   */
  restore(bytes: Uint8Array): void {
    const steps = this.restoreInSteps(bytes);
    while (steps.next().done !== true);
  }

  /** The same, a few rows at a time; before it has ended the fold is of no use. */
  *restoreInSteps(bytes: Uint8Array): Generator<void, void> {
    if (this.ordinal >= 0)
      throw new RangeError(`A fold at ordinal ${this.ordinal} cannot be restored; use an empty one.`);
    this.ordinal = yield* restoreImage(bytes, {
      ...this.map.restoring(),
      restoreFrozen: ({ stream, parked, reason, held }) => this.frozen.set(stream, { parked, reason, held: [...held] }),
    });
  }

  private hold(frozen: { held: StoredEvent[] }, stored: StoredEvent): void {
    frozen.held.push(stored);
  }

  /** Only a skip that names the parked event opens the stream; the held events are folded as of the skip. */
  private release(frozen: { parked: StoredEvent; held: StoredEvent[] }, skip: StoredEvent): void {
    const decoded = decodeEvent(skip);
    if (!decoded.readable || decoded.event.type !== 'EventSkipped') return;
    if (decoded.event.data.eventId !== frozen.parked.id) return;
    this.frozen.delete(skip.stream);
    for (const held of frozen.held) {
      const again = this.frozen.get(skip.stream);
      if (again === undefined) this.foldInto(held, skip.ordinal);
      else this.hold(again, held);
    }
  }

  private foldInto(stored: StoredEvent, foldedAt: number): void {
    // An unreadable event of a later time is as little part of an earlier map as a readable one.
    if (this.isLater(stored)) return;
    const decoded = decodeEvent(stored);
    if (!decoded.readable) {
      this.frozen.set(stored.stream, { parked: stored, reason: decoded.reason, held: [] });
      return;
    }
    this.route(foldedAt === stored.ordinal ? decoded.event : { ...decoded.event, foldedAt });
  }

  private isLater({ metadata }: StoredEvent): boolean {
    if (this.at === Number.POSITIVE_INFINITY) return false;
    const time = parseInstant((metadata as Partial<EventMetadata> | null | undefined)?.time);
    return time !== undefined && time > this.at;
  }

  private route(event: LedgerEvent): void {
    const { map } = this;
    switch (event.type) {
      case 'ServerAdded':
      case 'ServerMoved':
      case 'ServerNicReplaced':
      case 'ServerTransferred':
      case 'ServerSuspended':
      case 'ServerResumed':
      case 'ServerRemoved':
      case 'ServerRecordCorrected':
      case 'Ipv6PrefixAssigned':
      case 'Ipv6PrefixReleased':
      case 'Ipv4AddOnBought':
      case 'Ipv4AddOnCancelled':
      case 'Ipv4AddressAllocated':
      case 'ServerMacAdded':
      case 'ServerMacRemoved':
      case 'ServerMacEnrolled':
        map.assignments.fold(event);
        return;
      case 'GatewayDeclared':
      case 'GatewayRetired':
        map.gateways.fold(event);
        return;
      case 'AddressPoolAdded':
      case 'AddressPoolRetired':
        map.pools.fold(event);
        return;
      case 'LinkUp':
      case 'LinkDown':
        map.links.fold(event);
        return;
      case 'MacSeen':
        map.seenMacs.fold(event);
        return;
      case 'ViolationDetected':
      case 'ViolationRepeated':
      case 'ViolationExonerated':
      case 'EvidenceKept':
      case 'ViolationAcknowledged':
      case 'ViolationResolved':
      case 'ViolationMarkedFalsePositive':
      case 'ViolationCommented':
      case 'ViolationTicketLinked':
      case 'ViolationQuiet':
      case 'ContainmentRequested':
      case 'ContainmentRefused':
        map.violations.fold(event);
        return;
      case 'ViolationMuted':
      case 'ViolationMuteEnded':
        map.mutes.fold(event);
        return;
      case 'ExceptionGranted':
      case 'ExceptionEnded':
        map.exceptions.fold(event);
        return;
      case 'SiteSurveyStarted':
      case 'SiteSurveyEnded':
        map.surveys.fold(event);
        return;
      case 'SensorStarted':
      case 'SensorSilent':
      case 'SensorLagging':
        return; // Who watched when is read from the log; how it is now is asked of the sensors.
      case 'AuditRead':
      case 'SignedIn':
      case 'SignInRefused':
      case 'TokenRefused':
      case 'SessionEnded':
      case 'UserChanged':
      case 'TokenChanged':
      case 'ReconcileStarted':
      case 'ReconcileFinished':
      case 'MoveFinished':
      case 'DeviceFrozen':
      case 'DeviceResumed':
      case 'EntryAdopted':
      case 'DestinationAdded':
      case 'DestinationDisabled':
      case 'DestinationEnabled':
      case 'AlertsBundled':
      case 'AlertDelivered':
      case 'AlertGivenUp':
      case 'AlertsPassed':
      case 'DayReportMailed':
        return; // The journal says what we did; no projection of the map may read it back.
      case 'EventSkipped':
        return; // Concerns a frozen stream only, and is met in `fold`.
      default:
        unreachable(event);
    }
  }
}
