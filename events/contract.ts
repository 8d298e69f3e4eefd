/** Who may publish an event type. `own-rooms` is never accepted at intake. */
export type Scope = 'publisher' | 'operator' | 'link-source' | 'own-rooms';

/** What every stored event carries beside its data. Times are RFC 3339 in UTC with milliseconds. */
export interface EventMetadata {
  /** CloudEvents `source`, bound to the publisher's token. */
  readonly source: string;
  /** CloudEvents `id`, unique within `source`. */
  readonly sourceId: string;
  /** Shape of `data`; older shapes are upcast when read. */
  readonly schemaVersion: number;
  /** When the fact became true, as its publisher says. */
  readonly time: string;
  /** When the engine stored it; never decreases along the log. */
  readonly recordedAt: string;
  /** Event ids that led to this one, for events of our own rooms. */
  readonly causedBy?: readonly string[];
}

/** An event as the store returns it, before anybody has understood its data. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
  /** 0-based count within the stream. */
  readonly revision: number;
  /** Opaque, totally ordered decimal string of its store; appears in answers and cursors only. */
  readonly position: string;
  /** 0-based count of all events of this log; kept by a copy to another store. */
  readonly ordinal: number;
}

/** A class whose instances are the data of one event type; its decorators are the contract at intake. */
export type DataClass<Data> = new () => Data;

/** The contract of one event type: who publishes it, where it is stored, how its data is read. */
export interface EventContract<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly scope: Scope;
  /** The newest shape; data of version n is brought to n+1 by `upcasts[n]`. */
  readonly version: number;
  readonly dataClass: DataClass<Data>;
  /** Reads data of the newest version, canonical spellings throughout; fields it does not know are left out. */
  readonly read: (fields: FieldReader) => Data;
  readonly upcasts?: Readonly<Record<number, Upcast>>;
  /** The stream an event with this data belongs to; undefined where the publisher's order names the stream. */
  readonly stream: ((data: Data) => string) | undefined;
}

/** Keeps the literal type of an event's name while checking its contract. */
export function defineEvent<const Type extends string, Data extends object>(
  contract: EventContract<Type, Data>,
): EventContract<Type, Data> {
  return contract;
}

/** Thrown inside a contract's `read` and caught by `decodeEvent`; never leaves `events/`. */
export class UnreadableField extends Error {
  constructor(
    readonly field: string,
    readonly expected: string,
  ) {
    super(`${field}: expected ${expected}`);
  }
}

/** Brings data of one version to the next; works on a copy or makes a new object, never changes what it was given. */
export type Upcast = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** One kind of field: how it is read and how it is described to a publisher. */
export interface FieldKind<Value> {
  readonly parse: (value: unknown) => Value | undefined;
  readonly expected: string;
}

/** The longest list a field may hold where its contract names no other limit. */
export const longestList = 500;

/** Takes typed values out of data nobody has checked yet. */
export class FieldReader {
  constructor(private readonly fields: Readonly<Record<string, unknown>>) {}

  need<Value>(name: string, kind: FieldKind<Value>): Value {
    const value = kind.parse(this.fields[name]);
    if (value === undefined) throw new UnreadableField(name, kind.expected);
    return value;
  }

  maybe<Value>(name: string, kind: FieldKind<Value>): Value | undefined {
    return this.fields[name] === undefined ? undefined : this.need(name, kind);
  }

  list<Value>(name: string, kind: FieldKind<Value>, most = longestList): Value[] {
    const values = this.fields[name];
    if (!Array.isArray(values) || values.length > most)
      throw new UnreadableField(name, `a list of at most ${most}, each ${kind.expected}`);
    return values.map((value: unknown, index) => {
      const parsed = kind.parse(value);
      if (parsed === undefined) throw new UnreadableField(`${name}.${index}`, kind.expected);
      return parsed;
    });
  }

  maybeList<Value>(name: string, kind: FieldKind<Value>, most = longestList): Value[] | undefined {
    return this.fields[name] === undefined ? undefined : this.list(name, kind, most);
  }
}

/** Leaves out the fields that are undefined, so that data has one form whether a field was absent or not said. */
export function compact<Data extends object>(data: Data): Data {
  const fields = data as Record<string, unknown>;
  for (const key in fields) if (fields[key] === undefined) return withoutUndefined(fields) as Data;
  return data;
}

/** A new object and no `delete`: that would leave an object which every later reader pays for. */
function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const key in fields) if (fields[key] !== undefined) said[key] = fields[key];
  return said;
}
