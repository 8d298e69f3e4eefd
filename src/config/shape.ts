import {
  getMetadataStorage,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import { didYouMean } from './nearest.js';

type Class = new () => object;

/** One value that is not as the file's form wants it. */
export interface ShapeProblem {
  /** JSON pointer (RFC 6901) of the value in its file. */
  readonly pointer: string;
  readonly found: string;
  readonly expected: string;
}

interface NestedShape {
  readonly shape: Class;
  readonly isList: boolean;
}

const nestedShapes = new Map<object, Map<string, NestedShape>>();

/** Property decorator: the value passes `check`; `expected` completes "expected ...". */
export function Expect(expected: string, check: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name: 'expect', validator: { validate: check, defaultMessage: () => expected } });
}

/** Property decorator: the key may be absent; `null` is not absent. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_owner: unknown, value: unknown) => value !== undefined);
}

/** Property decorator: an object of the form of `nested`. */
export function Nested(nested: Class): PropertyDecorator {
  return nestedProperty({ shape: nested, isList: false }, 'an object', (value) => value instanceof nested);
}

/** Property decorator: a list of objects of the form of `nested`. */
export function NestedList(nested: Class): PropertyDecorator {
  return nestedProperty(
    { shape: nested, isList: true },
    'a list of objects',
    (value) => Array.isArray(value) && value.every((one) => one instanceof nested),
  );
}

function nestedProperty(nested: NestedShape, expected: string, check: (value: unknown) => boolean): PropertyDecorator {
  return (prototype, property) => {
    const ofClass = nestedShapes.get(prototype) ?? new Map<string, NestedShape>();
    nestedShapes.set(prototype, ofClass.set(String(property), nested));
    Expect(expected, check)(prototype, property);
    ValidateNested()(prototype, property);
  };
}

/**
 * Makes an instance of a decorated class from parsed JSON; values of the wrong form are kept for `checkShape` to name.
 * Unknown keys, `__proto__` among them, are reported and never assigned.
 */
export function fillShape<Shape extends object>(
  shape: new () => Shape,
  raw: object,
  problems: ShapeProblem[],
  pointer = '',
): Shape {
  const instance = new shape();
  const known = keysOf(shape);
  const nested = nestedShapes.get(shape.prototype as object);
  for (const [key, value] of Object.entries(raw)) {
    const at = `${pointer}/${escapePointer(key)}`;
    if (!known.includes(key)) {
      problems.push({
        pointer: at,
        found: 'an unknown key',
        expected: `one of ${known.join(', ')}.${didYouMean(key, known)}`,
      });
      continue;
    }
    (instance as Record<string, unknown>)[key] = fillValue(nested?.get(key), value, problems, at);
  }
  return instance;
}

function fillValue(
  nested: NestedShape | undefined,
  value: unknown,
  problems: ShapeProblem[],
  pointer: string,
): unknown {
  if (nested === undefined || typeof value !== 'object' || value === null || Array.isArray(value) !== nested.isList)
    return value;
  if (!Array.isArray(value)) return fillShape(nested.shape, value, problems, pointer);
  const one = { ...nested, isList: false };
  return value.map((item: unknown, index) => fillValue(one, item, problems, `${pointer}/${index}`));
}

/** Every value of a filled instance that breaks its decorators, in the order of the file's form. */
export function checkShape(instance: object): ShapeProblem[] {
  return flatten(validateSync(instance, { whitelist: true, forbidNonWhitelisted: true }), '');
}

function flatten(errors: readonly ValidationError[], pointer: string): ShapeProblem[] {
  return errors.flatMap((error) => {
    const at = `${pointer}/${escapePointer(error.property)}`;
    const expected = error.constraints?.['expect'] ?? Object.values(error.constraints ?? {})[0];
    if (expected !== undefined) return [{ pointer: at, found: showValue(error.value), expected }];
    return flatten(error.children ?? [], at);
  });
}

function keysOf(shape: Class): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(shape, '', true, false);
  return [...new Set(metadata.map((one) => one.propertyName))];
}

/** A value as an error message may show it: JSON, at most 60 characters; `nothing` when absent. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
