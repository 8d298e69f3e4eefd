import { getMetadataStorage, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';

/** True for data that class-validator would find no fault with, unknown fields forbidden. Never changes what it is given. */
export type Accepts = (data: object) => boolean;

type ValidationMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Condition = (owner: object, value: unknown) => boolean;

/** A contract says something that the compiler does not know. Leaving it out would accept what the class refuses. */
export class UncompilableContract extends Error {
  constructor(className: string, property: string, what: string) {
    const cure = 'Say it with ValidateBy and ValidateIf, or teach src/intake/compiled-validator.ts what it means.';
    super(`${className}.${property}: ${what}, which the compiled validator does not know. ${cure}`);
    this.name = 'UncompilableContract';
  }
}

interface Field {
  readonly name: string;
  /** All of them must hold for the checks to count (`ValidateIf`). */
  readonly conditions: readonly Condition[];
  readonly checks: readonly Condition[];
}

/**
 * Compiles the decorators of a data class, read from class-validator's own metadata, into one function that runs the very
 * same constraints without making an instance, an error list or a metadata search for each event.
 * A constraint that looks at its owner sees the data itself.
 * @throws UncompilableContract for any kind of decorator, option or class member it does not know
 */
export function compileValidator(dataClass: new () => object): Accepts {
  const fields = fieldsOf(dataClass);
  const known = new Set(fields.map(({ name }) => name));
  return (data) => {
    for (const name of Object.keys(data)) if (!known.has(name)) return false;
    for (const field of fields) if (!isValid(field, data)) return false;
    return true;
  };
}

function isValid({ name, conditions, checks }: Field, data: object): boolean {
  const value = (data as Record<string, unknown>)[name];
  for (const condition of conditions) if (!condition(data, value)) return true;
  for (const check of checks) if (!check(data, value)) return false;
  return true;
}

function fieldsOf(dataClass: new () => object): Field[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dataClass, '', false, false);
  const names = [...new Set(metadata.map((one) => one.propertyName))];
  if (names.length === 0) throw new UncompilableContract(dataClass.name, '*', 'a class without decorators');
  for (const [name, value] of Object.entries(new dataClass())) {
    // A default would stand in for an absent field, and a member without a decorator is refused whatever it holds.
    if (value !== undefined || !names.includes(name))
      throw new UncompilableContract(dataClass.name, name, 'a default value or a member without a decorator');
  }
  return names.map((name) => {
    if (name in Object.prototype)
      throw new UncompilableContract(dataClass.name, name, 'a field that every object has already');
    return fieldOf(
      dataClass,
      name,
      metadata.filter((one) => one.propertyName === name),
    );
  });
}

function fieldOf(dataClass: new () => object, name: string, metadata: readonly ValidationMetadata[]): Field {
  const conditions: Condition[] = [];
  const checks: Condition[] = [];
  for (const one of metadata) {
    const refuse = (what: string): never => {
      throw new UncompilableContract(dataClass.name, name, what);
    };
    if ((one.groups ?? []).length > 0 || one.always !== undefined) refuse('a validation group');
    if (one.type === 'conditionalValidation') conditions.push(one.constraints[0] as Condition);
    else if (one.type === 'customValidation') checks.push(...checksOf(dataClass, one, refuse));
    else refuse(`a decorator of the kind ${one.type}`);
  }
  return { name, conditions, checks };
}

function checksOf(
  dataClass: new () => object,
  metadata: ValidationMetadata,
  refuse: (what: string) => never,
): Condition[] {
  const { each, validateIf, constraints, propertyName: property } = metadata;
  const found = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  if (found.length === 0) refuse('a constraint that nobody registered');
  return found.map(({ instance, async }) => {
    if (async) refuse('a constraint that answers later');
    const once = constraintOf(instance, { targetName: dataClass.name, property, constraints });
    // Once for the value, or for each item where it is a list (class-validator: also of a Set or Map, which JSON has not).
    const check: Condition = each
      ? (owner, value) => (Array.isArray(value) ? value.every((item) => once(owner, item, value)) : once(owner, value))
      : once;
    return validateIf === undefined ? check : (owner, value) => !validateIf(owner, value) || check(owner, value);
  });
}

/** One object of arguments serves every call: a constraint is done with it when it returns. */
function constraintOf(
  instance: ValidatorConstraintInterface,
  about: Pick<ValidationArguments, 'targetName' | 'property' | 'constraints'>,
): (owner: object, item: unknown, value?: unknown) => boolean {
  const args = { ...about, object: {}, value: undefined as unknown };
  return (owner, item, value = item) => {
    args.object = owner;
    args.value = value;
    return Boolean(instance.validate(item, args));
  };
}
