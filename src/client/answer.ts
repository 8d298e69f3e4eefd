import type { Conflict, FieldError, Meaning, Refused, Rehearsed, Stored } from './outcome.js';

type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** The results of a batch in its order; undefined for a body that is not this engine's answer to so many events. */
export function resultsOf(body: unknown, count: number): readonly Fields[] | undefined {
  const { results } = fieldsOf(body);
  if (!Array.isArray(results) || results.length !== count) return undefined;
  const all = results.map(fieldsOf);
  return all.every((one) => Number.isInteger(one['status'])) ? all : undefined;
}

/** Undefined for a result that says stored, but not where. */
export function storedOf(result: Fields): Stored | undefined {
  const { position, ordinal } = result;
  const meaning = meaningOf(result);
  if (typeof position !== 'string' || typeof ordinal !== 'number' || meaning === undefined) return undefined;
  return { stored: true, ...meaning, position, ordinal };
}

/** Undefined for a result that a dry run does not give: then something may have been stored. */
export function rehearsedOf(result: Fields): Rehearsed | undefined {
  const { position, ordinal, withheld, dryRun } = result;
  const meaning = meaningOf(result);
  if (dryRun !== true || meaning === undefined) return undefined;
  return {
    dryRun,
    refused: false,
    ...meaning,
    ...(typeof position === 'string' && typeof ordinal === 'number' ? { position, ordinal } : {}),
    ...(Array.isArray(withheld) ? { withheld: withheld as NonNullable<Rehearsed['withheld']> } : {}),
  };
}

function meaningOf({ id, eventId, effect, conflicts, backDated }: Fields): Meaning | undefined {
  if (typeof id !== 'string' || typeof eventId !== 'string' || typeof effect !== 'string') return undefined;
  const claimed = Array.isArray(conflicts) ? (conflicts as Conflict[]) : [];
  return { id, eventId, effect, conflicts: claimed, ...(backDated === true ? { backDated } : {}) };
}

/** A problem document (RFC 9457) as the refusal of one fact; a proxy's page of HTML is told by its status alone. */
export function refusedOf(id: string, status: number, problem: unknown): Refused {
  const { type, title, detail, errors } = fieldsOf(problem);
  return {
    stored: false,
    id,
    status,
    code: typeof type === 'string' ? (type.split('/').at(-1) ?? type) : 'refused',
    detail:
      typeof detail === 'string' ? detail : typeof title === 'string' ? title : `Answered ${status} without a reason.`,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
  };
}

/** A fact that was not sent, because one before it in its subject was refused. */
export function predecessorRefused(id: string, subject: string, before: Refused): Refused {
  const detail = `${before.id}, before it in ${subject}, was refused (${before.code}). Mend that one, then publish both again.`;
  return { stored: false, id, status: 424, code: 'predecessor-refused', detail, errors: [] };
}
