import { type EventContract, FieldReader, type FieldKind } from '../../events/contract.js';

/** One field of an event's data, as its contract reads it. */
export interface ContractField {
  readonly name: string;
  readonly required: boolean;
  readonly expected: string;
}

/** Has no data: writes down what a contract asks for. */
class FieldRecorder extends FieldReader {
  readonly asked: ContractField[] = [];

  constructor() {
    super({});
  }

  override need<Value>(name: string, kind: FieldKind<Value>): Value {
    return this.note(name, true, kind.expected) as Value;
  }
  override maybe<Value>(name: string, kind: FieldKind<Value>): undefined {
    return this.note(name, false, kind.expected);
  }
  override list<Value>(name: string, kind: FieldKind<Value>): Value[] {
    return this.note(name, true, `list: ${kind.expected}`) ?? [];
  }
  override maybeList<Value>(name: string, kind: FieldKind<Value>): undefined {
    return this.note(name, false, `list: ${kind.expected}`);
  }

  private note(name: string, required: boolean, expected: string): undefined {
    this.asked.push({ name, required, expected });
    return undefined;
  }
}

/** The fields of an event's data in the order its contract reads them. */
export function fieldsOf(contract: EventContract): readonly ContractField[] {
  const recorder = new FieldRecorder();
  contract.read(recorder);
  return recorder.asked;
}

/** The stream an event goes to, with `<field>` where the data's field comes in. */
export function streamPattern(contract: EventContract): string {
  const names = Object.fromEntries(fieldsOf(contract).map(({ name }) => [name, `<${name}>`]));
  return contract.stream?.(names) ?? 'the frozen stream';
}
