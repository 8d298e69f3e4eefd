import { catalogue, decodeData, type EventContract } from '../../events/index.js';
import { type Accepts, compileValidator } from './compiled-validator.js';
import { fieldErrors } from './field-errors.js';
import { type FieldError, found, refuse, type Refusal } from './refusal.js';

/** Data of a known type, newest shape, canonical spellings: what is stored. */
export interface CanonicalData {
  readonly refused: false;
  readonly data: object;
}

/** Compiled when the engine starts, so that a contract that cannot be compiled stops it there. */
const validators: ReadonlyMap<string, Accepts> = new Map(
  Object.values(catalogue).map(({ type, dataClass }) => [type, compileValidator(dataClass)]),
);

/**
 * Holds data against its contract, strictly: every field known, every value valid. Older shapes are brought to the newest first.
 * Good data meets the compiled contract only; class-validator itself is asked what is wrong with the rest, and has the last word.
 */
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
  if (decoded.readable && validators.get(contract.type)?.(fields)) return { refused: false, data: decoded.data };
  const errors = fieldErrors(contract, fields, decoded.readable ? undefined : decoded.reason);
  if (errors.length > 0) return invalid(contract, errors);
  if (!decoded.readable) return invalid(contract, [{ pointer: '/data', detail: decoded.reason }]);
  return { refused: false, data: decoded.data };
}

function invalid(contract: EventContract, errors: readonly FieldError[]): Refusal {
  return refuse(422, 'invalid-event', `${contract.type}: ${errors[0]?.pointer}: ${errors[0]?.detail}`, errors);
}
