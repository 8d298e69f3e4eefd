import type { LedgerEvent, StoredEvent } from '../events/index.js';
import { type FoldImage, restoreImage } from './fold-image.js';
import { type FrozenStream, FrozenStreams } from './frozen-streams.js';
import { type MapChanged, NetworkMap } from './network-map.js';
import { unreachable } from './projection.js';

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
  private readonly frozen: FrozenStreams;

  constructor(options: FoldOptions = {}) {
    this.map = new NetworkMap(options.onChange);
    this.frozen = new FrozenStreams((event) => this.route(event), options.at);
  }

  /** Folds the next event; one that was folded before is passed by, so a page handed over again changes nothing. */
  fold(stored: StoredEvent): void {
    if (stored.ordinal <= this.ordinal) return;
    this.ordinal = stored.ordinal;
    this.frozen.take(stored);
  }

  frozenStreams(): FrozenStream[] {
    return this.frozen.list();
  }

  isFrozen(stream: string): boolean {
    return this.frozen.isFrozen(stream);
  }

  /** True for an event that waits behind an unreadable one, and for the unreadable one itself. */
  isHeld(event: { readonly stream: string; readonly id: string }): boolean {
    return this.frozen.isHeld(event);
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
      restoreFrozen: (frozen) => this.frozen.restore(frozen),
    });
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
      case 'Ipv6PrefixOrdered':
      case 'Ipv6PrefixOrderCancelled':
      case 'Ipv6PrefixAllocated':
      case 'ServerMacAdded':
      case 'ServerMacRemoved':
      case 'ServerMacEnrolled':
        map.assignments.fold(event);
        return;
      case 'GatewayDeclared':
      case 'GatewayRetired':
        map.gateways.fold(event);
        return;
      case 'CustomerPrefixDelegated':
      case 'CustomerPrefixWithdrawn':
      case 'CustomerPrefixOrdered':
      case 'CustomerPrefixOrderCancelled':
      case 'CustomerPrefixAllocated':
        map.delegations.fold(event);
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
      case 'AddOnRateSet':
        return; // What an add-on costs is folded by `money/`, and grants nothing.
      case 'RenumberingStarted':
      case 'RenumberingAdvanced':
      case 'RenumberingTakenBack':
      case 'RenumberingProgressed':
        map.renumberings.fold(event);
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
