import { randomUUID } from 'node:crypto';
import type { EventData, EventType, JournalLine, ReconcileOutcome, ServerId } from '../../events/index.js';
import { decodeEvent, formatInstant } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';

const linesAPart = 500;
const source = 'urn:portledger:reactor';

/** Writes down what a reactor is about to do to a device and what came of it; reads back only the reactor's own last word. */
export class Journal {
  constructor(
    private readonly store: EventStore,
    private readonly device: string,
    private readonly now: () => number,
  ) {}

  /** Rejects when the log cannot store it: then nothing may be written to the device. */
  async started(plan: Omit<EventData<'ReconcileStarted'>, 'device'>): Promise<void> {
    await this.append([['ReconcileStarted', { device: this.device, ...plan }]]);
  }

  async finished(
    planId: string,
    outcome: ReconcileOutcome,
    lines: readonly JournalLine[],
    error?: string,
  ): Promise<void> {
    const of = Math.max(1, Math.ceil(lines.length / linesAPart));
    const parts = Array.from({ length: of }, (_, part): [EventType, object] => [
      'ReconcileFinished',
      {
        planId,
        device: this.device,
        part,
        of,
        outcome,
        lines: lines.slice(part * linesAPart, (part + 1) * linesAPart),
        ...(error === undefined ? {} : { error: oneLine(error) }),
      },
    ]);
    await this.append(parts);
  }

  /** The lines this journal last confirmed on the device, each with the server it belongs to. */
  async confirmedLines(): Promise<Map<string, ServerId | undefined>> {
    const lines = new Map<string, ServerId | undefined>();
    let fromRevision = 0;
    for (;;) {
      const page = await this.store.readStream(`journal-${this.device}`, { fromRevision, limit: 500 });
      for (const stored of page.events) {
        const decoded = decodeEvent(stored);
        if (!decoded.readable || decoded.event.type !== 'ReconcileFinished') continue;
        for (const { line, serverId, readBack } of decoded.event.data.lines) {
          if (readBack === 'present') lines.set(line, serverId);
          else if (readBack === 'absent') lines.delete(line);
        }
      }
      fromRevision = (page.events.at(-1)?.revision ?? fromRevision) + 1;
      if (page.next === undefined) return lines;
    }
  }

  /** Says how a prefix or address came here from another gateway. Rejects when the log cannot store it. */
  async moved(move: Omit<EventData<'MoveFinished'>, 'device'>): Promise<void> {
    await this.append([['MoveFinished', { device: this.device, ...move }]]);
  }

  /**
   * The destinations of the routes that the device had, or may have had, when it was last written to; undefined where the end
   * of what was begun last was never journaled, so that nobody can tell.
   */
  async announced(): Promise<ReadonlySet<string> | undefined> {
    const destinations = new Set<string>();
    let begun: string | undefined;
    let fromRevision = 0;
    for (;;) {
      const page = await this.store.readStream(`journal-${this.device}`, { fromRevision, limit: 500 });
      for (const stored of page.events) {
        const decoded = decodeEvent(stored);
        if (!decoded.readable) continue;
        const { event } = decoded;
        if (event.type === 'ReconcileStarted') begun = event.data.planId;
        if (event.type !== 'ReconcileFinished') continue;
        if (event.data.planId === begun) begun = undefined;
        for (const { kind, line, readBack } of event.data.lines) {
          const destination = line.split(' ')[1];
          if (kind !== 'route' || destination === undefined) continue;
          if (readBack === 'absent') destinations.delete(destination);
          else destinations.add(destination);
        }
      }
      fromRevision = (page.events.at(-1)?.revision ?? fromRevision) + 1;
      if (page.next === undefined) return begun === undefined ? destinations : undefined;
    }
  }

  private async append(entries: readonly (readonly [EventType, object])[]): Promise<void> {
    const time = formatInstant(this.now());
    const events = entries.map(([type, data]) => {
      const id = randomUUID();
      return { id, type, data, metadata: { source, sourceId: id, schemaVersion: 1, time } };
    });
    const { outcome } = await this.store.append({ stream: `journal-${this.device}`, expected: 'any', events });
    if (outcome !== 'stored') throw new Error(`Journal of ${this.device} was not stored: the log answered ${outcome}`);
  }
}

/** A daemon's words may span lines; an event's text may not, and it has a limit. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 240)
    .replace(/[\uD800-\uDBFF]$/, '');
}
