import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { EventContract } from '../../events/index.js';
import { didYouMean } from '../config/nearest.js';
import { type FieldError, found } from './refusal.js';

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

/**
 * What class-validator finds wrong with data, field by field; nothing for good data.
 * @param decodeReason why decoding failed, which names the culprit inside a list
 */
export function fieldErrors(contract: EventContract, data: object, decodeReason: string | undefined): FieldError[] {
  const known = fieldsOf(contract);
  const instance = new contract.dataClass() as Record<string, unknown>;
  const unknown: FieldError[] = [];
  for (const [name, value] of Object.entries(data)) {
    // Unknown names, `__proto__` and `constructor` among them, never reach the instance.
    if (known.includes(name)) instance[name] = value;
    else
      unknown.push({
        pointer: dataPointer(name),
        detail: `not a field of ${contract.type}.${didYouMean(name, known)}`,
      });
  }
  const invalidFields = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
  return [...invalidFields.map((error) => asFieldError(error, decodeReason)), ...unknown];
}

function asFieldError({ property, constraints, value }: ValidationError, decodeReason: string | undefined): FieldError {
  const item = decodeReason?.startsWith(`${property}.`) ? /^[^.]+\.(\d+):/.exec(decodeReason)?.[1] : undefined;
  const culprit: unknown = item !== undefined && Array.isArray(value) ? value[Number(item)] : value;
  const rule = Object.values(constraints ?? {}).at(-1) ?? `${property} is not valid`;
  return {
    pointer: dataPointer(property) + (item === undefined ? '' : `/${item}`),
    detail: `${rule}; ${found(culprit)}`,
  };
}

function dataPointer(name: string): string {
  return `/data/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
