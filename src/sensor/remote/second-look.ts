import {
  contractOf,
  formatInstant,
  parseInstant,
  type StoredEvent,
  type ViolationDetected,
} from '../../../events/index.js';
import type { NetbootPrefixes } from '../../../projections/index.js';
import { type EventStore, uuidV5 } from '../../event-store/event-store.port.js';
import type { LiveMap } from '../../projector/live-map.js';
import { hasNews } from '../exoneration/concerned.js';
import { FactsAbout } from '../exoneration/facts-about.js';
import { mapIsAbreast } from '../judge/map-abreast.js';
import type { CheckedVerdict } from './check-verdict.js';
import { judgedAgain } from './judged-again.js';

/** What is to be stored for a verdict, or the fact by which there is nothing to store. */
export type Looked = { readonly verdict: CheckedVerdict } | { readonly withheld: StoredEvent };

/** Detections kept that were not stored: repeats of them may still be on their way. */
const mostDismissed = 10_000;
const namespace = '6a1b1a5e-8f55-5c0f-9c39-0b7b5d0f2c4e';

/**
 * Judges findings of remote sensors again when they arrive: a sensor judges by the grants it was told of, and it may have
 * been told late. What was none is not stored; what was another violation is stored as that.
 */
export class SecondLook {
  private readonly notStored = new Map<string, ViolationDetected>();

  constructor(
    private readonly store: Pick<EventStore, 'append' | 'head' | 'readStream'>,
    private readonly liveMap: LiveMap,
    private readonly inFlightWindowMs: number,
    private readonly netboot?: NetbootPrefixes,
  ) {}

  /** A detection that was not stored as it came. */
  dismissed(violationId: string): ViolationDetected | undefined {
    return this.notStored.get(violationId);
  }

  /** Looks at verdicts in their order. Rejects with a StoreError where the facts cannot be read. */
  async at(verdicts: readonly CheckedVerdict[]): Promise<Map<CheckedVerdict, Looked>> {
    const looked = new Map<CheckedVerdict, Looked>();
    if (verdicts.some(({ type }) => type === 'ViolationDetected')) await mapIsAbreast(this.store, this.liveMap);
    const facts = new FactsAbout(this.store, this.liveMap.map, this.liveMap.ordinal);
    const standing = new Set<string>();
    for (const verdict of verdicts) {
      const one = await this.lookAt(verdict, facts, standing);
      if ('verdict' in one && one.verdict.type === 'ViolationDetected') standing.add(one.verdict.data.violationId);
      looked.set(verdict, one);
    }
    return looked;
  }

  private async lookAt(verdict: CheckedVerdict, facts: FactsAbout, standing: ReadonlySet<string>): Promise<Looked> {
    if (verdict.type === 'MacSeen') return { verdict };
    const { violationId } = verdict.data;
    if (standing.has(violationId) || this.liveMap.map.violations.get(violationId) !== undefined) return { verdict };
    if (verdict.type === 'ViolationDetected') {
      const { map } = this.liveMap;
      return hasNews(map, verdict.data) ? this.judged(verdict, verdict.data, facts) : { verdict };
    }
    const first = this.notStored.get(violationId);
    if (first === undefined) return { verdict };
    // Its detection was none: then each end of what was counted since is judged for itself.
    const { firstFrameTime, lastFrameTime } = verdict.data;
    const atLast = await this.judged(detectionAt(verdict, first, lastFrameTime), first, facts);
    return 'verdict' in atLast ? atLast : this.judged(detectionAt(verdict, first, firstFrameTime), first, facts);
  }

  private async judged(verdict: Detection, first: ViolationDetected, facts: FactsAbout): Promise<Looked> {
    const again = judgedAgain(verdict.data, await facts.of(verdict.data), this.inFlightWindowMs, this.netboot);
    if (again.outcome === 'stands') return { verdict };
    this.dismiss(first);
    if (again.outcome === 'none') return { withheld: again.fact };
    return { verdict: { ...verdict, sourceId: uuidV5(namespace, verdict.sourceId), data: again.violation } };
  }

  private dismiss(violation: ViolationDetected): void {
    this.notStored.set(violation.violationId, violation);
    if (this.notStored.size <= mostDismissed) return;
    const [oldest] = this.notStored.keys();
    if (oldest !== undefined) this.notStored.delete(oldest);
  }
}

type Detection = Extract<CheckedVerdict, { type: 'ViolationDetected' }>;

/** A detection of what was only repeated, at the moment of one of those frames. */
function detectionAt({ sourceId, time }: CheckedVerdict, first: ViolationDetected, frameTime: string): Detection {
  const at = parseInstant(frameTime);
  return {
    type: 'ViolationDetected',
    sourceId: uuidV5(namespace, sourceId),
    schemaVersion: contractOf('ViolationDetected')?.version ?? 1,
    time,
    data: { ...first, frameTime: at === undefined ? first.frameTime : formatInstant(at) },
  };
}
