import { isDeepStrictEqual } from 'node:util';
import { Allow, IsDefined, registerDecorator, ValidateBy, ValidateNested } from 'class-validator';
import fc from '../support/property.js';
import { catalogue, contractOf, decodeData, type EventContract, eventTypes } from '../../events/index.js';
import { compileValidator, UncompilableContract } from '../../src/intake/compiled-validator.js';
import { readEventData } from '../../src/intake/event-data.js';
import { fieldErrors } from '../../src/intake/field-errors.js';
import { sampleOf } from '../support/corpus.js';
import { mutatedData } from './mutated-data.js';

const eventsInAll = process.env['PORTLEDGER_LONG'] === '1' ? 2_000_000 : 30_000;
const shapes = eventTypes.flatMap((type) =>
  Array.from({ length: catalogue[type].version }, (_, index) => [type, index + 1] as const),
);
const eventsAShape = Math.ceil(eventsInAll / shapes.length);

const contractNamed = (type: string): EventContract => {
  const contract = contractOf(type);
  if (contract === undefined) throw new Error(`no contract of ${type}`);
  return contract;
};

describe('the compiled contract', () => {
  const seen = { events: 0, accepted: 0, refused: 0 };

  it.each(shapes)('of %s version %i accepts what class-validator accepts and nothing else', (type, version) => {
    const contract = contractNamed(type);
    const accepts = compileValidator(contract.dataClass);
    fc.assert(
      fc.property(mutatedData(contract, version), (data) => {
        Object.freeze(data); // Whoever changes what the publisher said throws.
        // What intake did before there was a compiled contract: class-validator alone decides, decoding spells.
        const decoded = decodeData(type, version, data);
        const fields = version === contract.version || !decoded.readable ? data : decoded.data;
        const faults = fieldErrors(contract, fields, undefined);
        const expected = decoded.readable && faults.length === 0 ? decoded.data : undefined;
        const read = readEventData(contract, version, data);
        const answer = { accepted: accepts(fields), data: read.refused ? undefined : read.data };
        if (answer.accepted !== (faults.length === 0) || !isDeepStrictEqual(answer.data, expected))
          throw new Error(
            `the compiled contract says ${shown(answer)}, class-validator ${shown({ faults, expected })}`,
          );
        seen.events++;
        seen[answer.accepted ? 'accepted' : 'refused']++;
      }),
      { numRuns: eventsAShape },
    );
  });

  it('was held against class-validator over enough events, good ones and bad ones', () => {
    expect(seen.events).toBeGreaterThanOrEqual(eventsInAll);
    expect(seen.accepted).toBeGreaterThan(eventsInAll / 5);
    expect(seen.refused).toBeGreaterThan(eventsInAll / 5);
  });

  it.each(shapes)('of %s version %i refuses each field that is missing or null where class-validator does', (type) => {
    const contract = contractNamed(type);
    const accepts = compileValidator(contract.dataClass);
    const sample = sampleOf(type).stored.data as Record<string, unknown>;
    expect(accepts(sample)).toBe(true);
    for (const name of Object.keys(sample)) {
      for (const data of [
        { ...sample, [name]: null },
        { ...sample, [name]: undefined },
      ])
        expect([name, accepts(data)]).toEqual([name, fieldErrors(contract, data, undefined).length === 0]);
    }
  });
});

describe('compiling a contract', () => {
  const always = { name: 'always', validator: { validate: () => true } };
  class Nested {
    @ValidateNested() readonly inner!: object;
  }
  class Allowed {
    @Allow() readonly anything!: unknown;
  }
  class Defined {
    @IsDefined() readonly field!: string;
  }
  class Grouped {
    @ValidateBy(always, { groups: ['some'] }) readonly field!: string;
  }
  class Slow {
    @Later() readonly field!: string;
  }
  class Defaulted {
    @ValidateBy(always) readonly field = 'default';
  }
  class Inherited {
    @ValidateBy(always) readonly toString!: () => string;
  }
  class Empty {}
  function Later(): PropertyDecorator {
    return (owner, property) =>
      registerDecorator({
        target: owner.constructor,
        propertyName: String(property),
        async: true,
        validator: { validate: () => Promise.resolve(false) },
      });
  }

  it.each([
    [Nested, 'inner'],
    [Allowed, 'anything'],
    [Defined, 'field'],
    [Grouped, 'field'],
    [Slow, 'field'],
    [Defaulted, 'field'],
    [Inherited, 'toString'],
    [Empty, '*'],
  ])('stops at what it does not know, with the names: %p', (dataClass: new () => object, property) => {
    const compile = (): unknown => compileValidator(dataClass);
    expect(compile).toThrow(UncompilableContract);
    expect(compile).toThrow(`${dataClass.name}.${property}: `);
  });

  it('hands a constraint its arguments, and a condition its owner', () => {
    const asked: unknown[] = [];
    const noting = { name: 'noting', constraints: [7], validator: { validate: note } };
    function note(value: unknown, args?: { constraints: unknown[]; property: string; value: unknown }): boolean {
      asked.push([value, args?.constraints, args?.property, args?.value]);
      return true;
    }
    class Noted {
      @ValidateBy(noting, { each: true }) readonly list!: number[];
      @ValidateBy(noting, { validateIf: (owner: { list: number[] }) => owner.list.length > 2 }) readonly some!: string;
    }
    const accepts = compileValidator(Noted);
    expect(accepts({ list: [1, 2], some: 'x' })).toBe(true);
    expect(asked).toEqual([
      [1, [7], 'list', [1, 2]],
      [2, [7], 'list', [1, 2]],
    ]);
    expect(accepts({ list: [1, 2], some: 'x', more: 1 })).toBe(false);
  });
});

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 500) ?? 'undefined';
}
