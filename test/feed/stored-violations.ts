import { randomUUID } from 'node:crypto';
import type { EventType } from '../../events/index.js';
import type { RunningEngine } from '../e2e/running-engine.js';
import { ViolationLog } from './violation-log.js';

/** Stores violations in a running engine as its sensor would, and waits until its map has them. */
export class StoredViolations {
  private readonly samples = new ViolationLog();

  constructor(private readonly engine: RunningEngine) {}

  detected(id: string, more: Record<string, unknown> = {}): Promise<void> {
    return this.store(id, 'ViolationDetected', this.samples.detected(id, more).data as object);
  }

  /** Frames captured now, unless another instant is given. */
  repeated(id: string, count = 1, at: string = new Date().toISOString()): Promise<void> {
    return this.told('ViolationRepeated', id, { count, firstFrameTime: at, lastFrameTime: at });
  }

  /** Any other event of a violation; `data` besides its id. */
  told(type: EventType, id: string, data: object): Promise<void> {
    return this.store(id, type, { violationId: id, ...data });
  }

  /** Stores what is to be there, without a look at what it means. */
  async store(id: string, type: string, data: object, stream = `violation-${id}`): Promise<void> {
    const event = randomUUID();
    const metadata = {
      source: 'urn:portledger:sensor:x',
      sourceId: event,
      schemaVersion: 1,
      time: new Date().toISOString(),
    };
    const { store, projector } = this.engine.parts;
    const answer = await store.append({ stream, expected: 'any', events: [{ id: event, type, data, metadata }] });
    if (answer.outcome !== 'stored') throw new Error(answer.outcome);
    expect(await projector.liveMap.reached(answer.events[0]?.ordinal ?? -1, 60_000)).toBe(true);
  }
}
