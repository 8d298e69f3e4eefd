import type { LogFilter } from './log-place.js';

const namesIn = (text: string | undefined): string[] => (text ?? '').split(',').filter((name) => name !== '');

/** How a type stands in a filter. */
export function standsAs(filter: LogFilter, type: string): 'only' | 'not' | undefined {
  if (namesIn(filter.type).includes(type)) return 'only';
  return namesIn(filter.notType).includes(type) ? 'not' : undefined;
}

/** The filter with a type chosen, or let go of where it was chosen so before; undefined: with all types. */
export function withStanding(
  filter: LogFilter,
  choice: { readonly type: string; readonly what: 'only' | 'not' } | undefined,
): LogFilter {
  const { type: only, notType, ...rest } = filter;
  if (choice === undefined) return rest;
  const { type, what } = choice;
  const [wanted, unwanted] = [namesIn(only), namesIn(notType)].map((names) => names.filter((one) => one !== type));
  const names = { only: wanted ?? [], not: unwanted ?? [] };
  if (standsAs(filter, type) !== what) names[what].push(type);
  return {
    ...rest,
    ...(names.only.length > 0 && { type: names.only.join(',') }),
    ...(names.not.length > 0 && { notType: names.not.join(',') }),
  };
}

interface CountedType {
  readonly type: string;
  readonly events: number;
}

/** The types to choose from: those of the log, and those that the filter names already. */
export function otherwise(types: readonly CountedType[], { type, notType }: LogFilter): CountedType[] {
  const named = [...namesIn(type), ...namesIn(notType)].filter((name) => !types.some((one) => one.type === name));
  return [...types, ...named.map((name) => ({ type: name, events: 0 }))];
}
