import type { EventType } from '../events/index.js';
import type { EventsOf, Projection } from './projection.js';

/** Told of every row that changed; `after` is undefined when the row went away. */
export type RowChanged<Row> = (key: string, before: Row | undefined, after: Row | undefined) => void;

/** The rows of one projection. Indexes hang on `onChange`, so what a row no longer says is released by itself. */
export class Table<Row, Type extends EventType> {
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly projection: Projection<Row, Type>,
    private readonly onChange: RowChanged<Row> = () => {},
  ) {}

  /** Folds one event; true when a row changed. */
  fold(event: EventsOf<Type>): boolean {
    const key = this.projection.key(event);
    const before = this.rows.get(key);
    const after = this.projection.evolve(before, event);
    if (after === before) return false;
    if (after === undefined) this.rows.delete(key);
    else this.rows.set(key, after);
    this.onChange(key, before, after);
    return true;
  }

  get(key: string): Row | undefined {
    return this.rows.get(key);
  }

  get size(): number {
    return this.rows.size;
  }

  values(): IterableIterator<Row> {
    return this.rows.values();
  }
}
