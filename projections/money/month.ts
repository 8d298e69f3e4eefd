import { parseInstant } from '../../events/index.js';

/** A month of the billing zone, which is UTC: [from, to), ms since 1970. */
export interface Month {
  /** `2026-10`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Reads `2026-10`; undefined for what is no month, or one beyond the years an instant can name. */
export function parseMonth(name: string): Month | undefined {
  if (!/^\d{4}-\d{2}$/.test(name)) return undefined;
  const from = parseInstant(`${name}-01T00:00:00.000Z`);
  const to = parseInstant(`${monthsLater(name, 1)}-01T00:00:00.000Z`);
  return from === undefined || to === undefined ? undefined : { name, from, to };
}

/** The month that ends with this one and those before it, oldest first. */
export function monthsUpTo(last: Month, count: number): Month[] {
  return Array.from({ length: count }, (_, at) => parseMonth(monthsLater(last.name, at + 1 - count))).filter(
    (month) => month !== undefined,
  );
}

function monthsLater(name: string, months: number): string {
  const count = Number(name.slice(0, 4)) * 12 + Number(name.slice(5)) - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}
