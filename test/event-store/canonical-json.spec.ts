import fc from '../support/property.js';
import { canonicalForm, canonicalJson, NotJson } from '../../src/event-store/canonical-json.js';

// The examples are those of RFC 8785.
describe('the canonical form of JSON', () => {
  it('writes the sample of section 3.2.2 as the bytes of section 3.2.4', () => {
    const sample: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const bytes = `
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73
      22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31
      65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c
      22 2f 22 7d`;
    expect(Buffer.from(canonicalJson(sample)).toString('hex')).toBe(bytes.replace(/\s/g, ''));
  });

  it('sorts members by UTF-16 code units, as in section 3.2.3', () => {
    const sample: unknown = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    expect([...canonicalJson(sample).matchAll(/:"([^"]+)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number with the bits %s of appendix B as %s', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([
    ['NaN', { port: [NaN] }, 'port[0] is NaN'],
    ['infinity', { port: Infinity }, 'port is Infinity'],
    ['a lone surrogate', { name: 'a\ud83d' }, 'name is text with a lone surrogate'],
    ['a member name with a lone surrogate', { ['\udead']: 1 }, 'lone surrogate'],
    ['a big integer', { at: 1n }, 'at is of type bigint'],
    ['a function', { run: () => 1 }, 'run is of type function'],
    ['an undefined item', { list: [undefined] }, 'list[0] is of type undefined'],
    ['a hole in a list', Array(1), '[0] is of type undefined'],
    ['a date', { at: new Date(0) }, 'at is a Date'],
    ['a map', { rows: new Map() }, 'rows is a Map'],
    ['bytes', { mac: new Uint8Array(6) }, 'mac is a Uint8Array'],
    ['nothing at all', undefined, 'the value is of type undefined'],
  ])('refuses %s and says where it stands', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(NotJson);
    expect(() => canonicalJson(value)).toThrow(message);
  });

  it('refuses a value that contains itself instead of running out of stack', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(() => canonicalJson(loop)).toThrow('nested deeper than 64 levels');
  });

  it('leaves out members that are undefined, and takes instances of data classes', () => {
    class Suspension {
      serverId = 'srv-1';
      reason: string | undefined = undefined;
    }
    expect(canonicalJson(new Suspension())).toBe('{"serverId":"srv-1"}');
  });
});

describe('the short way to the canonical form', () => {
  /** RFC 8785 word for word, for values that JSON has. */
  function reference(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${reference(Object.getOwnPropertyDescriptor(value, name)?.value)}`).join(',')}}`;
  }
  const name = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'aa',
      '1',
      '10',
      '9',
      '__proto__',
      '_a',
      'toJSON',
      'constructor',
      '',
      'é',
      '\ufb33',
      '😀',
    ),
    fc.string(),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false, 0, -0, 1e21, 5e-324, '\u2028', '"', '\\ud800', '😀'),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(name, tie('value')), { maxLength: 20 }).map((members) => Object.fromEntries(members)),
    ),
  }));

  it('writes every value as the long way does, and reads it as JSON.parse does', () => {
    fc.assert(
      fc.property(value, (given) => {
        const { text, value: copy } = canonicalForm(given);
        expect(text).toBe(reference(given));
        expect(canonicalJson(given)).toBe(text);
        expect(copy).toEqual(JSON.parse(text));
        expect(JSON.stringify(copy)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives a copy that shares nothing with the original and knows nothing of its class', () => {
    class Fact {
      readonly list = [1, { b: 1, a: 2 }];
      readonly absent = undefined;
      toJSON(): string {
        return 'not asked';
      }
    }
    const given = new Fact();
    const { text, value: copy } = canonicalForm(given);
    given.list.push(3);
    expect(text).toBe('{"list":[1,{"a":2,"b":1}]}');
    expect(copy).toEqual({ list: [1, { a: 2, b: 1 }] });
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it.each([
    ['a lone surrogate', { a: ['\ud83d'] }, 'a[0]'],
    ['a lone surrogate in a name', { '\udead': 1 }, '\udead'],
    ['a hole', { a: [1, , 2] }, 'a[1]'], // oxlint-disable-line no-sparse-arrays
    ['a Date', { a: { b: new Date(0) } }, 'a.b'],
    ['a boxed text', { a: Object('x') as unknown }, 'a'],
    ['a function', { a: () => 1 }, 'a'],
  ])('leaves it to the long way to say where there is %s', (_, given, path) => {
    expect(() => canonicalForm(given)).toThrow(NotJson);
    expect(() => canonicalForm(given)).toThrow(new RegExp(`^${path.replace(/[[\]]/g, '\\$&')} is `));
  });
});
