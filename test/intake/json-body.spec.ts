import fc from '../support/property.js';
import { parseJsonBody } from '../../src/intake/json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe('a JSON body', () => {
  it('is parsed', () => {
    expect(parse('{"a": ["\\u00e9\\ud83d\\ude00"]}')).toEqual({ a: ['é😀'] });
  });

  it.each([
    ['cut short', Buffer.from('{"a": ')],
    ['empty', Buffer.alloc(0)],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nested 17 deep', Buffer.from('['.repeat(17) + ']'.repeat(17))],
    ['a flood of brackets', Buffer.from('['.repeat(900_000))],
    ['half a surrogate pair', Buffer.from('{"a": "\\ud83d"}')],
  ])('is refused when it is %s', (_name, body) => {
    expect(() => parseJsonBody(body)).toThrow(
      expect.objectContaining({ status: 400, code: 'malformed-json' }) as Error,
    );
  });

  it('may be 16 deep, and may hold brackets in strings', () => {
    expect(() => parse('['.repeat(16) + ']'.repeat(16))).not.toThrow();
    expect(parse(JSON.stringify(`"\\${'['.repeat(50)}`))).toHaveLength(52);
  });

  it('counts the depth of brackets outside strings only', () => {
    const tricky = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', '}', ']', 'a'), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(tricky, { maxLength: 4 }), fc.integer({ min: 10, max: 20 }), (texts, depth) => {
        const inner = JSON.stringify(texts).slice(1, -1);
        const text = '['.repeat(depth) + inner + ']'.repeat(depth);
        if (depth <= 16) expect(parse(text)).toEqual(JSON.parse(text));
        else expect(() => parse(text)).toThrow('nested more than 16 deep');
      }),
    );
  });
});
