import fc from '../support/property.js';
import { formatInstant, parseInstant } from '../../events/index.js';

describe('an instant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1985-04-12T23:20:50.52Z', 482196050520],
    ['1996-12-19T16:39:57-08:00', Date.UTC(1996, 11, 20, 0, 39, 57)],
    ['1990-12-31T23:59:60Z', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-12-31T15:59:60-08:00', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-12-31T23:59:60.5Z', Date.UTC(1990, 11, 31, 23, 59, 59, 999)],
    ['1990-06-30t23:59:60z', Date.UTC(1990, 5, 30, 23, 59, 59, 999)],
    ['1937-01-01T12:00:27.87+00:20', Date.UTC(1937, 0, 1, 11, 40, 27, 870)],
    ['2026-01-01T00:00:00.123456789012Z', Date.UTC(2026, 0, 1, 0, 0, 0, 123)],
    ['2026-01-01T00:00:00-00:00', Date.UTC(2026, 0, 1)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
  ])('%s is read (RFC 3339 section 5.8 and around it)', (text, millis) => expect(parseInstant(text)).toBe(millis));

  it.each([
    '',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00.Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T12:30:60Z',
    '1990-12-30T23:59:60Z',
    '1990-12-31T23:59:60-08:00',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00:00+0100',
    '2026-01-01T00:00:00Z\n',
    '+002026-01-01T00:00:00Z',
    '0000-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '２026-01-01T00:00:00Z',
  ])('%j is refused', (text) => expect(parseInstant(text)).toBeUndefined());

  it('survives spelling and reading, in every zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: -1439, max: 1439 }),
        (date, offset) => {
          const millis = date.getTime();
          expect(parseInstant(formatInstant(millis))).toBe(millis);
          const local = new Date(millis + offset * 60_000).toISOString().replace('Z', '');
          const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
            String(part).padStart(2, '0'),
          );
          expect(parseInstant(`${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`)).toBe(millis);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('that can be read can be stored: its spelling in UTC is read again', () => {
    const edges = [
      '0000-01-01T00:00:00+23:59',
      '0000-01-01T23:59:00+23:59',
      '9999-12-31T23:59:59.999-23:59',
      '9999-12-31T00:00:00-23:59',
    ];
    for (const text of edges) {
      const millis = parseInstant(text);
      if (millis !== undefined) expect(parseInstant(formatInstant(millis))).toBe(millis);
    }
  });
});
