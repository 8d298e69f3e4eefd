import fc from '../support/property.js';
import { isLargerThan, jsonSize } from '../../src/intake/event-size.js';

describe('the size of an event', () => {
  it('is that of its JSON text, whatever is in it', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\u0000\u001f"\\'.repeat(20)));
    const awkward = fc.oneof(texts, fc.constantFrom<unknown>(1e20, 1e21, -1.7976931348623157e308, 5e-324, null, true));
    const values = fc.oneof(fc.jsonValue(), fc.dictionary(texts, awkward), fc.array(awkward, { maxLength: 40 }));
    fc.assert(
      fc.property(values, fc.nat(600), (value, limit) => {
        const size = Buffer.byteLength(JSON.stringify(value));
        expect([jsonSize(value), isLargerThan(value, limit)]).toEqual([size, size > limit]);
      }),
      { numRuns: 3000 },
    );
  });

  it('is exact at the limit', () => {
    for (const size of [65_535, 65_536, 65_537])
      expect(isLargerThan({ a: 'x'.repeat(size - 8) }, 65_536)).toBe(size > 65_536);
  });
});
