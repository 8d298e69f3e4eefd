import { randomUUID } from 'node:crypto';
import type { EventData, EventType, JournalLine, LedgerEvent, ReconcileOutcome, ServerId } from '../../events/index.js';
import { catalogue, decodeEvent, formatInstant } from '../../events/index.js';
import type { EventStore } from '../event-store/event-store.port.js';
import type { Frozen } from './freezes.js';
import { oneLine } from './one-line.js';

/** A line that reading back last showed on the device: whose it is, and since when. */
export interface ConfirmedLine {
  readonly serverId: ServerId | undefined;
  /** RFC 3339. */
  readonly since: string;
}

export interface Recalled {
  readonly lines: Map<string, ConfirmedLine>;
  /** Lines that were taken away, with their last owner and when that was proved. */
  readonly former: Map<string, ConfirmedLine>;
  /** Plans whose engine ended before it could say what came of them. */
  readonly interrupted: readonly string[];
  /** The last push that came to an end. */
  readonly last: LastReconcile | undefined;
}

/** How the last push to a device ended. */
export interface LastReconcile {
  /** When it was journaled, RFC 3339. */
  readonly at: string;
  readonly outcome: ReconcileOutcome;
}

const linesAPart = 500;
const source = 'urn:portledger:reactor';

/** What a journal says of its device. */
export interface ToldLast {
  /** Ordinal of the last event in the newest map that the device was driven from; -1 where it never was. */
  readonly drivenFrom: number;
  /**
   * The destinations of the routes that it had, or may have had, when it was last written to; undefined where the end of what
   * was begun last was never journaled, so that nobody can tell.
   */
  readonly destinations: ReadonlySet<string> | undefined;
}

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

  /** What this journal remembers of the device: the lines it last confirmed there, and the pushes that never came to an end. */
  async recall(): Promise<Recalled> {
    const lines = new Map<string, ConfirmedLine>();
    const former = new Map<string, ConfirmedLine>();
    const open = new Set<string>();
    let last: LastReconcile | undefined;
    for await (const { type, data, time } of this.entries()) {
      if (type === 'ReconcileStarted') open.add(data.planId);
      if (type !== 'ReconcileFinished') continue;
      last = { at: formatInstant(time), outcome: data.outcome };
      if (data.part === data.of - 1) open.delete(data.planId);
      for (const { line, serverId, readBack } of data.lines) {
        if (readBack === 'present') lines.set(line, { serverId, since: formatInstant(time) });
        else if (readBack === 'absent') {
          lines.delete(line);
          if (serverId !== undefined) former.set(line, { serverId, since: formatInstant(time) });
        }
      }
    }
    return { lines, former, interrupted: [...open], last };
  }

  /** The last word about whether this device is frozen. */
  async lastFreeze(): Promise<Frozen | undefined> {
    let frozen: Frozen | undefined;
    for await (const { type, data, time } of this.entries()) {
      if (type === 'DeviceFrozen') frozen = { reason: data.reason, by: data.by, since: formatInstant(time) };
      else if (type === 'DeviceResumed') frozen = undefined;
    }
    return frozen;
  }

  async froze(reason: string, by: string): Promise<void> {
    await this.append([['DeviceFrozen', { device: this.device, reason: oneLine(reason), by }]]);
  }

  async resumed(by: string, reason: string | undefined): Promise<void> {
    const why = reason === undefined ? {} : { reason };
    await this.append([['DeviceResumed', { device: this.device, by, ...why }]]);
  }

  async adopted(line: string, by: string): Promise<void> {
    await this.append([['EntryAdopted', { device: this.device, line, by }]]);
  }

  private async *entries(): AsyncGenerator<LedgerEvent> {
    let fromRevision = 0;
    for (;;) {
      const page = await this.store.readStream(`journal-${this.device}`, { fromRevision, limit: 500 });
      for (const stored of page.events) {
        const decoded = decodeEvent(stored);
        if (decoded.readable) yield decoded.event;
      }
      fromRevision = (page.events.at(-1)?.revision ?? fromRevision) + 1;
      if (page.next === undefined) return;
    }
  }

  /** Says how a prefix or address came here from another gateway. Rejects when the log cannot store it. */
  async moved(move: Omit<EventData<'MoveFinished'>, 'device'>): Promise<void> {
    await this.append([['MoveFinished', { device: this.device, ...move }]]);
  }

  /** What the device was told last, for who cannot ask the device itself. */
  async toldLast(): Promise<ToldLast> {
    const destinations = new Set<string>();
    let drivenFrom = -1;
    let open: string | undefined;
    for await (const { type, data } of this.entries()) {
      if (type === 'ReconcileStarted') {
        open = data.planId;
        drivenFrom = Math.max(drivenFrom, data.desiredOrdinal);
      }
      if (type !== 'ReconcileFinished') continue;
      if (data.planId === open && (data.outcome !== 'failed' || data.lines.length > 0)) open = undefined;
      for (const { kind, line, readBack } of data.lines) {
        const destination = line.split(' ')[1];
        if (kind !== 'route' || destination === undefined) continue;
        if (readBack === 'absent') destinations.delete(destination);
        else destinations.add(destination);
      }
    }
    return { drivenFrom, destinations: open === undefined ? destinations : undefined };
  }

  private async append(entries: readonly (readonly [EventType, object])[]): Promise<void> {
    const time = formatInstant(this.now());
    const events = entries.map(([type, data]) => {
      const id = randomUUID();
      return { id, type, data, metadata: { source, sourceId: id, schemaVersion: catalogue[type].version, time } };
    });
    const { outcome } = await this.store.append({ stream: `journal-${this.device}`, expected: 'any', events });
    if (outcome !== 'stored') throw new Error(`Journal of ${this.device} was not stored: the log answered ${outcome}`);
  }
}
