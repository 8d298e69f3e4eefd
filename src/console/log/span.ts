/** The two ends of `A..B`, as they are written; an open one is empty. */
export function spanOf(text: string | undefined): readonly [string, string] {
  const [from = '', to = ''] = (text ?? '').split('..');
  return [from, to];
}

/** The ends as the API reads them. What lacks the seconds or the `T` gets them; anything else is left for the engine to refuse. */
export function spanText([from, to]: readonly [string, string]): string {
  const ends = [whole(from), whole(to)];
  return ends.join('') === '' ? '' : ends.join('..');
}

function whole(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:\d\d|UTC)?$/i.exec(text.trim());
  if (found === null) return text.trim();
  const [, day = '', minute = '00:00', second = ':00', zone = 'Z'] = found;
  return `${day}T${minute}${second}${zone.toUpperCase() === 'UTC' ? 'Z' : zone.toUpperCase()}`;
}
