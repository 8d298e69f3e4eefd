import { eventLeaf } from '../event-leaf.js';
import { Frontier } from '../merkle-tree.js';
import { eventLine, type ExportedEvent, type ExportHeader, headerLine } from './exported-log.js';
import { eventsBetween, type LogSource } from './log-source.js';

/** Where an export is written. */
export interface ExportTarget {
  /** The header of an export that was begun here before and interrupted. */
  readonly begun: ExportHeader | undefined;
  /** The events that stand here already, in order, from ordinal `from` on. */
  taken(from: number): AsyncIterable<ExportedEvent>;
  /** Adds text after what `taken` gave. */
  write(text: string): void;
}

/** What a log exports does not add up to the tree head it gave: it was changed, or a transfer broke it. */
export class ExportDiffers extends Error {
  constructor({ logId, head }: ExportHeader, found: { readonly size: number; readonly root: Buffer }) {
    super(
      `The ${found.size} events read have the root ${found.root.toString('hex')}; log ${logId} said ${head.size} with ` +
        `${head.root.toString('hex')}. The export was not completed: look at the log with portledger audit verify.`,
    );
    this.name = 'ExportDiffers';
  }
}

/** An export was begun here that is not the one asked for now. */
export class OtherExport extends Error {
  constructor(begun: ExportHeader, wanted: { readonly logId: string; readonly from: number }) {
    const spell = (one: { readonly logId: string; readonly from: number }): string =>
      `log ${one.logId} from #${one.from}`;
    super(`The unfinished export is of ${spell(begun)}, not of ${spell(wanted)}: name another file, or remove it.`);
    this.name = 'OtherExport';
  }
}

/** The log does not reach so far. */
export class NoSuchOrdinal extends Error {
  constructor(from: number, size: number) {
    super(`There is no event #${from}: the log holds ${size} events.`);
    this.name = 'NoSuchOrdinal';
  }
}

export interface ExportOptions {
  /** Ordinal of the first event to export. */
  readonly from: number;
  /** Asked after each page: true ends the export where it is. */
  readonly isStopped: () => boolean;
  /** Called once when an interrupted export goes on: events that stand there already. */
  readonly onResumed: (events: number, header: ExportHeader) => void;
  /** Events exported now, and how many this run has to export. */
  readonly onProgress: (done: number, all: number) => void;
}

export interface Exported {
  readonly header: ExportHeader;
  readonly isComplete: boolean;
  /** Ordinal of the first event that is not in the export yet. */
  readonly next: number;
}

/**
 * Writes a log up to the head it has now, or that of the interrupted export that it goes on with. It ends by comparing the
 * tree of everything read and written with that head: rejects with ExportDiffers, or with OtherExport before anything.
 */
export async function exportLog(source: LogSource, target: ExportTarget, options: ExportOptions): Promise<Exported> {
  const { begun } = target;
  const { from } = options;
  if (begun !== undefined && (begun.logId !== source.logId || begun.from !== from))
    throw new OtherExport(begun, { logId: source.logId, from });
  const header = begun ?? { logId: source.logId, head: await source.head(), from };
  if (from > 0 && from >= header.head.size) throw new NoSuchOrdinal(from, header.head.size);
  const run = new Run(header, source, target);
  if (from > 0) await run.passBefore();
  const taken = await run.retake();
  if (begun === undefined) target.write(headerLine(header));
  else options.onResumed(taken, header);
  return run.rest(options);
}

class Run {
  private readonly tree = Frontier.empty();
  private lastId: string | undefined;

  constructor(
    private readonly header: ExportHeader,
    private readonly source: LogSource,
    private readonly target: ExportTarget,
  ) {}

  /** The events before the first one exported: their leaves belong to the root. */
  async passBefore(): Promise<void> {
    const { from } = this.header;
    for await (const page of eventsBetween(this.source, { from: 0, to: from }))
      for (const event of page) this.add(event);
  }

  async retake(): Promise<number> {
    const before = this.tree.size;
    for await (const event of this.target.taken(this.header.from)) this.add(event);
    return this.tree.size - before;
  }

  async rest({ isStopped, onProgress }: ExportOptions): Promise<Exported> {
    const { header, tree } = this;
    const first = tree.size;
    const { size, root } = header.head;
    if (first < size) {
      for await (const page of eventsBetween(this.source, { from: first, to: size, afterId: this.lastId })) {
        for (const event of page) this.add(event);
        this.target.write(page.map(eventLine).join(''));
        onProgress(tree.size - first, size - first);
        if (isStopped() && tree.size < size) return { header, isComplete: false, next: tree.size };
      }
    }
    if (tree.size !== size || !tree.root().equals(root))
      throw new ExportDiffers(header, { size: tree.size, root: tree.root() });
    return { header, isComplete: true, next: size };
  }

  private add(event: ExportedEvent): void {
    // A gap or a repetition shows in the root all the same; here nothing is counted that is not next.
    if (event.ordinal === this.tree.size) this.tree.push(eventLeaf(event));
    this.lastId = event.id;
  }
}
