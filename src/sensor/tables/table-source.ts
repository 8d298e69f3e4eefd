import type { Observation } from '../../../projections/index.js';
import type { ObservationSource, ObservationSourceState } from '../observation-source.js';
import type { SensorLog } from '../judge/verdict-writer.js';
import type { MacPorts } from './mac-ports.js';
import { type ObservedAt, portAt } from './observed-at.js';
import type { TableEntry, TableFormat } from './table-entry.js';
import { detectFormat, tableFormats } from './table-formats.js';
import { tableObservation } from './table-observation.js';
import { readFailure, type ShownTable, TableReadError, type TableReader } from './table-reader.js';

export interface TableSourceOptions {
  readonly at: ObservedAt;
  readonly reader: TableReader;
  readonly everySeconds: number;
  readonly macPorts: MacPorts;
  readonly log: SensorLog;
}

/** So many rows are told before the event loop has a turn. */
const rowsAtOnce = 2_000;

/**
 * Reads the tables of one device again and again, and tells what their rows claim. The MAC table is read first: it says at
 * which port the MACs of the other tables are.
 */
export class TableSource implements ObservationSource {
  state: ObservationSourceState = { state: 'waiting' };
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly options: TableSourceOptions) {}

  get name(): string {
    return this.options.at.sensor;
  }

  start(observe: (observation: Observation) => void): void {
    this.reading = this.read(observe);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.options.reader.close();
    await this.reading;
    this.state = { state: 'stopped' };
  }

  private async read(observe: (observation: Observation) => void): Promise<void> {
    const { reader, everySeconds } = this.options;
    try {
      const shown = await reader.read();
      if (!this.isStopped) await this.tell(shown, observe);
    } catch (error) {
      if (!this.isStopped) this.failed(readFailure(this.name, error));
    }
    if (this.isStopped) return;
    this.timer = setTimeout(() => this.start(observe), everySeconds * 1000);
  }

  private failed({ reason, cure }: TableReadError): void {
    const before = this.state;
    this.state = { state: 'failed', reason, cure, retryInMs: this.options.everySeconds * 1000 };
    // The same failure again and again is one line, not one for each read.
    if (before.state === 'failed' && before.reason === reason) return;
    this.options.log.error('tables cannot be read', { sensor: this.name, reason, cure });
  }

  private async tell(shown: readonly ShownTable[], observe: (observation: Observation) => void): Promise<void> {
    const { at, macPorts, log } = this.options;
    const readAt = Date.now();
    let [rows, claims, unparsed, sinceTurn] = [0, 0, 0, 0];
    for (const table of shown) {
      const format = formatOf(table);
      const parsed = format.parse(table.text);
      unparsed += parsed.unparsed.length;
      rows += parsed.entries.length;
      if (parsed.entries.some((entry) => entry.table === 'mac')) macPorts.noteRead(readAt);
      for (const entry of parsed.entries) {
        const observation = this.observed(entry, format, readAt);
        if (observation === undefined) continue;
        claims++;
        if (observation.kind === 'mac-table' && observation.port !== undefined)
          macPorts.learn(observation.claimedMac, observation.vlan, observation.port, readAt);
        observe(observation);
        if (++sinceTurn % rowsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
        if (this.isStopped) return;
      }
    }
    const before = this.state;
    const detail = `${rows} rows, ${claims} claims, ${unparsed} lines not understood`;
    this.state = { state: 'running', detail };
    if (before.state !== 'running') log.info('tables are read', { sensor: at.sensor, rows, claims, unparsed });
  }

  private observed(entry: TableEntry, { vendor }: TableFormat, readAt: number): Observation | undefined {
    const { at, macPorts } = this.options;
    const isElsewhere = portAt(at, entry.port ?? entry.interface, vendor) === undefined && entry.mac !== undefined;
    const learntAt =
      isElsewhere && entry.mac !== undefined ? macPorts.portOf(entry.mac, entry.vlan, readAt) : undefined;
    return tableObservation(entry, at, { vendor, readAt, learntAt: entry.table === 'mac' ? undefined : learntAt });
  }
}

/** The format of a table; throws a TableReadError where it cannot be told. */
function formatOf({ from, format: name, text }: ShownTable): TableFormat {
  const named = tableFormats.find((one) => one.name === name);
  if (named !== undefined) return named;
  const { format, closest } = detectFormat(text);
  if (format !== undefined) return format;
  const names = closest.map((one) => one.format.name).join(', ');
  throw new TableReadError(
    `the format of "${from}" cannot be told${names === '' ? '' : `; the closest are ${names}`}`,
    'name the format of the sensor, one that "portledger sensor formats" shows',
  );
}
