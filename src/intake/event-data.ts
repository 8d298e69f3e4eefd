import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { decodeData, type EventContract } from '../../events/index.js';
import { didYouMean } from '../config/nearest.js';
import { type FieldError, found, refuse, type Refusal } from './refusal.js';

/** Data of a known type, newest shape, canonical spellings: what is stored. */
export interface CanonicalData {
  readonly refused: false;
  readonly data: object;
}

/** Holds data against its contract, strictly: every field known, every value valid. Older shapes are brought to the newest first. */
export function readEventData(contract: EventContract, version: number, data: unknown): CanonicalData | Refusal {
  if (version > contract.version) {
    return invalid(contract, [
      { pointer: '/schemaversion', detail: `expected 1 to ${contract.version}; ${found(version)}` },
    ]);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return invalid(contract, [{ pointer: '/data', detail: `expected an object; ${found(data)}` }]);
  }
  const decoded = decodeData(contract.type, version, data);
  const fields = version === contract.version ? data : decoded.readable ? decoded.data : data;
  const errors = fieldErrors(contract, fields, decoded.readable ? undefined : decoded.reason);
  if (errors.length > 0) return invalid(contract, errors);
  if (!decoded.readable) return invalid(contract, [{ pointer: '/data', detail: decoded.reason }]);
  return { refused: false, data: decoded.data };
}

const fieldsOfType = new Map<EventContract, readonly string[]>();

/** The names of the fields a type's data may have. */
export function fieldsOf(contract: EventContract): readonly string[] {
  const known = fieldsOfType.get(contract);
  if (known !== undefined) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(contract.dataClass, '', true, false);
  const names = [...new Set(metadata.map((one) => one.propertyName))];
  fieldsOfType.set(contract, names);
  return names;
}

function fieldErrors(contract: EventContract, data: object, decodeReason: string | undefined): FieldError[] {
  const known = fieldsOf(contract);
  const instance = new contract.dataClass() as Record<string, unknown>;
  const unknown: FieldError[] = [];
  for (const [name, value] of Object.entries(data)) {
    // Unknown names, `__proto__` and `constructor` among them, never reach the instance.
    if (known.includes(name)) instance[name] = value;
    else
      unknown.push({ pointer: pointerOf(name), detail: `not a field of ${contract.type}.${didYouMean(name, known)}` });
  }
  const invalidFields = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
  return [...invalidFields.map((error) => asFieldError(error, decodeReason)), ...unknown];
}

function asFieldError({ property, constraints, value }: ValidationError, decodeReason: string | undefined): FieldError {
  const item = decodeReason?.startsWith(`${property}.`) ? /^[^.]+\.(\d+):/.exec(decodeReason)?.[1] : undefined;
  const culprit: unknown = item !== undefined && Array.isArray(value) ? value[Number(item)] : value;
  const rule = Object.values(constraints ?? {}).at(-1) ?? `${property} is not valid`;
  return {
    pointer: pointerOf(property) + (item === undefined ? '' : `/${item}`),
    detail: `${rule}; ${found(culprit)}`,
  };
}

function pointerOf(name: string): string {
  return `/data/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function invalid(contract: EventContract, errors: readonly FieldError[]): Refusal {
  return refuse(422, 'invalid-event', `${contract.type}: ${errors[0]?.pointer}: ${errors[0]?.detail}`, errors);
}
